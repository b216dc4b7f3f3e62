// The theme follows the system until the switch says otherwise; the choice is kept.
export type Theme = "light" | "dark";
const KEY = "karvan.theme";

const system = window.matchMedia("(prefers-color-scheme: dark)");

function kept(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null;
  }
}

export const theme = $state<{ now: Theme }>({ now: "light" });

function apply(): void {
  const asked = new URLSearchParams(location.search).get("theme");
  theme.now = asked === "dark" || asked === "light" ? asked : (kept() ?? (system.matches ? "dark" : "light"));
  document.documentElement.dataset.theme = theme.now;
}

export function startTheme(): void {
  apply();
  system.addEventListener("change", apply);
}

export function setTheme(wanted: Theme): void {
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // Private windows keep nothing: the choice holds for this page only.
  }
  theme.now = wanted;
  document.documentElement.dataset.theme = wanted;
}

/** The value of a token of app.css, for what draws on a canvas. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

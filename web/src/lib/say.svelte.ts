// What the page says: every text by its code, from web/locale, in the reader's language.
import english from "../locale/en.json";

export type Code = keyof typeof english;
export type Values = Record<string, string | number>;
type Text = string | Partial<Record<Intl.LDMLPluralRule, string>>;
type Words = Record<string, Text>;

export interface Language {
  code: string;
  name: string;
  short: string;
  load: () => Promise<{ default: Words }>;
}

/** The languages that are complete; the frames of the others lie in web/locale. */
export const LANGUAGES: Language[] = [
  { code: "en", name: "English", short: "EN", load: () => Promise.resolve({ default: english }) },
  { code: "ru", name: "Русский", short: "RU", load: () => import("../locale/ru.json") },
];

const KEY = "karvan.language";
const REGION: Record<string, string> = { en: "en-GB" };
const heard = $state<{ now: string; words: Words }>({ now: "en", words: english });

/** The language of the page, for everything that formats. */
export function language(): string {
  return heard.now;
}

export function locale(): string {
  return REGION[heard.now] ?? heard.now;
}

function known(code: string | null | undefined): Language | undefined {
  return LANGUAGES.find((each) => each.code === code?.slice(0, 2).toLowerCase());
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export async function speak(code: string): Promise<void> {
  const chosen = known(code) ?? LANGUAGES[0];
  if (!chosen) return;
  const words = (await chosen.load()).default;
  heard.words = words;
  heard.now = chosen.code;
  document.documentElement.lang = chosen.code;
}

/** The language of the address, else the one kept, else the first that the browser names. */
export function startLanguage(): Promise<void> {
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = [asked, kept(), ...navigator.languages].map(known).find((each) => each !== undefined);
  return speak(wanted?.code ?? "en");
}

export function keepLanguage(code: string): void {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // Private windows keep nothing: the choice holds for this page only.
  }
}

const numbers = new Map<string, Intl.NumberFormat>();

export function number(value: number, least = 0, most = least): string {
  const key = `${heard.now} ${least} ${most}`;
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(), { minimumFractionDigits: least, maximumFractionDigits: Math.max(least, most) });
    numbers.set(key, format);
  }
  return format.format(value);
}

function formOf(text: Text | undefined, values: Values): string | undefined {
  if (text === undefined || typeof text === "string") return text;
  const rule = new Intl.PluralRules(locale()).select(Number(values.n ?? 0));
  // Catalogues have no form of their own for fractions: Russian takes that of few ("1,5 дня").
  return text[rule] ?? text.few ?? text.many ?? text.other;
}

/** The text of a code with its values; `n` chooses the plural form. */
export function t(code: Code, values: Values = {}): string {
  const text = formOf(heard.words[code], values) ?? formOf((english as Words)[code], values) ?? code;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number(value, 0, 2) : value;
  });
}

/** The text of a code made from data; `other` where the catalogue does not have it. */
export function told(code: string, other: string): string {
  const found = heard.words[code] ?? (english as Words)[code];
  return typeof found === "string" ? found : other;
}

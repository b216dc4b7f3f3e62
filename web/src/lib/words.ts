// Figures and ids in words of the reader's language.
import { language, locale, number, t, told, type Code } from "./say.svelte";

export type Look = "rail" | "ferry" | "sea" | "road" | "pipeline";

const LOOKS: Record<string, Look> = {
  rail: "rail",
  road: "road",
  rail_ferry: "ferry",
  roro: "ferry",
  ferry: "ferry",
  pipeline: "pipeline",
};

export function look(mode: string): Look {
  return LOOKS[mode] ?? "sea";
}

export function lookWord(of: Look): string {
  return told(`look.${of}`, of);
}

export function modeWord(mode: string): string {
  return told(`mode.${mode}`, mode.replaceAll("_", " "));
}

export function kindWord(kind: string): string {
  return told(`kind.${kind}`, kind.replaceAll("_", " "));
}

export function statusWord(status: string): string {
  return told(`status.${status}`, status.replaceAll("_", " "));
}

export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
}

/** "5,480" of "5479.95", "5,479.95" with decimals. */
export function money(amount: string, decimals = 0): string {
  return number(Number(amount), decimals);
}

const SIGNS: Record<string, string> = { USD: "$", EUR: "€", GBP: "£", CNY: "CN¥", KZT: "₸", TRY: "₺", RUB: "₽", GEL: "₾", AZN: "₼" };

export function priced(amount: string, currency: string): string {
  const sign = SIGNS[currency];
  if (!sign || language() !== "en") return `${money(amount)}\u00a0${sign ?? currency}`;
  return `${sign}${money(amount)}`;
}

export function figure(value: number, decimals = 0): string {
  return number(value, 0, decimals);
}

/** "23–31 days" from the 10th to the 90th percentile; in hours below two days. */
export function span(low_h: number, high_h: number): string {
  if (high_h < 48) return t("span.hours", { low: Math.round(low_h), high: Math.round(high_h) });
  const [low, high] = [Math.round(low_h / 24), Math.round(high_h / 24)];
  return low === high ? t("span.day", { n: low }) : t("span.days", { low, n: high });
}

/** A chance as a count: never surer than the samples are. */
export function chance(share: number): string {
  if (share >= 0.99) return t("chance.sure");
  if (share <= 0.01) return t("chance.hardly");
  const tenths = Math.round(share * 10);
  if (tenths === 10 || tenths === 0) return t("chance.of", { n: Math.round(share * 50), all: 50 });
  return t("chance.of", { n: tenths, all: 10 });
}

export function hours(value: number): string {
  if (value < 2) return t("hours.minutes", { n: Math.round(value * 60) });
  if (value < 48) return t("hours.hours", { n: Math.round(value) });
  const days = Math.round(value / 2.4) / 10;
  return t("hours.days", { n: days });
}

export function hourRange(low: number, high: number): string {
  if (high < 2) return t("hours.minute_range", { low: Math.round(low * 60), high: Math.round(high * 60) });
  if (high <= 96) return t("span.hours", { low: figure(low, low < 2 ? 1 : 0), high: Math.round(high) });
  return t("span.days", { low: figure(low / 24, 1), n: Math.round(high / 2.4) / 10 });
}

export function tonnes(kg: number): string {
  return t("mass.tonnes", { mass: figure(kg / 1000, 1) });
}

export function labelWord(label: string): string {
  return told(`label.${label}`, capital(label.replaceAll("-", " ")));
}

export function lineWord(code: string): string {
  return told(`line.${code}`, capital(code.toLowerCase().replaceAll("_", " ")));
}

export function basisWord(basis: string, quantity: string): string {
  const unit = told(`basis.${basis}`, basis.replaceAll("_", " "));
  return basis === "flat" ? unit : `${figure(Number(quantity), 2)} ${unit}`;
}

export function causeWord(cause: string): string {
  return told(`cause.${cause}`, capital(cause));
}

export function activityWord(activity: string): string {
  return told(`activity.${activity}`, capital(activity.replaceAll("-", " ")));
}

const countries = new Map<string, Intl.DisplayNames>();

export function country(code: string): string {
  if (code === "TR" && language() === "en") return "Türkiye";
  let names = countries.get(language());
  if (!names) countries.set(language(), (names = new Intl.DisplayNames([locale()], { type: "region" })));
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

export function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

export type { Code };

// Figures and ids in words. Every sentence here is whole: none is built from parts elsewhere.
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

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

const MODES: Record<string, string> = {
  rail: "rail",
  road: "road",
  rail_ferry: "rail ferry",
  roro: "ro-ro ferry",
  feeder: "feeder ship",
  deep_sea: "deep sea",
  canal: "canal",
  pipeline: "pipeline",
  tanker: "tanker",
  bulk: "bulk ship",
};

export function modeWord(mode: string): string {
  return MODES[mode] ?? mode.replaceAll("_", " ");
}

export function kindWord(kind: string): string {
  return kind.replaceAll("_", " ");
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "5,480" of "5479.95", "5,479.95" with decimals. */
export function money(amount: string, decimals = 0): string {
  const value = Number(amount);
  return value.toLocaleString("en-GB", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

const SIGNS: Record<string, string> = { USD: "$", EUR: "€", GBP: "£", CNY: "CN¥", KZT: "₸", TRY: "₺", RUB: "₽", GEL: "₾", AZN: "₼" };

export function priced(amount: string, currency: string): string {
  const sign = SIGNS[currency];
  return sign ? `${sign}${money(amount)}` : `${money(amount)} ${currency}`;
}

export function figure(value: number, decimals = 0): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: decimals });
}

export function dayOf(instant: string | Date, year = false): string {
  const at = typeof instant === "string" ? new Date(instant) : instant;
  const text = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
  return year ? `${text} ${at.getUTCFullYear()}` : text;
}

export function timeOf(instant: string): string {
  return `${dayOf(instant)}, ${instant.slice(11, 16)} UTC`;
}

export function plusHours(instant: string, hours: number): Date {
  return new Date(new Date(instant).getTime() + hours * 3_600_000);
}

export function daysOf(hours: number): number {
  return hours / 24;
}

/** "24-33 days, most likely 26" from the 10th to the 90th percentile. */
export function span(low_h: number, high_h: number): string {
  const low = Math.round(low_h / 24);
  const high = Math.round(high_h / 24);
  if (high_h < 48) return `${Math.round(low_h)}–${Math.round(high_h)} h`;
  return low === high ? `${low} days` : `${low}–${high} days`;
}

/** A chance as a count: never surer than the samples are. */
export function chance(share: number): string {
  if (share >= 0.99) return "almost surely";
  if (share <= 0.01) return "hardly";
  const tenths = Math.round(share * 10);
  if (tenths === 10 || tenths === 0) return `${Math.round(share * 50)} in 50`;
  return `${tenths} in 10`;
}

export function hours(value: number): string {
  if (value < 2) return `${Math.round(value * 60)} min`;
  if (value < 48) return `${Math.round(value)} h`;
  return `${(value / 24).toLocaleString("en-GB", { maximumFractionDigits: 1 })} days`;
}

export function tonnes(kg: number): string {
  return `${(kg / 1000).toLocaleString("en-GB", { maximumFractionDigits: 1 })} t`;
}

const LABELS: Record<string, string> = {
  "best-balance": "Best balance",
  cheapest: "Cheapest",
  fastest: "Fastest",
  "most-certain": "Most certain",
  "least-co2e": "Least CO₂e",
  "avoids-ru": "Avoids Russia",
  "avoids-ir": "Avoids Iran",
};

export function labelWord(label: string): string {
  return LABELS[label] ?? capital(label.replaceAll("-", " "));
}

const LINES: Record<string, string> = {
  HAUL: "Carriage",
  HANDLING: "Handling",
  BORDER: "Border",
  GAUGE: "Gauge change",
  DECLARATION: "Transit declaration",
  RETURN: "Empty return",
  HIRE: "Hire of the unit",
  CAP: "Cap of the tariff",
};

export function lineWord(code: string): string {
  return LINES[code] ?? capital(code.toLowerCase().replaceAll("_", " "));
}

const BASES: Record<string, string> = {
  container_km: "container-km",
  tonne_km: "t-km",
  tonne: "t",
  flat: "flat",
  container: "container",
  linear_metre: "m",
};

export function basisWord(basis: string, quantity: string): string {
  if (basis === "flat") return "flat";
  const count = Number(quantity).toLocaleString("en-GB", { maximumFractionDigits: 2 });
  return `${count} ${BASES[basis] ?? basis.replaceAll("_", " ")}`;
}

const COUNTRIES = new Intl.DisplayNames(["en"], { type: "region" });

export function country(code: string): string {
  if (code === "TR") return "Türkiye";
  try {
    return COUNTRIES.of(code) ?? code;
  } catch {
    return code;
  }
}

export function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

const ACTIVITIES: Record<string, string> = {
  transfer: "Handover between carriers",
  "gauge-change": "Gauge change",
  "border-exit": "Leaving the country",
  "border-entry": "Entering the country",
};

export function activityWord(activity: string): string {
  return ACTIVITIES[activity] ?? capital(activity.replaceAll("-", " "));
}

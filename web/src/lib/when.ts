// Days and times in the zone of the place they belong to; UTC stands beside them on hover.
import { locale, t } from "./say.svelte";

export const DAY = 86_400_000;
const made = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${zone} ${JSON.stringify(options)}`;
  let found = made.get(key);
  if (!found) {
    try {
      found = new Intl.DateTimeFormat(locale(), { timeZone: zone || "UTC", ...options });
    } catch {
      found = new Intl.DateTimeFormat(locale(), { timeZone: "UTC", ...options });
    }
    made.set(key, found);
  }
  return found;
}

export type Instant = string | number | Date;

/** "3 Dec", "3 Dec 2026" with the year. */
export function dayIn(instant: Instant, zone: string, year = false): string {
  const text = format(zone, { day: "numeric", month: "short", ...(year ? { year: "numeric" } : {}) }).format(new Date(instant));
  return text.replace(/ г\.$/, "");
}

export function clockIn(instant: Instant, zone: string): string {
  return format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(instant));
}

/** "3 Dec, 18:00 Alat": the time of a place has the place's name. */
export function timeAt(instant: Instant, zone: string, place: string): string {
  return t("when.at", { day: dayIn(instant, zone), time: clockIn(instant, zone), place }).trim();
}

export function utc(instant: Instant): string {
  return t("when.utc", { day: dayIn(instant, "UTC", true), time: clockIn(instant, "UTC") });
}

/** Milliseconds that the clocks of a zone are ahead of UTC at an instant. */
export function ahead(instant: Instant, zone: string): number {
  const at = new Date(instant);
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", { timeZone: zone || "UTC", hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" })
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  );
  const shown = Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day, parts.hour, parts.minute, parts.second);
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}

export function plusHours(instant: Instant, hours: number): Date {
  return new Date(new Date(instant).getTime() + hours * 3_600_000);
}

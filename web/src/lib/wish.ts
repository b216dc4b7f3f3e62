// What the form asks for: as fields, as the address of the page, as the body of a request.
import type { Code } from "./say.svelte";
import type { UnitKind } from "./types";

export interface Wish {
  from: string;
  to: string;
  kind: UnitKind;
  type: string;
  count: string;
  mass: string;
  hs: string;
  ready: string;
  latest: string;
  currency: string;
  un: string;
  temperature: string;
  avoid: string[];
  rank: string;
}

export const KINDS: { kind: UnitKind; word: Code }[] = [
  { kind: "container", word: "form.container" },
  { kind: "wagon", word: "form.wagon" },
  { kind: "truck", word: "form.truck" },
  { kind: "bulk", word: "form.bulk_kind" },
  { kind: "oil", word: "form.oil" },
];

const USUAL_TYPE: Record<UnitKind, string> = {
  container: "45G1",
  wagon: "covered_wagon",
  truck: "truck",
  bulk: "grain",
  oil: "cpc_blend",
};
const USUAL_MASS: Record<UnitKind, string> = {
  container: "18000",
  wagon: "60000",
  truck: "20000",
  bulk: "3000000",
  oil: "5000000",
};

export function byTonne(kind: UnitKind): boolean {
  return kind === "bulk" || kind === "oil";
}

export function typeOf(kind: UnitKind): string {
  return USUAL_TYPE[kind];
}

export function massOf(kind: UnitKind): string {
  return byTonne(kind) ? String(Number(USUAL_MASS[kind]) / 1000) : USUAL_MASS[kind];
}

export function emptyWish(): Wish {
  const ready = new Date(Date.now() + 12 * 86_400_000).toISOString().slice(0, 10);
  return {
    from: "",
    to: "",
    kind: "container",
    type: typeOf("container"),
    count: "1",
    mass: massOf("container"),
    hs: "",
    ready,
    latest: "",
    currency: "USD",
    un: "",
    temperature: "",
    avoid: [],
    rank: "balance",
  };
}

/** The body of `POST /v1/quotes`; what is empty is left out, so that the answer names it. */
export function bodyOf(wish: Wish): Record<string, unknown> {
  const mass = wish.mass.replaceAll(/[\s ,]/g, "");
  const given: Record<string, string> = {
    from: wish.from,
    to: wish.to,
    ready: wish.ready,
    hs: wish.kind === "oil" ? "" : wish.hs,
    latest_arrival: wish.latest,
    currency: wish.currency,
    un: wish.kind === "oil" ? "" : wish.un,
    temperature_c: wish.kind === "oil" || wish.kind === "bulk" ? "" : wish.temperature,
    [wish.kind]: wish.type,
    [byTonne(wish.kind) ? "mass_t" : "mass_kg"]: mass,
  };
  const body: Record<string, unknown> = Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim()));
  if (!byTonne(wish.kind) && wish.count.trim() && wish.count !== "1") {
    const count = Number(wish.count);
    body.count = Number.isInteger(count) ? count : wish.count;
  }
  if (wish.avoid.length) body.no_transit = wish.avoid;
  if (wish.rank !== "balance") body.rank_by = wish.rank;
  return body;
}

/** The wish without one of its limits. */
export function without(wish: Wish, limit: "latest" | "avoid" | "un" | "temperature"): Wish {
  return { ...wish, avoid: limit === "avoid" ? [] : [...wish.avoid], ...(limit === "avoid" ? {} : { [limit]: "" }) };
}

export function addressOf(wish: Wish): URLSearchParams {
  const usual = emptyWish();
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wish)) {
    const text = Array.isArray(value) ? value.join(",") : String(value);
    const same = text === String(usual[name as keyof Wish]) && name !== "ready";
    if (text && !same) query.set(name, text);
  }
  return query;
}

export function wishOf(query: URLSearchParams): Wish {
  const wish = emptyWish();
  const kind = KINDS.find((each) => each.kind === query.get("kind"))?.kind;
  if (kind) Object.assign(wish, { kind, type: typeOf(kind), mass: massOf(kind) });
  for (const name of ["from", "to", "type", "count", "mass", "hs", "ready", "latest", "currency", "un", "temperature", "rank"] as const) {
    const value = query.get(name);
    if (value !== null) wish[name] = value.slice(0, 100);
  }
  wish.avoid = (query.get("avoid") ?? "").split(",").filter((code) => /^[A-Z]{2}$/.test(code));
  return wish;
}

/** The field of the form that a pointer of a problem means; "" for none. */
export function fieldOf(pointer: string): string {
  const name = pointer.replace(/^\//, "").split("/")[0] ?? "";
  const fields: Record<string, string> = {
    container: "type",
    wagon: "type",
    truck: "type",
    bulk: "type",
    oil: "type",
    mass_kg: "mass",
    mass_t: "mass",
    latest_arrival: "latest",
    temperature_c: "temperature",
    rank_by: "rank",
    no_transit: "avoid",
  };
  const known = ["from", "to", "ready", "hs", "count", "currency", "un"];
  return fields[name] ?? (known.includes(name) ? name : "");
}

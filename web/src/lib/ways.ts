// What the drawings of a way are made of: its name, its strip, its course on the map.
import type { Alternative, Quote } from "./types";
import { placeName } from "./places.svelte";
import { t } from "./say.svelte";
import { capital, look, modeWord, type Look } from "./words";

export interface Piece {
  from_h: number;
  to_h: number;
  look: Look | "wait";
}

/** Moving and waiting in the order of the way; together they are the median. */
export function pieces(way: Alternative): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const part of way.where_the_days_go) {
    if (part.p50_h <= 0) continue;
    const leg = way.legs[part.leg - 1];
    const what = part.cause === "moving" && leg ? look(leg.mode) : "wait";
    const last = found.at(-1);
    if (last && last.look === what) last.to_h += part.p50_h;
    else found.push({ from_h: at, to_h: at + part.p50_h, look: what });
    at += part.p50_h;
  }
  return found;
}

/** A name as people say it where there is no room: "Alat" of "Alat port (Baku Port)". */
export function short(name: string): string {
  return name
    .replace(/ \(.*\)$/, "")
    .replace(/ (International Port|dry port|port|logistics centre)$/, "")
    .replace(/^(Международный порт|Морской порт|Сухой порт|Порт) /, "");
}

/** Named by the places where the goods change train or ship. */
export function title(way: Alternative): string {
  const changes = way.legs.slice(0, -1).map((leg) => leg.to);
  const told = [...new Set(changes)].map((place) => short(placeName(place)));
  return told.length ? told.join(" – ") : t("way.direct");
}

export function chain(way: Alternative): string {
  const words = way.legs.map((leg) => modeWord(leg.mode));
  return capital(words.filter((word, i) => word !== words[i - 1]).join(", "));
}

export function kilometres(way: Alternative): number {
  return way.legs.reduce((sum, leg) => sum + leg.distance_km, 0);
}

export interface Step {
  from: string;
  to: string;
  look: Look;
}

/** Each run of the way from place to place. */
export function steps(way: Alternative): Step[] {
  const found: Step[] = [];
  way.legs.forEach((leg, i) => {
    let here = leg.from;
    for (const part of way.where_the_days_go) {
      if (part.leg !== i + 1 || part.cause !== "moving" || part.place === here) continue;
      found.push({ from: here, to: part.place, look: look(leg.mode) });
      here = part.place;
    }
    if (here !== leg.to) found.push({ from: here, to: leg.to, look: look(leg.mode) });
  });
  return found;
}

/** The longest day on the common axis: the slowest 95 % of all ways. */
export function axisDays(quote: Quote): number {
  const longest = Math.max(...quote.alternatives.map((way) => way.transit_time_h.p95)) / 24;
  return Math.ceil(longest / 5) * 5;
}

export interface Edge {
  from: string;
  to: string;
  look: string;
  length_km: number;
}

/** The shortest way over lines of one look, as their indices; where none is, over any one line. */
export function between(from: string, to: string, edges: Edge[], look: string): number[] {
  const joins = (edge: Edge): boolean => (edge.from === from && edge.to === to) || (edge.from === to && edge.to === from);
  const direct = edges.findIndex((edge) => edge.look === look && joins(edge));
  if (direct >= 0) return [direct];
  const km = new Map<string, number>([[from, 0]]);
  const before = new Map<string, number>();
  const done = new Set<string>();
  for (;;) {
    const open = [...km].filter(([place]) => !done.has(place)).sort((a, b) => a[1] - b[1])[0];
    if (!open || open[0] === to) break;
    const [here, far] = open;
    done.add(here);
    edges.forEach((edge, i) => {
      if (edge.look !== look || (edge.from !== here && edge.to !== here)) return;
      const there = edge.from === here ? edge.to : edge.from;
      const further = far + edge.length_km;
      if (further < (km.get(there) ?? Infinity)) {
        km.set(there, further);
        before.set(there, i);
      }
    });
  }
  const way: number[] = [];
  for (let here = to; here !== from; ) {
    const i = before.get(here);
    const edge = i === undefined ? undefined : edges[i];
    if (i === undefined || !edge) {
      const any = edges.findIndex(joins);
      return any >= 0 ? [any] : [];
    }
    way.unshift(i);
    here = edge.from === here ? edge.to : edge.from;
  }
  return way;
}

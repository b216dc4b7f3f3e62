// Every place by id: its name in the reader's language, its country, its zone.
import { read } from "./api";
import { language } from "./say.svelte";
import { scene, type Spot } from "./scene";
import type { Names, Page, Place } from "./types";

const known = $state<{ places: Record<string, Place>; spots: Record<string, Spot>; told: Names | null }>({ places: {}, spots: {}, told: null });

/** Ask for the names; the page stands without them, with ids in their place. */
export function learn(): void {
  read<Page<Place>>("/v1/places?limit=500").then((found) => (known.places = Object.fromEntries(found.items.map((each) => [each.id, each]))), () => undefined);
  read<Names>("/v1/names").then((found) => (known.told = found), () => undefined);
  scene().then((found) => (known.spots = Object.fromEntries(found.spots.map((each) => [each.properties.id, each]))), () => undefined);
}

export function names(): Names | null {
  return known.told;
}

export function places(): Place[] {
  return Object.values(known.places);
}

/** The name in the reader's language, else in English, else the id. */
export function placeName(id: string): string {
  const place = known.places[id];
  return place?.names[language()] ?? place?.name ?? known.spots[id]?.properties.name ?? id;
}

/** What stands for an IANA zone until the tables are there. */
export function zoneOf(id: string): string {
  const one = known.spots[id] ? id : known.places[id]?.members[0];
  return (one && known.spots[one]?.properties.time_zone) || "UTC";
}

export function allNames(): Record<string, string> {
  return Object.fromEntries(Object.keys(known.places).map((id) => [id, placeName(id)]));
}

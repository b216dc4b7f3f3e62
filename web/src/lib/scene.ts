// What a map of the corridor shows, whatever draws it: lines, places, their marks and their names.
import type { Feature, FeatureCollection, LineString, MultiLineString, Point, Position } from "geojson";
import { read } from "./api";
import type { Alternative } from "./types";
import { between, short, steps } from "./ways";
import type { Look } from "./words";

export interface LinkFacts {
  feature: "link";
  id: string;
  from: string;
  to: string;
  mode: string;
  look: Look;
  status: string;
  length_km: number;
}
export interface PlaceFacts {
  feature: "place";
  id: string;
  name: string;
  kind: string;
  country: string;
  status: string;
  time_zone: string;
}
export type Line = Feature<LineString | MultiLineString, LinkFacts>;
export type Spot = Feature<Point, PlaceFacts>;
export type Sign = "closed" | "restricted";
export type Signs = Readonly<Record<string, Sign>>;

export interface Scene {
  lines: Line[];
  spots: Spot[];
}

export function scene(): Promise<Scene> {
  return read<FeatureCollection>("/v1/network").then((network) => ({
    lines: network.features.filter((f) => f.properties?.feature === "link") as Line[],
    spots: network.features.filter((f) => f.properties?.feature === "place") as Spot[],
  }));
}

export type Shape = "port" | "terminal" | "border" | "oil" | "field" | "end" | Sign;

export function shapeOf(kind: string): Shape {
  if (kind === "seaport" || kind === "rail_ferry") return "port";
  if (kind === "border") return "border";
  if (["oil_station", "oil_terminal", "pump_station", "refinery"].includes(kind)) return "oil";
  if (["field", "grain_origin", "industrial_origin", "uranium_mine", "uranium_plant"].includes(kind)) return "field";
  return "terminal";
}

function polygon(corners: number, radius: number, turn: number): string {
  return `${Array.from({ length: corners }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / corners;
    return `${i ? "L" : "M"}${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  }).join("")}Z`;
}

function circle(radius: number): string {
  return `M${-radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;
}

/** Outline of a mark around its middle, in pixels: state changes the shape, not the colour alone. */
export const OUTLINE: Record<Shape, string> = {
  port: polygon(4, 5.75, Math.PI / 4),
  terminal: circle(4.25),
  border: polygon(4, 5.25, 0),
  oil: polygon(6, 5.25, 0),
  field: polygon(3, 5.25, Math.PI / 2),
  end: circle(6),
  closed: polygon(8, 9.5, Math.PI / 8),
  restricted: "M0 -9.500L10 8L-10 8Z",
};

/** What stands inside the sign of a state: a bar, an exclamation mark. */
export const INSIDE: Partial<Record<Shape, string>> = {
  closed: "M-5 0H5",
  restricted: "M0 -3.500V2.200M0 5.200V5.300",
};

/** Land codes of the corridor itself, drawn in the colours of its modes where no way is chosen. */
const CORRIDOR = new Set(["CN", "KZ", "AZ", "GE", "TR"]);
const FIRST = ["KZ-AKT", "AZ-ALT", "GE-POT", "CN-XIA", "KZ-ALT", "GE-TBS", "TR-HAL", "KZ-ALM", "KZ-KUR", "TM-KRW", "UZ-TAS", "TR-KRS", "CN-URC", "GE-BUS", "RO-CND", "TR-MER", "KZ-BEY", "KZ-DOS", "RU-AST", "IR-THR"];

/** Seas and lakes by code of their name, where it stands, from which zoom. */
export const WATERS = [
  ["water.caspian", 50.7, 41.9],
  ["water.black", 34.5, 43.3],
  ["water.mediterranean", 27.5, 34.2],
] as const;

/** West, south, east and north of the first view: the whole corridor. */
export const START: [number, number, number, number] = [25, 35.2, 110, 52];

export interface Parts {
  net: Line[];
  subject: Line[];
  faint: Line[];
  way: { look: Look; geometry: LineString | MultiLineString }[];
  spots: { spot: Spot; shape: Shape; order: number }[];
}

/** Split the scene by how strongly each part is drawn; what touches a closed place is faint. */
export function parts({ lines, spots }: Scene, way: Alternative | null, signs: Signs): Parts {
  const land = new Map(spots.map((spot) => [spot.properties.id, spot.properties.country]));
  const closed = (line: Line): boolean => [line.properties.from, line.properties.to].some((id) => signs[id] === "closed");
  const own = (line: Line): boolean =>
    !way && line.properties.status === "open" && [line.properties.from, line.properties.to].every((id) => CORRIDOR.has(land.get(id) ?? ""));
  const on = stops(way);
  const ends = way ? [way.legs[0]?.from, way.legs.at(-1)?.to] : [];
  const shown = way ? spots.filter(({ properties: { id } }) => on.has(id) || signs[id]) : spots;
  return {
    net: lines.filter((line) => !own(line)),
    subject: lines.filter((line) => own(line) && !closed(line)),
    faint: lines.filter((line) => own(line) && closed(line)),
    way: way ? course({ lines, spots }, way) : [],
    spots: shown
      .map((spot) => {
        const { id, kind } = spot.properties;
        const shape = signs[id] ?? (ends.includes(id) ? "end" : shapeOf(kind));
        return { spot, shape, order: signs[id] ? 10 : ends.includes(id) ? 9 : shape === "port" ? 5 : 1 };
      })
      .sort((a, b) => a.order - b.order),
  };
}

export function stops(way: Alternative | null): Set<string> {
  if (!way) return new Set();
  return new Set([...way.legs.flatMap((leg) => [leg.from, leg.to]), ...way.where_the_days_go.map((part) => part.place)]);
}

/** The lines of the way, by the network where it knows them, straight where it does not. */
function course({ lines, spots }: Scene, way: Alternative): Parts["way"] {
  const at = new Map(spots.map((spot) => [spot.properties.id, spot.geometry.coordinates]));
  const edges = lines.map((line) => line.properties);
  return steps(way).flatMap((step): Parts["way"] => {
    const drawn = between(step.from, step.to, edges, step.look).flatMap((i) => lines[i]?.geometry ?? []);
    const [a, b] = [at.get(step.from), at.get(step.to)];
    if (!drawn.length && a && b) drawn.push({ type: "LineString", coordinates: [a, b] });
    return drawn.map((geometry) => ({ look: step.look, geometry }));
  });
}

export function pieces(geometry: LineString | MultiLineString): Position[][] {
  return geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
}

export interface Label {
  id: string;
  text: string;
  x: number;
  y: number;
  strong: boolean;
  water: boolean;
}

export interface Sheet {
  wide: number;
  high: number;
  zoom: number;
  small: boolean;
  project: (at: Position) => [number, number];
}

/** Place the names: what does not fit is dropped, its mark is not. Closed places come first. */
export function labels(all: Scene, way: Alternative | null, signs: Signs, nameOf: (id: string) => string, sheet: Sheet, waters: string[]): Label[] {
  const { wide, high, zoom, small, project } = sheet;
  // The buttons of the map cover its corner.
  const taken: [number, number, number, number][] = [small ? [wide - 44, high - 78, 44, 78] : [wide - 64, high - 170, 64, 170]];
  const placed: Label[] = [];
  const on = stops(way);
  const calls = way ? [way.legs[0]?.from, way.legs.at(-1)?.to, ...way.legs.map((leg) => leg.to)] : [];
  const rank = ({ id, kind }: PlaceFacts): number => {
    if (signs[id]) return -1;
    if (way) return calls.includes(id) ? calls.indexOf(id) : 50;
    const first = FIRST.indexOf(id);
    return first >= 0 ? first : shapeOf(kind) === "port" ? 40 : shapeOf(kind) === "border" ? 60 : 80;
  };
  const ordered = all.spots
    .filter((spot) => (way ? on.has(spot.properties.id) : true))
    .map((spot) => ({ spot, rank: rank(spot.properties), at: project(spot.geometry.coordinates) }))
    .filter(({ rank: r, at: [x, y] }) => x > 0 && y > 0 && x < wide && y < high && (way ? !small || r < 50 : r < 40 || (zoom > 4.2 && r <= 60) || zoom > 5.4))
    .sort((a, b) => a.rank - b.rank);
  const fits = (x: number, y: number, w: number, h: number): boolean =>
    x >= 2 && y >= 2 && x + w <= wide - 2 && y + h <= high - 2 && !taken.some(([tx, ty, tw, th]) => x < tx + tw && tx < x + w && y < ty + th && ty < y + h);
  for (const { at: [x, y] } of ordered) taken.push([x - 5, y - 5, 10, 10]);
  for (const { spot, rank: r, at: [x, y] } of ordered) {
    const text = short(nameOf(spot.properties.id));
    const [w, h] = [text.length * 7 + 4, 15];
    const far = r === -1 ? 12 : 9;
    const around: [number, number][] = [[x + far, y - h / 2], [x - w / 2, y - h - 8], [x - w / 2, y + 8], [x - w - far, y - h / 2], [x + 6, y - h - 5], [x + 6, y + 5], [x - w - 6, y - h - 5], [x - w - 6, y + 5]];
    const place = around.find(([px, py]) => fits(px, py, w, h));
    if (!place) continue;
    taken.push([place[0], place[1], w, h]);
    placed.push({ id: spot.properties.id, text, x: place[0], y: place[1], strong: way ? r < 50 : r < 10, water: false });
  }
  WATERS.forEach(([id, lon, lat], i) => {
    const [x, y] = project([lon, lat]);
    const text = waters[i] ?? "";
    const w = text.length * 6.6;
    if (small || zoom < 2.6 || !fits(x - w / 2, y - 7, w, 14)) return;
    placed.push({ id, text, x: x - w / 2, y: y - 7, strong: false, water: true });
  });
  return placed;
}

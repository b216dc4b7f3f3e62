// Natural Earth as `ground.mjs` cut it, served by this host: plain at first, fine when looked at near.
import type { Position } from "geojson";
import coarse from "../../node_modules/.karvan/coarse.json?url";
import fine from "../../node_modules/.karvan/fine.json?url";

export interface Ground {
  land: Position[][][];
  borders: Position[][];
}
type Steps = { land: number[][][]; borders: number[][] };
export type Level = "coarse" | "fine";

const FILES: Record<Level, string> = { coarse, fine };
const asked: Partial<Record<Level, Promise<Ground>>> = {};

function points(steps: number[]): Position[] {
  const found: Position[] = [];
  let [x, y] = [0, 0];
  for (let i = 0; i + 1 < steps.length; i += 2) {
    x += steps[i] ?? 0;
    y += steps[i + 1] ?? 0;
    found.push([x / 100, y / 100]);
  }
  return found;
}

export function ground(level: Level): Promise<Ground> {
  const known = asked[level];
  if (known) return known;
  const coming = fetch(FILES[level])
    .then((response) => response.json() as Promise<Steps>)
    .then(({ land, borders }) => ({ land: land.map((rings) => rings.map(points)), borders: borders.map(points) }));
  asked[level] = coming;
  coming.catch(() => delete asked[level]);
  return coming;
}

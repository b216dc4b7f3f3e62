// Land and borders for the map, cut from Natural Earth 1:50 million (package world-atlas) when the
// page is built: once plain for the first look, once fine for a near one. Numbers are hundredths of
// a degree, each but the first pair of a line as the step from the one before.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { mesh, merge } from "topojson-client";

const HERE = dirname(fileURLToPath(import.meta.url));
export const FOLDER = join(HERE, "node_modules", ".karvan");

/** Where the corridor, its rivals and the sea routes lie; the rest of the world is drawn plainly. */
const REGION = { west: -12, south: -12, east: 150, north: 62 };
const PLAIN = 0.6;
const LEVELS = { coarse: 0.07, fine: 0.004 };

function tolerance([lon, lat], near) {
  const inside = lon > REGION.west && lon < REGION.east && lat > REGION.south && lat < REGION.north;
  return inside ? near : PLAIN;
}

function unwrap(points) {
  let turn = 0;
  let before;
  return points.map(([lon, lat]) => {
    if (before !== undefined && Math.abs(lon - before) > 180) turn += lon < before ? 360 : -360;
    before = lon;
    return [lon + turn, lat];
  });
}

/** Douglas and Peucker (1973), a tolerance by place; the ends stay. */
function thin(points, near) {
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const open = [[0, points.length - 1]];
  while (open.length) {
    const [a, b] = open.pop();
    const [ax, ay] = points[a];
    const [dx, dy] = [points[b][0] - ax, points[b][1] - ay];
    const long = Math.hypot(dx, dy);
    let worst = 1;
    let at = -1;
    for (let i = a + 1; i < b; i += 1) {
      const [px, py] = [points[i][0] - ax, points[i][1] - ay];
      const off = long ? Math.abs(px * dy - py * dx) / long : Math.hypot(px, py);
      const over = off / tolerance(points[i], near);
      if (over > worst) [worst, at] = [over, i];
    }
    if (at > 0) {
      keep[at] = 1;
      open.push([a, at], [at, b]);
    }
  }
  return points.filter((_, i) => keep[i]);
}

function steps(points) {
  const found = [];
  let [x, y] = [0, 0];
  for (const [lon, lat] of points) {
    const [nx, ny] = [Math.round(lon * 100), Math.round(lat * 100)];
    if (found.length && nx === x && ny === y) continue;
    found.push(nx - x, ny - y);
    [x, y] = [nx, ny];
  }
  return found;
}

function big(ring) {
  let area = 0;
  for (let i = 1; i < ring.length; i += 1) area += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return Math.abs(area) / 2 > 0.02 || tolerance(ring[0], 0) === 0;
}

function level(world, near) {
  // Arcs are thinned before they are joined, so that neighbours still meet.
  const thinned = decoded(world, near);
  const countries = thinned.objects.countries;
  const land = merge(thinned, countries.geometries)
    .coordinates.map((rings) => rings.filter((ring) => ring.length > 3 && big(ring)))
    .filter((rings) => rings.length);
  const borders = mesh(thinned, countries, (a, b) => a !== b).coordinates;
  return { land: land.map((rings) => rings.map((ring) => steps(unwrap(ring)))), borders: borders.map((line) => steps(unwrap(line))) };
}

function decoded(world, near) {
  const { scale, translate } = world.transform;
  const arcs = world.arcs.map((arc) => {
    let [x, y] = [0, 0];
    const points = arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
    return thin(points, near);
  });
  return { type: world.type, objects: world.objects, arcs };
}

/** Write the two files, if they are not there yet or older than this module. */
export function makeGround() {
  const made = Object.keys(LEVELS).map((name) => join(FOLDER, `${name}.json`));
  const since = statSync(fileURLToPath(import.meta.url)).mtimeMs;
  if (made.every((path) => existsSync(path) && statSync(path).mtimeMs > since)) return;
  mkdirSync(FOLDER, { recursive: true });
  const atlas = JSON.parse(readFileSync(join(HERE, "node_modules", "world-atlas", "countries-50m.json"), "utf8"));
  for (const [name, near] of Object.entries(LEVELS)) writeFileSync(join(FOLDER, `${name}.json`), JSON.stringify(level(atlas, near)));
}

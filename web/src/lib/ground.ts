// Natural Earth at 1:50 million from the package world-atlas, served by this host.
import type { FeatureCollection, Position } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-50m.json?url";
import type { Ground } from "./style";

type Atlas = Topology<{ countries: GeometryCollection }>;

/** Undo the jump over the 180th meridian, which would draw a band across the world. */
function unwrap(points: Position[]): Position[] {
  let turn = 0;
  let before: number | undefined;
  return points.map(([lon = 0, lat = 0]) => {
    if (before !== undefined && Math.abs(lon - before) > 180) turn += lon < before ? 360 : -360;
    before = lon;
    return [lon + turn, lat];
  });
}

function unwrapped(land: FeatureCollection): FeatureCollection {
  for (const { geometry } of land.features) {
    if (geometry.type === "Polygon") geometry.coordinates = geometry.coordinates.map(unwrap);
    if (geometry.type === "MultiPolygon") geometry.coordinates = geometry.coordinates.map((rings) => rings.map(unwrap));
  }
  return land;
}

let asked: Promise<Ground> | undefined;

export function ground(): Promise<Ground> {
  asked ??= fetch(atlas)
    .then((response) => response.json() as Promise<Atlas>)
    .then((world) => {
      const lines = mesh(world, world.objects.countries);
      lines.coordinates = lines.coordinates.map(unwrap);
      return {
        land: unwrapped(feature(world, world.objects.countries) as FeatureCollection),
        borders: { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: lines }] },
      };
    });
  asked.catch(() => (asked = undefined));
  return asked;
}

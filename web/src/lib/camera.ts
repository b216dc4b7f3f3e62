// Web Mercator as the map library counts it: 512 pixels for the world at zoom 0.
import type { Position } from "geojson";

export interface Camera {
  lon: number;
  lat: number;
  zoom: number;
}
export interface Pad {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Units of the drawn paths a side of the world. */
export const WORLD = 1_000_000;
export const LEAST_ZOOM = 1;
export const MOST_ZOOM = 9;

export function mercator([lon = 0, lat = 0]: Position): [number, number] {
  const sine = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

export function degrees(x: number, y: number): [number, number] {
  return [x * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}

export function pixels(zoom: number): number {
  return 512 * 2 ** zoom;
}

/** The camera that shows these positions inside the padding. */
export function framed(positions: Position[], wide: number, high: number, pad: Pad, most: number): Camera {
  const all = positions.map(mercator);
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [w, h] = [Math.max(40, wide - pad.left - pad.right), Math.max(40, high - pad.top - pad.bottom)];
  const scale = Math.min(w / Math.max(1e-9, east - west), h / Math.max(1e-9, south - north));
  const zoom = Math.max(LEAST_ZOOM, Math.min(most, Math.log2(scale / 512)));
  const side = pixels(zoom);
  const x = (west + east) / 2 - (pad.left - pad.right) / 2 / side;
  const y = (north + south) / 2 - (pad.top - pad.bottom) / 2 / side;
  const [lon, lat] = degrees(x, y);
  return { lon, lat, zoom };
}

export function projector(camera: Camera, wide: number, high: number): (at: Position) => [number, number] {
  const side = pixels(camera.zoom);
  const [cx, cy] = mercator([camera.lon, camera.lat]);
  return (at) => {
    const [x, y] = mercator(at);
    return [(x - cx) * side + wide / 2, (y - cy) * side + high / 2];
  };
}

export function pathOf(lines: Position[][], closed = false): string {
  return lines
    .map((line) => `M${line.map((at) => mercator(at).map((v) => Math.round(v * WORLD)).join(" ")).join("L")}${closed ? "Z" : ""}`)
    .join("");
}

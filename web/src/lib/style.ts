// The style of the map: land and water from Natural Earth, the network, one way on top.
// There are no glyphs and no tiles: nothing is asked of any other host.
import type { FeatureCollection } from "geojson";
import type { FilterSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Look } from "./words";

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const LOOKS: Look[] = ["road", "rail", "sea", "ferry", "pipeline"];

export interface Ground {
  land: FeatureCollection;
  borders: FeatureCollection;
}

type Token = (name: string) => string;

const COLOUR: Record<Look, string> = { rail: "rail", sea: "seaway", ferry: "ferry", road: "road", pipeline: "pipe" };

/** Colour and pattern of each mode, thin on the network and strong on the way. */
function strokes(source: string, token: Token, strong: boolean): LayerSpecification[] {
  const layers: LayerSpecification[] = [];
  const width = strong ? 3.6 : 1.6;
  for (const look of LOOKS) {
    const filter: FilterSpecification = ["==", ["get", "look"], look];
    const base = { type: "line" as const, source, filter };
    const colour = token(COLOUR[look]);
    const round = { "line-cap": "round" as const, "line-join": "round" as const };
    if (strong)
      layers.push({ ...base, id: `${source}-${look}-case`, layout: round, paint: { "line-color": token("surface"), "line-width": width + 3.4, "line-opacity": 0.85 } });
    if (look === "rail") {
      layers.push({ ...base, id: `${source}-rail`, layout: round, paint: { "line-color": colour, "line-width": width } });
      layers.push({ ...base, id: `${source}-rail-ties`, paint: { "line-color": token("surface"), "line-width": width * 0.5, "line-dasharray": [3, 3] } });
    } else if (look === "ferry") {
      layers.push({ ...base, id: `${source}-ferry`, layout: round, paint: { "line-color": colour, "line-width": width + 0.8, "line-dasharray": [0.01, 1.7] } });
    } else if (look === "sea") {
      layers.push({ ...base, id: `${source}-sea`, paint: { "line-color": colour, "line-width": width * 0.85, "line-dasharray": [3.4, 1.8] } });
    } else if (look === "road") {
      layers.push({ ...base, id: `${source}-road`, layout: round, paint: { "line-color": colour, "line-width": width + 0.6 } });
      layers.push({ ...base, id: `${source}-road-inner`, layout: round, paint: { "line-color": token("surface"), "line-width": width * 0.4 } });
    } else {
      layers.push({ ...base, id: `${source}-pipeline`, layout: round, paint: { "line-color": colour, "line-width": width * 0.55 } });
      layers.push({ ...base, id: `${source}-beads`, layout: round, paint: { "line-color": colour, "line-width": width * 1.5, "line-dasharray": [0.01, 5] } });
    }
  }
  return layers;
}

export function styleOf(ground: Ground, token: Token): StyleSpecification {
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: ground.land },
      borders: { type: "geojson", data: ground.borders },
      net: { type: "geojson", data: EMPTY },
      subject: { type: "geojson", data: EMPTY },
      way: { type: "geojson", data: EMPTY },
      places: { type: "geojson", data: EMPTY },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": token("sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": token("land"), "fill-outline-color": token("land") } },
      { id: "borders", type: "line", source: "borders", paint: { "line-color": token("border"), "line-width": 0.8 } },
      { id: "net", type: "line", source: "net", paint: { "line-color": token("net"), "line-width": 0.9, "line-opacity": 0.7 } },
      ...strokes("subject", token, false),
      ...strokes("way", token, true),
      {
        id: "places",
        type: "symbol",
        source: "places",
        layout: {
          "icon-image": ["get", "icon"],
          "icon-allow-overlap": true,
          "icon-size": ["interpolate", ["linear"], ["zoom"], 2.4, 0.55, 5, 1],
          "symbol-sort-key": ["get", "order"],
        },
      },
    ],
  };
}

export const SHAPES = ["port", "terminal", "border", "oil", "field", "end"] as const;
export type Shape = (typeof SHAPES)[number];

export function shapeOf(kind: string): Shape {
  if (kind === "seaport" || kind === "rail_ferry") return "port";
  if (kind === "border") return "border";
  if (["oil_station", "oil_terminal", "pump_station", "refinery"].includes(kind)) return "oil";
  if (["field", "grain_origin", "industrial_origin", "uranium_mine", "uranium_plant"].includes(kind)) return "field";
  return "terminal";
}

/** Draw the shape of a place: port square, terminal circle, border diamond, oil hexagon, field triangle. */
export function drawShape(shape: Shape, token: Token): ImageData {
  const size = 36;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(size, size);
  const corners: Record<Shape, number> = { port: 4, terminal: 0, border: 4, oil: 6, field: 3, end: 0 };
  const turn: Record<Shape, number> = { port: Math.PI / 4, terminal: 0, border: 0, oil: 0, field: Math.PI / 2, end: 0 };
  const radius = shape === "end" ? 12 : shape === "port" ? 11.5 : shape === "terminal" ? 8.5 : 10.5;
  pen.beginPath();
  const count = corners[shape];
  if (count === 0) pen.arc(size / 2, size / 2, radius, 0, 2 * Math.PI);
  for (let i = 0; i < count; i += 1) {
    const angle = turn[shape] + (2 * Math.PI * i) / count;
    pen.lineTo(size / 2 + radius * Math.cos(angle), size / 2 + radius * Math.sin(angle));
  }
  pen.closePath();
  pen.lineWidth = shape === "end" ? 4 : 3;
  pen.fillStyle = token(shape === "end" ? "accent" : "surface");
  pen.strokeStyle = token(shape === "end" ? "surface" : "ink");
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

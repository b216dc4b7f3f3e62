// The style of the map: land and water from Natural Earth, the network, one way on top.
// There are no glyphs and no tiles: nothing is asked of any other host.
import type { Feature, FeatureCollection } from "geojson";
import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Ground } from "./ground";
import { INSIDE, OUTLINE, type Shape } from "./scene";
import type { Look } from "./words";

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const LOOKS: Look[] = ["road", "rail", "sea", "ferry", "pipeline"];

type Token = (name: string) => string;

const COLOUR: Record<Look, string> = { rail: "rail", sea: "seaway", ferry: "ferry", road: "road", pipeline: "pipe" };

/** Colour and pattern of each mode, thin on the network and strong on the way. */
function strokes(source: string, token: Token, strong: boolean, opacity = 1): LayerSpecification[] {
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
  for (const layer of layers) if (opacity < 1 && layer.type === "line") layer.paint = { ...layer.paint, "line-opacity": opacity };
  return layers;
}

/** Marks are smaller from afar; the sign of a state is not. */
function sized(small: number): ExpressionSpecification {
  return ["case", ["in", ["get", "icon"], ["literal", ["closed", "restricted"]]], 1, small];
}

/** Land and borders as the map library reads them. */
export function landOf(ground: Ground): [FeatureCollection, FeatureCollection] {
  const features = ground.land.map((rings): Feature => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: rings } }));
  const borders: Feature = { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: ground.borders } };
  return [{ type: "FeatureCollection", features }, { type: "FeatureCollection", features: [borders] }];
}

export function styleOf(ground: Ground, token: Token): StyleSpecification {
  const [land, borders] = landOf(ground);
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: land },
      borders: { type: "geojson", data: borders },
      net: { type: "geojson", data: EMPTY },
      subject: { type: "geojson", data: EMPTY },
      faint: { type: "geojson", data: EMPTY },
      way: { type: "geojson", data: EMPTY },
      places: { type: "geojson", data: EMPTY },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": token("sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": token("land"), "fill-outline-color": token("land") } },
      { id: "borders", type: "line", source: "borders", paint: { "line-color": token("border"), "line-width": 0.8 } },
      { id: "net", type: "line", source: "net", paint: { "line-color": token("net"), "line-width": 0.9, "line-opacity": 0.7 } },
      ...strokes("faint", token, false, 0.35),
      ...strokes("subject", token, false),
      ...strokes("way", token, true),
      {
        id: "places",
        type: "symbol",
        source: "places",
        layout: {
          "icon-image": ["get", "icon"],
          "icon-allow-overlap": true,
          "icon-size": ["interpolate", ["linear"], ["zoom"], 2.4, sized(0.55), 5, 1],
          "symbol-sort-key": ["get", "order"],
        },
      },
    ],
  };
}

export const SHAPES: Shape[] = ["port", "terminal", "border", "oil", "field", "end", "closed", "restricted"];

/** Draw a mark for WebGL by the outline that the drawing uses too. */
export function drawShape(shape: Shape, token: Token): ImageData {
  const size = 48;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(size, size);
  const state = shape === "closed" || shape === "restricted";
  pen.translate(size / 2, size / 2);
  pen.scale(2, 2);
  pen.lineCap = pen.lineJoin = "round";
  pen.lineWidth = shape === "end" ? 2 : 1.5;
  pen.fillStyle = token(shape === "end" ? "accent" : shape === "closed" ? "crit" : shape === "restricted" ? "warn-fill" : "surface");
  pen.strokeStyle = token(shape === "end" || shape === "closed" ? "surface" : shape === "restricted" ? "on-warn" : "ink");
  const outline = new Path2D(OUTLINE[shape]);
  pen.fill(outline);
  pen.stroke(outline);
  if (state) {
    pen.lineWidth = shape === "closed" ? 2.6 : 2;
    pen.strokeStyle = token(shape === "closed" ? "on-crit" : "on-warn");
    pen.stroke(new Path2D(INSIDE[shape]));
  }
  return pen.getImageData(0, 0, size, size);
}

import { conjugateQuaternion, type Quaternion, rotateVector } from "../../volume/index.js";
import type { Markup } from "../page/markup.js";
import { chart, line, short, text } from "./chart-frame.js";
import { classColour, cssColour } from "./palette.js";

const WIDTH = 480;
/** Of the map: twice as wide as high. */
const HEIGHT = 240;
const TOP = 10;
/** Up to this many directions are drawn one by one, more are counted in cells. */
const MOST_POINTS = 300;
/** Cells of equal area have this many directions on average. */
const DIRECTIONS_A_CELL = 8;

/**
 * From where particles were seen: for each orientation the direction of the beam in the frame of the average, on a Mollweide map of
 * all directions, where equal areas are equal solid angles. North is the average's z axis, the middle its x axis.
 */
export function angularDistribution(orientations: readonly Quaternion[]): Markup {
  const beam = { x: 0, y: 0, z: 1 };
  const places = orientations.map((rotation) => {
    const { x, y, z } = rotateVector(conjugateQuaternion(rotation), beam);
    return mollweide(Math.atan2(y, x), Math.asin(Math.max(-1, Math.min(1, z))));
  });
  const colour = cssColour(classColour(0));
  const content =
    places.length <= MOST_POINTS
      ? places.map(([x, y]) => `<circle cx="${short(x)}" cy="${short(y)}" r="3" fill="${colour}" opacity=".7"/>`)
      : cells(places, colour);
  return chart({ width: WIDTH, height: HEIGHT + TOP + 22, title: "Directions from which the particles were seen" }, [
    `<g style="clip-path:ellipse(${WIDTH / 2}px ${HEIGHT / 2}px at ${WIDTH / 2}px ${TOP + HEIGHT / 2}px)">${content.join("")}</g>`,
    ...graticule(),
    text(WIDTH / 2, HEIGHT + TOP + 17, "x axis in the middle, z axis on top", { anchor: "middle", className: "quiet" }),
  ]);
}

/** Picture coordinates of a longitude and a latitude in radians: 2 t + sin 2 t = pi sin latitude, by Newton's method. */
function mollweide(longitude: number, latitude: number): readonly [x: number, y: number] {
  let t = latitude;
  for (let step = 0; step < 12; step++) {
    const slope = 2 + 2 * Math.cos(2 * t);
    if (slope < 1e-6) break; // a pole, where t is the latitude
    t -= (2 * t + Math.sin(2 * t) - Math.PI * Math.sin(latitude)) / slope;
  }
  return [WIDTH / 2 + (WIDTH / 2) * (longitude / Math.PI) * Math.cos(t), TOP + HEIGHT / 2 - (HEIGHT / 2) * Math.sin(t)];
}

/** Squares of equal area, darker where there are more. */
function cells(places: readonly (readonly [number, number])[], colour: string): string[] {
  const area = (Math.PI / 4) * WIDTH * HEIGHT;
  const edge = Math.max(6, Math.min(30, Math.sqrt((area * DIRECTIONS_A_CELL) / places.length)));
  const counts = new Map<string, { readonly x: number; readonly y: number; count: number }>();
  for (const [px, py] of places) {
    const [x, y] = [Math.floor(px / edge), Math.floor((py - TOP) / edge)];
    const cell = counts.get(`${x} ${y}`) ?? { x, y, count: 0 };
    cell.count++;
    counts.set(`${x} ${y}`, cell);
  }
  const most = [...counts.values()].reduce((largest, { count }) => Math.max(largest, count), 1);
  return [...counts.values()].map(
    ({ x, y, count }) =>
      `<rect x="${short(x * edge)}" y="${short(TOP + y * edge)}" width="${short(edge)}" height="${short(edge)}" fill="${colour}" opacity="${(0.1 + (0.9 * count) / most).toFixed(2)}"><title>${count}</title></rect>`,
  );
}

/** The outline, the equator and every 60 degrees of longitude. */
function graticule(): string[] {
  const outline = `<ellipse class="axis" cx="${WIDTH / 2}" cy="${TOP + HEIGHT / 2}" rx="${WIDTH / 2 - 0.5}" ry="${HEIGHT / 2}"/>`;
  const equator = line("grid", 0, TOP + HEIGHT / 2, WIDTH, TOP + HEIGHT / 2);
  const meridians = [1 / 3, 2 / 3].map(
    (part) =>
      `<ellipse class="grid" cx="${WIDTH / 2}" cy="${TOP + HEIGHT / 2}" rx="${short((part * WIDTH) / 2)}" ry="${HEIGHT / 2}"/>`,
  );
  return [equator, line("grid", WIDTH / 2, TOP, WIDTH / 2, TOP + HEIGHT), ...meridians, outline];
}

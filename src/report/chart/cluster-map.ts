import type { Markup } from "../page/markup.js";
import { chart, short, text } from "./chart-frame.js";
import { classColour, cssColour } from "./palette.js";

/** More dots than these are not seen one by one, and make the page slow: evenly spread ones stand for all. */
const MOST_DOTS = 6000;
const SIZE = 640;
const MARGIN = 16;

/**
 * Particles as dots in the colours of their clusters, and every cluster's number at the middle of its dots: colours repeat
 * after twelve.
 * @param map x and y of each particle in turn, 0 to 1.
 */
export function clusterMap(
  labels: Int32Array,
  map: Float64Array,
  clusterCount: number,
  { standalone = false } = {},
): Markup {
  const step = Math.ceil(labels.length / MOST_DOTS) || 1;
  const place = (value: number) => short(MARGIN + value * (SIZE - 2 * MARGIN));
  const radius = labels.length > 1500 ? 2 : labels.length > 300 ? 3 : 4;
  const content: string[] = [];
  // One path for each cluster: zero-length lines with round ends are dots at a fraction of the text of circles.
  for (let cluster = -1; cluster < clusterCount; cluster++) {
    let dots = "";
    for (let i = 0; i < labels.length; i += step)
      if (labels[i] === cluster) dots += `M${place(map[2 * i])} ${place(map[2 * i + 1])}h0`;
    if (dots === "") continue;
    const colour = cluster < 0 ? "var(--line-strong,#8a94a3)" : cssColour(classColour(cluster));
    const name = cluster < 0 ? "in no cluster" : `cluster ${cluster + 1}`;
    content.push(
      `<path d="${dots}" stroke="${colour}" stroke-width="${2 * radius}" stroke-linecap="round" fill="none" stroke-opacity="${cluster < 0 ? 0.5 : 0.85}"><title>${name}</title></path>`,
    );
  }
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    const [x, y] = middle(labels, map, cluster);
    content.push(
      `<circle cx="${place(x)}" cy="${place(y)}" r="10" fill="var(--card,#fff)" fill-opacity=".85" stroke="${cssColour(classColour(cluster))}" stroke-width="2"/>`,
      text(place(x), place(y) + 4, String(cluster + 1), { anchor: "middle", className: "strong" }),
    );
  }
  return chart({ width: SIZE, height: SIZE, title: "Map of the particles" }, content, { standalone });
}

/** The member place nearest to the mean of all: a mean may lie where no member is. */
function middle(labels: Int32Array, map: Float64Array, cluster: number): readonly [number, number] {
  const members = Array.from(labels.keys()).filter((i) => labels[i] === cluster);
  const mean = [0, 1].map((axis) => members.reduce((sum, i) => sum + map[2 * i + axis], 0) / members.length);
  let best = members[0] ?? 0;
  let least = Number.POSITIVE_INFINITY;
  for (const i of members) {
    const distance = Math.hypot(map[2 * i] - mean[0], map[2 * i + 1] - mean[1]);
    if (distance >= least) continue;
    least = distance;
    best = i;
  }
  return [map[2 * best] ?? 0.5, map[2 * best + 1] ?? 0.5];
}

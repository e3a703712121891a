import { disagreementWarnings } from "../examples/index.js";
import type { ExampleBox } from "./example-box.js";
import type { PickScales } from "./scales.js";

/** Examples that are unlike the others of their class, each class at the voxels that suit its size. */
export function exampleDisagreements(scales: PickScales): string[] {
  return scales.flatMap(({ examples: { boxes, names, supports, wantedClasses }, networks, classes }) => {
    const ownClasses = new Set(classes.map(({ label }) => label));
    return disagreementWarnings({
      ...{ examples: supports, names, wantedClasses, description: networks.embedder.description },
      sources: boxes.map((box, i) => (ownClasses.has(supports.labels[i]!) ? sourceOf(box) : undefined)),
    });
  });
}

/** Undefined for poses of structures and maps. */
function sourceOf({ source, specimen, positionAngstrom }: ExampleBox): string | undefined {
  if (specimen === undefined) return undefined;
  if (!positionAngstrom) return source;
  const { x, y, z } = positionAngstrom;
  return `${source} (at ${[x, y, z].map((value) => value.toFixed(0)).join(", ")} Å)`;
}

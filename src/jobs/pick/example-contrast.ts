/** Turns examples so that protein is bright: one decision for each tomogram, whichever lists and classes they come from. */
import { type Contrast, decideContrast, proteinBrightness, statedOrMeasured } from "../../infer/index.js";
import { contrastWarnings, toldContrast } from "../search/index.js";
import type { ExampleBox, ExampleBoxes, ExampleSettings } from "./example-box.js";

/** Examples with protein positive, and the contrast of every tomogram they show, by its real path. */
export interface OrientedExamples {
  readonly boxes: readonly ExampleBox[];
  readonly contrasts: ReadonlyMap<string, Contrast>;
}

/**
 * Decides over all examples of a tomogram together: one list alone may be all gold.
 * @param known contrasts that have been decided before, by the tomogram's real path
 */
export function orientExamples(
  { boxes, specimens }: ExampleBoxes,
  known: ReadonlyMap<string, Contrast>,
  {
    edge,
    tomogramPaths,
    inverted,
    examplesInverted,
    onWarning,
  }: Pick<ExampleSettings, "edge" | "tomogramPaths" | "inverted" | "examplesInverted" | "onWarning">,
): OrientedExamples {
  const told = toldContrast(examplesInverted, "invert-examples") ?? toldContrast(inverted, "invert");
  const contrasts = new Map<string, Contrast>();
  const dark = new Set<string>();
  for (const [key, { name, skewness, stated }] of specimens) {
    const own = boxes.filter(({ specimen }) => specimen === key);
    const brightness = own.flatMap(({ volume }) => proteinBrightness(volume, edge));
    const measured = decideContrast({ boxes: brightness, what: "examples", skewness });
    const found = known.get(key) ?? statedOrMeasured(stated, measured);
    contrasts.set(key, found);
    const used = statedOrMeasured(told, found);
    if (used.dark) dark.add(key);
    if (known.has(key)) continue;
    // Of a tomogram that is searched the same is said when it is measured: in the same words it is one warning.
    const isSearched = tomogramPaths.includes(name) && examplesInverted === undefined;
    const option = isSearched ? "invert" : "invert-examples";
    for (const warning of contrastWarnings(used, name, option)) onWarning?.(warning);
  }
  const oriented = boxes.map((box) =>
    box.specimen !== undefined && dark.has(box.specimen) ? { ...box, volume: box.volume.map((value) => -value) } : box,
  );
  return { boxes: oriented, contrasts };
}

/** The missing wedge of each tomogram, from files, the user or the power of its boxes. */
import { countText } from "../../../count-text.js";
import { endsOfTilts, wedgeWeight } from "../../../infer/index.js";
import { measureTiltGeometry, type TiltGeometry, type Volume } from "../../../volume/index.js";
import type { WeightSource } from "./subtomogram-options.js";
import { statedTilts } from "./tilt-ends.js";

/** The weight of all boxes of a tomogram. */
export interface TomogramWeight {
  /** `[edge, edge, floor(edge / 2) + 1]`; boxes share it: it is not to be overwritten. */
  readonly weight: Float32Array;
  readonly source: WeightSource;
  /** Where it is from, in a sentence. */
  readonly statement: string;
  readonly warnings: readonly string[];
}

/** What decides about a tomogram's wedge. */
export interface TomogramWeightOptions {
  readonly listPath: string;
  readonly edge: number;
  readonly tomogramName: string | undefined;
  readonly tomogramPath?: string | undefined;
  readonly tiltRangeDegrees?: readonly [number, number] | undefined;
  readonly tiltsPath?: string | undefined;
  /** `cosnetTiltDegrees` of simulated particles: the largest tilt. */
  readonly simulatedTiltDegrees?: number | undefined;
  /** Boxes of the tomogram, of the weight's edge, to measure their power. */
  readonly sample: () => Promise<readonly Volume[]>;
}

/** Fewer boxes than this say little about the ends of a tilt series. */
const FEW_BOXES = 8;

/** @throws FileError, FormatError for damaged files of tilt angles. */
export async function tomogramWeight(options: TomogramWeightOptions): Promise<TomogramWeight> {
  const { edge, tomogramName = "the tomogram", tiltRangeDegrees, listPath, tomogramPath, tiltsPath } = options;
  const { simulatedTiltDegrees: tilt } = options;
  if (!tiltRangeDegrees && tilt !== undefined && tilt > 0) {
    const weight = wedgeWeight(edge, endsOfTilts([-tilt, tilt]));
    return {
      weight,
      source: "read",
      statement: `tilts of ±${tilt} degrees ${axesText(USUAL)}, as the list says`,
      warnings: [],
    };
  }
  const stated = tiltRangeDegrees ?? (await statedTilts(options.tomogramName, { listPath, tomogramPath, tiltsPath }));
  if (stated && "ends" in stated) {
    const statement = `${tomogramName}: missing wedge of the tilt images' directions in ${stated.path}`;
    return { weight: wedgeWeight(edge, stated.ends), source: "read", statement, warnings: [] };
  }
  const boxes = await options.sample();
  const geometry = measuredGeometry(boxes, edge);
  if (!stated) return measuredWeight(tomogramName, edge, geometry, boxes.length);
  const [range, by, source] =
    "path" in stated
      ? ([stated.rangeDegrees, `as ${stated.path} says`, "read"] as const)
      : ([stated, "as given", "given"] as const);
  const weight = wedgeWeight(edge, endsOfTilts(range, geometry));
  const statement = `${tomogramName}: tilts of ${range[0]} to ${range[1]} degrees ${axesText(geometry ?? USUAL)}, ${by}`;
  const warnings: string[] = [];
  if (!geometry)
    warnings.push(`${tomogramName}: its boxes do not show which way it was tilted; ${axesText(USUAL)} is taken`);
  if (Math.abs(range[0] + range[1]) > UNEVEN_DEGREES)
    warnings.push(
      `${tomogramName}: its tilts are uneven; positive ones are taken to bring z towards x, as IMOD counts them`,
    );
  return { weight, source, statement, warnings };
}

/** Of a series whose ends differ by more than this, it counts which end is which. */
const UNEVEN_DEGREES = 5;

/** The axes of most files. */
const USUAL = { tiltAxis: "y", beamAxis: "z" } as const;

function axesText({ tiltAxis, beamAxis }: Pick<TiltGeometry, "tiltAxis" | "beamAxis">): string {
  return `about ${tiltAxis} with the beam along ${beamAxis}`;
}

function measuredGeometry(boxes: readonly Volume[], edge: number): TiltGeometry | undefined {
  if (boxes.length === 0) return undefined;
  const cubes = new Float32Array(boxes.length * edge ** 3);
  for (const [index, { data }] of boxes.entries()) cubes.set(data, index * edge ** 3);
  return measureTiltGeometry(cubes, edge);
}

function measuredWeight(name: string, edge: number, geometry: TiltGeometry | undefined, boxes: number): TomogramWeight {
  if (!geometry) {
    const weight = new Float32Array(edge * edge * (Math.floor(edge / 2) + 1)).fill(1);
    const warning = `${name}: no missing wedge is seen in its boxes, and no file states the tilt angles: all frequencies count as measured; --tilt-range says otherwise`;
    return { weight, source: "complete", statement: `${name}: no missing wedge`, warnings: [warning] };
  }
  const { tiltDegrees } = geometry;
  const few = `${name}: the missing wedge is measured in ${countText(boxes, "box", "boxes")} only and uncertain; --tilt-range says otherwise`;
  return {
    weight: wedgeWeight(edge, endsOfTilts([-tiltDegrees, tiltDegrees], geometry)),
    source: "measured",
    statement: `${name}: tilts of ±${tiltDegrees} degrees ${axesText(geometry)}, measured in ${boxes} of its boxes`,
    warnings: boxes < FEW_BOXES ? [few] : [],
  };
}

/** The missing wedge of each tomogram, from files, the user or the power of its boxes. */
import { endsOfTilts, wedgeWeight } from "../../../infer/index.js";
import { measureTiltGeometry, type Volume } from "../../../volume/index.js";
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
  /** Boxes of the tomogram, of the weight's edge, to measure their power. */
  readonly sample: () => Promise<readonly Volume[]>;
}

/** @throws FileError, FormatError for damaged files of tilt angles; ConfigError for an impossible range. */
export async function tomogramWeight(options: TomogramWeightOptions): Promise<TomogramWeight> {
  const { edge, tomogramName = "the tomogram", tiltRangeDegrees, listPath, tomogramPath, tiltsPath } = options;
  if (tiltRangeDegrees) {
    const [lowest, highest] = tiltRangeDegrees;
    const weight = wedgeWeight(edge, endsOfTilts(tiltRangeDegrees));
    const statement = `${tomogramName}: tilts of ${lowest} to ${highest} degrees about y with the beam along z, as given`;
    return { weight, source: "given", statement, warnings: [] };
  }
  const stated = await statedTilts(options.tomogramName, { listPath, tomogramPath, tiltsPath });
  if (stated) {
    const statement = `${tomogramName}: missing wedge of the tilt angles in ${stated.path}`;
    const warnings = stated.assumption === undefined ? [] : [stated.assumption];
    return { weight: wedgeWeight(edge, stated.ends), source: "read", statement, warnings };
  }
  return measuredWeight(tomogramName, edge, await options.sample());
}

function measuredWeight(name: string, edge: number, boxes: readonly Volume[]): TomogramWeight {
  const cubes = new Float32Array(boxes.length * edge ** 3);
  for (const [index, { data }] of boxes.entries()) cubes.set(data, index * edge ** 3);
  const geometry = measureTiltGeometry(cubes, edge);
  if (!geometry) {
    const weight = new Float32Array(edge * edge * (Math.floor(edge / 2) + 1)).fill(1);
    const warning = `${name}: no missing wedge is seen in its boxes, and no file states the tilt angles: all frequencies count as measured; --tilt-range says otherwise`;
    return { weight, source: "complete", statement: `${name}: no missing wedge`, warnings: [warning] };
  }
  const { tiltDegrees, tiltAxis, beamAxis } = geometry;
  const statement = `${name}: tilts of ±${tiltDegrees} degrees about ${tiltAxis} with the beam along ${beamAxis}, measured in ${boxes.length} of its boxes`;
  return {
    weight: wedgeWeight(edge, endsOfTilts([-tiltDegrees, tiltDegrees], geometry)),
    source: "measured",
    statement,
    warnings: [],
  };
}

/** Sections of one tomogram, averaged and low-pass filtered. */
import { ConfigError } from "../../../errors.js";
import type { Tomogram } from "../../../files/tomogram/index.js";
import { type GreyValues, SECTIONS_TOGETHER, type Section, type SectionRequest } from "../../protocol/index.js";
import { lowPass } from "./low-pass.js";
import { planeShape } from "./plane.js";
import type { Plane, PlaneReader } from "./plane-reader.js";

/** More sections than this are no slab any more. */
const THICKEST_VOXELS = 100;
const COARSEST_ANGSTROM = 1000;
/** How long who takes sections coarsely waits for all of them: what comes meanwhile is better at once. */
const PATIENCE_MILLISECONDS = 250;
/** Of one answer; its first section is given, however large it is. */
const MOST_BYTES = 16 * 2 ** 20;

export function createSectionReader(tomogram: Pick<Tomogram, "shape" | "voxelSizeAngstrom">, planes: PlaneReader) {
  return async (request: SectionRequest): Promise<readonly Section[]> => {
    const { axis, index, count = 1, thicknessVoxels = 1, lowPassAngstrom, mayBeCoarse } = request;
    const { count: planeCount, width, height } = planeShape(tomogram.shape, axis);
    check(request, planeCount);
    const patience = mayBeCoarse ? passed(PATIENCE_MILLISECONDS) : undefined;
    const sections: Section[] = [];
    for (let at = index, bytes = 0; at < Math.min(planeCount, index + count) && bytes < MOST_BYTES; at++) {
      const first = Math.max(0, at - Math.floor((thicknessVoxels - 1) / 2));
      const last = Math.min(planeCount - 1, at + Math.floor(thicknessVoxels / 2));
      const { values, isCoarse } =
        first === last
          ? await planes.own(axis, at, patience)
          : await meanOf((one) => planes.shared(axis, one, patience), first, last);
      const section = { width, height, values, ...(isCoarse && { isCoarse }) };
      sections.push(
        lowPassAngstrom === undefined ? section : lowPass(section, lowPassAngstrom / tomogram.voxelSizeAngstrom),
      );
      bytes += values.byteLength;
    }
    return sections;
  };
}

/** @throws ConfigError */
function check({ axis, index, count = 1, thicknessVoxels = 1, lowPassAngstrom }: SectionRequest, planes: number): void {
  if (!(Number.isInteger(index) && index >= 0 && index < planes))
    throw new ConfigError(`there is no section ${index} across ${axis}: they are 0 to ${planes - 1}`);
  if (!(Number.isInteger(count) && count >= 1 && count <= SECTIONS_TOGETHER))
    throw new ConfigError(`${count} sections at once are impossible`, { hint: `Ask for 1 to ${SECTIONS_TOGETHER}.` });
  if (!(Number.isInteger(thicknessVoxels) && thicknessVoxels >= 1 && thicknessVoxels <= THICKEST_VOXELS))
    throw new ConfigError(`a mean of ${thicknessVoxels} sections is impossible`, {
      hint: `Take 1 to ${THICKEST_VOXELS}.`,
    });
  if (lowPassAngstrom !== undefined && !(lowPassAngstrom > 0 && lowPassAngstrom <= COARSEST_ANGSTROM))
    throw new ConfigError(`a low-pass to ${lowPassAngstrom} Å is impossible`, {
      hint: `Take up to ${COARSEST_ANGSTROM} Å.`,
    });
}

/** Of the sections that there are; near the border they are fewer. */
async function meanOf(plane: (index: number) => Promise<Plane>, first: number, last: number): Promise<Plane> {
  const only = await plane(first);
  const mean = new Float32Array(only.values);
  let { isCoarse } = only;
  for (let index = first + 1; index <= last; index++) {
    const next = await plane(index);
    addTo(mean, next.values);
    isCoarse ||= next.isCoarse;
  }
  const count = last - first + 1;
  for (let i = 0; i < mean.length; i++) mean[i]! /= count;
  return { values: mean, isCoarse };
}

/** A function of its own, which the engine compiles for either kind of values. */
function addTo(sum: Float32Array, values: GreyValues): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}

function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Sections of one tomogram, averaged and low-pass filtered. */
import { ConfigError } from "../../../errors.js";
import type { Tomogram } from "../../../files/tomogram/index.js";
import type { Axis, Section, SectionRequest } from "../../protocol/index.js";
import { lowPass } from "./low-pass.js";
import { planeShape } from "./plane.js";
import { readSlab, slabOf } from "./read-slab.js";
import type { SectionCache } from "./section-cache.js";

/** More sections than this are no slab any more. */
const THICKEST_VOXELS = 100;
const COARSEST_ANGSTROM = 1000;

/** @param cache shared by all tomograms; `name` is what it knows this one by. */
export function createSectionReader(tomogram: Tomogram, cache: SectionCache, name: string) {
  const reading = new Map<string, Promise<Float32Array[]>>();

  const plane = async (axis: Axis, index: number): Promise<Float32Array> => {
    const keyOf = (at: number) => `${name} ${axis} ${at}`;
    const kept = cache.get(keyOf(index));
    if (kept) return kept;
    const slab = slabOf(tomogram.shape, axis, index);
    const key = keyOf(slab.first);
    const pending = reading.get(key) ?? readSlab(tomogram, axis, slab).finally(() => reading.delete(key));
    reading.set(key, pending);
    const planes = await pending;
    for (const [i, values] of planes.entries()) cache.set(keyOf(slab.first + i), values);
    return planes[index - slab.first]!;
  };

  return async ({ axis, index, thicknessVoxels = 1, lowPassAngstrom }: SectionRequest): Promise<Section> => {
    const { count, width, height } = planeShape(tomogram.shape, axis);
    if (!(Number.isInteger(index) && index >= 0 && index < count))
      throw new ConfigError(`there is no section ${index} across ${axis}: they are 0 to ${count - 1}`);
    if (!(Number.isInteger(thicknessVoxels) && thicknessVoxels >= 1 && thicknessVoxels <= THICKEST_VOXELS))
      throw new ConfigError(`a mean of ${thicknessVoxels} sections is impossible`, {
        hint: `Take 1 to ${THICKEST_VOXELS}.`,
      });
    if (lowPassAngstrom !== undefined && !(lowPassAngstrom > 0 && lowPassAngstrom <= COARSEST_ANGSTROM))
      throw new ConfigError(`a low-pass to ${lowPassAngstrom} Å is impossible`, {
        hint: `Take up to ${COARSEST_ANGSTROM} Å.`,
      });
    const first = Math.max(0, index - Math.floor((thicknessVoxels - 1) / 2));
    const last = Math.min(count - 1, index + Math.floor(thicknessVoxels / 2));
    const section = { width, height, values: await meanOf((at) => plane(axis, at), first, last) };
    return lowPassAngstrom === undefined ? section : lowPass(section, lowPassAngstrom / tomogram.voxelSizeAngstrom);
  };
}

/** Of the sections that there are; near the border they are fewer. */
async function meanOf(plane: (index: number) => Promise<Float32Array>, first: number, last: number) {
  const only = await plane(first);
  if (first === last) return only.slice(); // the receiver may hand it to another thread
  const mean = Float32Array.from(only);
  for (let index = first + 1; index <= last; index++) {
    const values = await plane(index);
    for (let i = 0; i < mean.length; i++) mean[i]! += values[i]!;
  }
  const count = last - first + 1;
  for (let i = 0; i < mean.length; i++) mean[i]! /= count;
  return mean;
}

/** From a particle list to what alignment and averaging take, whatever the particles' images are. */
import { ConfigError } from "../../../errors.js";
import { normaliseSubtomogram, subtomogramOfTilts } from "../../../infer/index.js";
import type { Particle } from "../../../io/index.js";
import type { Vector3 } from "../../../volume/index.js";
import { checkList, otherTomogram, readList } from "../box-list.js";
import { openOwnBoxes } from "../own-box.js";
import { isTiltStack } from "../tilt-stacks.js";
import { createWarningCounter } from "../warning-counter.js";
import { createBoxSubtomograms, type MadeSubtomogram } from "./box-subtomograms.js";
import { createPlacedBoxes, imageCentre } from "./placed-boxes.js";
import { rescaleTilts } from "./rescale-tilts.js";
import type { OpenSubtomogramsOptions, SubtomogramReader } from "./subtomogram-options.js";
import { minus, times } from "./vectors.js";

/**
 * Opens a list of particles for alignment and averaging: each is read when it is asked for, with its Fourier weight. A particle
 * is its own stack of tilt images (RELION 5, WarpTools), else its own box, else a box cut out of its tomogram. Its weight is
 * that of the tilt images; else read from the file that `rlnCtfImage` names or that lies beside the box (`NAME_weight.mrc`);
 * else the missing wedge that was given, that files of tilt angles state, or that the boxes of its tomogram show.
 * @throws FileError, FormatError for a list that cannot be read or is empty; ConfigError (from `read`) where a box must be cut
 * and `edge` is not given.
 */
export async function openSubtomograms(
  path: string,
  options: OpenSubtomogramsOptions = {},
): Promise<SubtomogramReader> {
  const list = options.list ?? (await readList(path, options));
  const own = await openOwnBoxes(list, path, options);
  checkList(list, path, options, own);
  const doubts = createWarningCounter();
  for (const warning of [...list.warnings, ...otherTomogram(list, path, options)]) doubts.add(warning);
  const statements = new Set<string>();
  const boxes = createPlacedBoxes(list, { path, own, doubts }, options);
  const ofBox = createBoxSubtomograms(list, { path, own, boxes, doubts, statements }, options);
  const ofTilts = async (particle: Particle, where: string): Promise<MadeSubtomogram> => {
    const tilts = rescaleTilts(await own.stacks!.read(particle, where, doubts), options);
    const subtomogram = normaliseSubtomogram(subtomogramOfTilts(tilts));
    const { spectrum } = subtomogram;
    if (options.inverted) for (let i = 0; i < spectrum.length; i++) spectrum[i] = -spectrum[i]!;
    statements.add("Fourier weights are those of the tilt images: their directions, contrast transfer and exposure");
    const voxelSizeAngstrom = tilts.pixelSizeAngstrom;
    return { subtomogram, voxelSizeAngstrom, weightSource: "read", centreAngstrom: imageCentre(particle) };
  };
  const particleAt = (index: number) => {
    const particle = list.particles[index];
    if (!particle) throw new ConfigError(`there is no particle ${index + 1} of ${list.particles.length}`);
    const isStack = own.stacks !== undefined && isTiltStack(list, particle);
    return { particle, isStack, where: `${path}, particle ${index + 1}` };
  };
  return {
    ...{ path, list, warnings: doubts.warnings },
    weights: () => [...statements],
    [Symbol.asyncDispose]: () => boxes[Symbol.asyncDispose](),
    async isOutside(index) {
      const { particle, isStack, where } = particleAt(index);
      return !isStack && (await boxes.isOutside(particle, where));
    },
    async read(index) {
      const { particle, isStack, where } = particleAt(index);
      const made = isStack ? await ofTilts(particle, where) : await ofBox(particle, where);
      const shiftAngstrom = fromCentre(particle, made.centreAngstrom);
      return {
        ...made,
        shiftVoxels: times(shiftAngstrom, 1 / made.voxelSizeAngstrom),
        rotation: particle.orientation,
      };
    },
  };
}

/** From the box's centre to the particle. */
function fromCentre(
  { positionAngstrom, imageOriginAngstrom = { x: 0, y: 0, z: 0 } }: Particle,
  centreAngstrom: Vector3 | undefined,
): Vector3 {
  if (positionAngstrom && centreAngstrom) return minus(positionAngstrom, centreAngstrom);
  return times(imageOriginAngstrom, -1);
}

import type { TiltSeries } from "../../simulate/index.js";
import { createVolume, type Volume, voxelCount } from "../../volume/index.js";
import { NOISE_FREE, NOISE_FREE_IMAGES, readInto, SPECIMEN_FILES, tomogramIn } from "./files.js";
import { sharedFloats } from "./imaging-workers.js";
import { type ParticleSignal, readParticleSignal } from "./particle-signal.js";
import type { TomogramSettings } from "./settings.js";
import { readTruth } from "./specimen.js";
import { kept } from "./stages.js";

/** What the stages hand on to one another. */
export type KeptVolumes = ReturnType<typeof keptVolumes>;

/** The volumes of a tomogram in the making, each read from its file where the stage that makes it ran earlier. */
export function keptVolumes({
  outputFolder: folder,
  parameters: { shape, voxelSizeAngstrom },
  plan,
}: TomogramSettings) {
  const [, ny, nx] = shape;
  const voxels = voxelCount(shape);
  const tiltCount = plan.tilts.length;
  const truth = kept(() => readTruth(folder));
  const tomogram = async (name: string): Promise<Volume> =>
    createVolume(shape, voxelSizeAngstrom, await readInto(folder, tomogramIn(name), sharedFloats(voxels)));
  return {
    truth,
    density: kept(() => readInto(folder, SPECIMEN_FILES.density, sharedFloats(voxels))),
    instances: kept(async (): Promise<Uint16Array | Uint32Array> => {
      const { particles, structures } = await truth.get();
      const highest = [...particles, ...structures].reduce((most, { instance }) => Math.max(most, instance), 0);
      const labels = highest < 65536 ? new Uint16Array(voxels) : new Uint32Array(voxels);
      return readInto(folder, SPECIMEN_FILES.instanceLabels, labels);
    }),
    images: kept(async (): Promise<TiltSeries> => {
      const images = await readInto(folder, NOISE_FREE_IMAGES, sharedFloats(tiltCount * ny * nx));
      return { images, shape: [tiltCount, ny, nx], pixelSizeAngstrom: voxelSizeAngstrom, plan };
    }),
    noiseFree: kept(() => tomogram(NOISE_FREE)),
    signal: kept((): Promise<ParticleSignal> => readParticleSignal(folder)),
    noisy: (name: string) => kept(() => tomogram(name)),
    /** Memory for one noisy tomogram after the other. */
    scratch: kept(async () => ({ volume: sharedFloats(voxels), images: sharedFloats(tiltCount * ny * nx) })),
  };
}

import { packingPicture } from "../../report/index.js";
import { instanceLabels, type TiltSeries } from "../../simulate/index.js";
import { createVolume, type Volume, voxelCount } from "../../volume/index.js";
import { NOISE_FREE, NOISE_FREE_IMAGES, readInto, SPECIMEN_FILES, tomogramIn } from "./files.js";
import { PACKING_SIZE } from "./imaging-parts.js";
import { sharedFloats, sharedMemory } from "./imaging-workers.js";
import { type ParticleSignal, readParticleSignal } from "./particle-signal.js";
import type { TomogramSettings } from "./settings.js";
import { readTruth } from "./specimen.js";
import { type Kept, kept } from "./stages.js";

/** What the stages hand on to one another. */
export type KeptVolumes = ReturnType<typeof keptVolumes>;

/** A volume in the one memory that volumes take turns in. */
export interface VolumeInTurn extends Kept<Volume> {
  /** Takes the memory from the volume that had it, which is then read from its file when it is needed again. */
  claim(): Promise<Float32Array>;
  /** Does what reads the volume while other stages run: nobody takes its memory meanwhile. */
  hold(work: (volume: Volume) => Promise<void>): Promise<void>;
}

/** The volumes of a tomogram in the making, each read from its file where the stage that makes it ran earlier. */
export function keptVolumes({
  outputFolder: folder,
  parameters: { shape, voxelSizeAngstrom },
  plan,
}: TomogramSettings) {
  const [, ny, nx] = shape;
  const voxels = voxelCount(shape);
  const imageValues = plan.tilts.length * ny * nx;
  const truth = kept(() => readTruth(folder));
  const inTurn = volumesInTurn(voxels);
  const volume = (file: string): VolumeInTurn =>
    inTurn(async (memory) => createVolume(shape, voxelSizeAngstrom, await readInto(folder, file, memory)));
  return {
    truth,
    density: volume(SPECIMEN_FILES.density),
    instances: kept(async (): Promise<Uint16Array | Uint32Array> => {
      const { particles, structures } = await truth.get();
      const highest = [...particles, ...structures].reduce((most, { instance }) => Math.max(most, instance), 0);
      return readInto(folder, SPECIMEN_FILES.instanceLabels, instanceLabels(voxels, highest, sharedMemory));
    }),
    images: kept(async (): Promise<TiltSeries> => {
      const images = await readInto(folder, NOISE_FREE_IMAGES, sharedFloats(imageValues));
      return { images, shape: [plan.tilts.length, ny, nx], pixelSizeAngstrom: voxelSizeAngstrom, plan };
    }),
    noiseFree: volume(tomogramIn(NOISE_FREE)),
    signal: kept((): Promise<ParticleSignal> => readParticleSignal(folder)),
    noisy: (name: string) => volume(tomogramIn(name)),
    /** Memories for the images of noisy series, which take turns in them. */
    noisyImages: [0, 1].map(() => kept(async () => sharedFloats(imageValues))),
    packing: kept(async () =>
      packingPicture(await readInto(folder, SPECIMEN_FILES.classLabels, new Uint8Array(voxels)), shape, PACKING_SIZE),
    ),
  };
}

/** Volumes of so many voxels that share one memory, a gigabyte perhaps: the next one takes it. */
function volumesInTurn(voxels: number): (read: (memory: Float32Array) => Promise<Volume>) => VolumeInTurn {
  let memory: Float32Array | undefined;
  let owner: Kept<Volume> | undefined;
  let held: Promise<unknown> = Promise.resolve();
  return (read) => {
    const claim = async (): Promise<Float32Array> => {
      if (owner !== own) {
        await held;
        owner?.release();
        owner = own;
      }
      memory ??= sharedFloats(voxels);
      return memory;
    };
    const own: VolumeInTurn = {
      ...kept(async () => read(await claim())),
      claim,
      async hold(work) {
        const done = own.get().then(work);
        held = Promise.allSettled([held, done]); // whoever holds it is told of a failure
        await done;
      },
    };
    return own;
  };
}

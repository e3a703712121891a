import { join } from "node:path";
import { readMrcSections, sectionOf, writeMrcSections } from "../../files/tomogram/index.js";
import type { TiltSeries } from "../../simulate/index.js";
import { createVolume, type Volume, voxelCount } from "../../volume/index.js";
import { sharedFloats } from "./imaging-workers.js";
import { snrName } from "./options.js";
import type { TomogramSettings } from "./settings.js";
import { readDensity, readInstanceLabels, readTruth } from "./specimen.js";
import { kept } from "./stages.js";

export const NOISE_FREE = "snr-inf";
export const NOISE_FREE_IMAGES = "tilt-series/noise-free.mrc";

/** The folder of a signal-to-noise ratio. */
export const folderOf = (snr: number): string => `snr-${snrName(snr)}`;
export const tomogramIn = (name: string): string => `${name}/tomogram.mrc`;

/** What the stages hand on to one another. */
export type KeptVolumes = ReturnType<typeof keptVolumes>;

export function keptVolumes({
  outputFolder: folder,
  parameters: { shape, voxelSizeAngstrom },
  plan,
}: TomogramSettings) {
  const [, ny, nx] = shape;
  const tiltCount = plan.tilts.length;
  const truth = kept(() => readTruth(folder));
  const tomogram = async (name: string): Promise<Volume> => {
    const data = sharedFloats(voxelCount(shape));
    await readMrcSections(join(folder, tomogramIn(name)), data);
    return createVolume(shape, voxelSizeAngstrom, data);
  };
  return {
    truth,
    density: kept(() => readDensity(folder, shape)),
    instances: kept(async () => readInstanceLabels(folder, shape, await truth.get())),
    images: kept(async (): Promise<TiltSeries> => {
      const images = sharedFloats(tiltCount * ny * nx);
      await readMrcSections(join(folder, NOISE_FREE_IMAGES), images);
      return { images, shape: [tiltCount, ny, nx], pixelSizeAngstrom: voxelSizeAngstrom, plan };
    }),
    noiseFree: kept(() => tomogram(NOISE_FREE)),
    noisy: (name: string) => kept(() => tomogram(name)),
    /** Memory for one noisy tomogram after the other. */
    scratch: kept(async () => ({ volume: sharedFloats(voxelCount(shape)), images: sharedFloats(tiltCount * ny * nx) })),
  };
}

export function writeVolume(
  name: string,
  { data, shape, voxelSizeAngstrom }: Volume,
  { outputFolder, signal, labels }: Pick<TomogramSettings, "outputFolder" | "signal" | "labels">,
): Promise<void> {
  const section = sectionOf(data, shape);
  return writeMrcSections(join(outputFolder, name), { shape, voxelSizeAngstrom, mode: 2, labels, signal, section });
}

export function writeImages(
  name: string,
  { images, shape, pixelSizeAngstrom: voxelSizeAngstrom }: TiltSeries,
  { outputFolder, signal, labels }: TomogramSettings,
): Promise<void> {
  const layout = { shape, voxelSizeAngstrom, mode: 2, imageStack: true, section: sectionOf(images, shape) } as const;
  return writeMrcSections(join(outputFolder, name), { ...layout, labels, signal });
}

/** Names of the files of a tomogram's folder, and how volumes come and go there. */
import { join } from "node:path";
import { readMrcSections, sectionOf, writeMrcSections } from "../../files/tomogram/index.js";
import type { TiltSeries } from "../../simulate/index.js";
import { snrName } from "./options.js";
import type { TomogramSettings } from "./settings.js";

export const SPECIMEN_FILES = {
  density: "specimen/density.mrc",
  classLabels: "specimen/class-labels.mrc",
  instanceLabels: "specimen/instance-labels.mrc",
  truth: "specimen/specimen.json",
} as const;
/** The variance that ratios are made of. */
export const SIGNAL_FILE = "specimen/signal.json";
export const NOISE_FREE = "snr-inf";
export const NOISE_FREE_IMAGES = "tilt-series/noise-free.mrc";

/** The folder of a signal-to-noise ratio. */
export const folderOf = (snr: number): string => `snr-${snrName(snr)}`;
/** The tomogram in such a folder. */
export const tomogramIn = (name: string): string => `${name}/tomogram.mrc`;

type Values = Float32Array | Uint8Array | Uint16Array | Uint32Array;
type Layout = Pick<Parameters<typeof writeMrcSections>[1], "shape" | "voxelSizeAngstrom" | "imageStack">;

/** Writes a volume or stack `[nz, ny, nx]`, as float32 unless `mode` says otherwise. @throws FileError, AbortError */
export function writeVolume(
  name: string,
  data: Values,
  { mode = 2, ...layout }: Layout & Partial<Pick<Parameters<typeof writeMrcSections>[1], "mode">>,
  { outputFolder, signal, labels }: Pick<TomogramSettings, "outputFolder" | "signal" | "labels">,
): Promise<void> {
  const section = sectionOf(data, layout.shape);
  return writeMrcSections(join(outputFolder, name), { ...layout, mode, labels, signal, section });
}

/** Writes the images of a tilt series as a stack. @throws FileError, AbortError */
export function writeImages(name: string, series: TiltSeries, settings: TomogramSettings): Promise<void> {
  const { images, shape, pixelSizeAngstrom: voxelSizeAngstrom } = series;
  return writeVolume(name, images, { shape, voxelSizeAngstrom, imageStack: true }, settings);
}

/** Fills `into` with the values of a file that `writeVolume` wrote. @throws FileError, FormatError */
export async function readInto<T extends Values>(folder: string, name: string, into: T): Promise<T> {
  await readMrcSections(join(folder, name), into);
  return into;
}

import { join } from "node:path";
import { FormatError } from "../../errors.js";
import { readJson, writeFileAtomic } from "../../files/disk/index.js";
import { smallestMrcMode } from "../../io/index.js";
import { breathe } from "../../progress.js";
import { packSpecimen, type Specimen } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { SPECIMEN_FILES, writeVolume } from "./files.js";
import { sharedMemory, type TomogramWorkers } from "./imaging-workers.js";
import type { TomogramSettings } from "./settings.js";

/** The ground truth that later stages need besides the specimen's volumes. */
export type SpecimenTruth = Pick<Specimen, "particles" | "structures" | "classNames" | "report">;

/** Packs the complexes of the settings into shared memory, the density into `density`, all 0 before. @throws ConfigError, AbortError */
export async function makeSpecimen(
  settings: TomogramSettings,
  density: Float32Array,
  workers: Pick<TomogramWorkers, "touchAhead">,
): Promise<Specimen> {
  const { parameters, complexes, seed, onProgress, signal } = settings;
  const memory = (byteLength: number): ArrayBufferLike => {
    const bytes = sharedMemory(byteLength);
    workers.touchAhead(bytes);
    return bytes;
  };
  return packSpecimen({ ...parameters, density, memory }, complexes, createRandom(seed).fork("specimen"), {
    onProgress: (done, total) => onProgress?.({ stage: "packing particles", done, total }),
    breathe: () => breathe(signal),
  });
}

/** Density (float32), class and instance labels (the smallest MRC mode that holds them), and the truth. */
export async function writeSpecimen(specimen: Specimen, settings: TomogramSettings): Promise<void> {
  const { density, classLabels, instanceLabels, classNames, ...grid } = specimen;
  const volumes = [
    [SPECIMEN_FILES.density, density, 2],
    [SPECIMEN_FILES.classLabels, classLabels, smallestMrcMode(0, classNames.length)],
    [SPECIMEN_FILES.instanceLabels, instanceLabels, smallestMrcMode(0, specimen.particles.length)],
  ] as const;
  for (const [name, data, mode] of volumes) {
    await writeVolume(name, data, { ...grid, mode }, settings);
  }
  await writeFileAtomic(join(settings.outputFolder, SPECIMEN_FILES.truth), `${JSON.stringify(truthOf(specimen))}\n`);
}

/** The truth without the volumes, whose memory is then free. */
export function truthOf({ particles, structures, classNames, report }: Specimen): SpecimenTruth {
  return { particles, structures, classNames, report };
}

/** The truth that `writeSpecimen` wrote. @throws FormatError when it is damaged. */
export async function readTruth(folder: string): Promise<SpecimenTruth> {
  const path = join(folder, SPECIMEN_FILES.truth);
  const truth = await readJson(path);
  if (!truth)
    throw new FormatError("the specimen's truth cannot be read", path, {
      hint: "Make the tomogram again with --overwrite.",
    });
  return truth as SpecimenTruth;
}

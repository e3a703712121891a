import { join } from "node:path";
import { FormatError } from "../../errors.js";
import { readJson, writeFileAtomic } from "../../files/disk/index.js";
import { readMrcSections, sectionOf, writeMrcSections } from "../../files/tomogram/index.js";
import { breathe } from "../../progress.js";
import {
  type PackingReport,
  type PlacedParticle,
  type PlacedStructure,
  packSpecimen,
  type Specimen,
} from "../../simulate/index.js";
import { createRandom, type Shape3, voxelCount } from "../../volume/index.js";
import { sharedFloats } from "./imaging-workers.js";
import type { TomogramSettings } from "./settings.js";

/** What later stages need to know of a specimen besides its volumes. */
export interface SpecimenTruth {
  readonly particles: readonly PlacedParticle[];
  readonly structures: readonly PlacedStructure[];
  readonly classNames: readonly string[];
  readonly report: PackingReport;
}

export const SPECIMEN_FILES = {
  density: "specimen/density.mrc",
  classLabels: "specimen/class-labels.mrc",
  instanceLabels: "specimen/instance-labels.mrc",
  truth: "specimen/specimen.json",
} as const;

export async function makeSpecimen(settings: TomogramSettings): Promise<Specimen> {
  const { parameters, complexes, seed, onProgress, signal } = settings;
  const { shape, voxelSizeAngstrom, amount, weights, marginVoxels, vesicles, filaments, gold } = parameters;
  return packSpecimen(
    {
      shape,
      voxelSizeAngstrom,
      amount,
      marginVoxels,
      density: sharedFloats(voxelCount(shape)),
      ...(weights && { weights }),
      ...(vesicles && { vesicles }),
      ...(filaments && { filaments }),
      ...(gold && { gold }),
    },
    complexes,
    createRandom(seed).fork("specimen"),
    {
      onProgress: (done, total) => onProgress?.({ stage: "packing particles", done, total }),
      breathe: () => breathe(signal),
    },
  );
}

/** Density (float32), class labels (int8, int16 for many classes), instance labels (uint16, float32 beyond), and the truth. */
export async function writeSpecimen(
  specimen: Specimen,
  { outputFolder, signal, labels }: TomogramSettings,
): Promise<void> {
  const { shape, voxelSizeAngstrom, density, classLabels, instanceLabels, classNames } = specimen;
  const volumes = [
    [SPECIMEN_FILES.density, density, 2],
    [SPECIMEN_FILES.classLabels, classLabels, classNames.length <= 127 ? 0 : 1],
    [SPECIMEN_FILES.instanceLabels, instanceLabels, instanceLabels instanceof Uint16Array ? 6 : 2],
  ] as const;
  for (const [name, data, mode] of volumes) {
    const section = sectionOf(data, shape);
    await writeMrcSections(join(outputFolder, name), { shape, voxelSizeAngstrom, mode, labels, signal, section });
  }
  await writeFileAtomic(join(outputFolder, SPECIMEN_FILES.truth), `${JSON.stringify(truthOf(specimen))}\n`);
}

/** Not the volumes, which are let go. */
export function truthOf({ particles, structures, classNames, report }: Specimen): SpecimenTruth {
  return { particles, structures, classNames, report };
}

/** @throws FormatError when it is damaged. */
export async function readTruth(folder: string): Promise<SpecimenTruth> {
  const path = join(folder, SPECIMEN_FILES.truth);
  const truth = await readJson(path);
  if (!truth)
    throw new FormatError("the specimen's truth cannot be read", path, {
      hint: "Make the tomogram anew with --overwrite.",
    });
  return truth as SpecimenTruth;
}

export async function readDensity(folder: string, shape: Shape3): Promise<Float32Array> {
  const density = sharedFloats(voxelCount(shape));
  await readMrcSections(join(folder, SPECIMEN_FILES.density), density);
  return density;
}

export async function readClassLabels(folder: string, shape: Shape3): Promise<Uint8Array> {
  const labels = new Uint8Array(voxelCount(shape));
  await readMrcSections(join(folder, SPECIMEN_FILES.classLabels), labels);
  return labels;
}

export async function readInstanceLabels(
  folder: string,
  shape: Shape3,
  { particles, structures }: SpecimenTruth,
): Promise<Uint16Array | Uint32Array> {
  const highest = Math.max(0, ...[...particles, ...structures].map(({ instance }) => instance));
  const labels = highest < 65536 ? new Uint16Array(voxelCount(shape)) : new Uint32Array(voxelCount(shape));
  await readMrcSections(join(folder, SPECIMEN_FILES.instanceLabels), labels);
  return labels;
}

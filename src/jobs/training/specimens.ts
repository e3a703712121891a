/** The simulated specimens that networks are trained on, kept in the training's folder. */
import { join } from "node:path";
import { ensureWritableFolder, fileExists } from "../../files/disk/index.js";
import { readTrainingSpecimen, writeTrainingSpecimen } from "../../files/model/index.js";
import { breathe, type Progress } from "../../progress.js";
import { type Complex, packSpecimen, planTiltSeries } from "../../simulate/index.js";
import { type Scene, type TrainingSpecimen, trainingSpecimen } from "../../train/index.js";
import { createRandom, createVolume, type Random, voxelCount } from "../../volume/index.js";
import { createTomogramWorkers, sharedFloats, type TomogramWorkers } from "../simulate-tomogram/index.js";

export interface SpecimenRequest {
  /** In file names and seeds: "training-3". */
  readonly name: string;
  /** Draws the complexes that are packed and the scene they are packed into. */
  readonly draw: (random: Random) => { readonly complexes: readonly Complex[]; readonly scene: Scene };
}

export interface SpecimenOptions extends Progress {
  readonly folder: string;
  readonly seed: number;
  readonly threads: number;
}

/**
 * Each specimen of `requests`, from its file or made and written to it: packed, imaged and reconstructed, and the noise of its
 * images reconstructed alone. A specimen depends on the seed and its name, not on the others.
 */
export async function trainingSpecimens(
  requests: readonly SpecimenRequest[],
  { folder, seed, threads, onProgress, signal }: SpecimenOptions,
): Promise<TrainingSpecimen[]> {
  await ensureWritableFolder(folder);
  await using workers = createTomogramWorkers({ threads, signal });
  const specimens: TrainingSpecimen[] = [];
  for (const [done, { name, draw }] of requests.entries()) {
    onProgress?.({ stage: "simulating specimens", done, total: requests.length, note: name });
    await breathe(signal);
    const path = join(folder, `${name}.safetensors`);
    if (!(await fileExists(path))) {
      const made = await simulate(draw, createRandom(seed).fork("specimen", name), workers, signal);
      await writeTrainingSpecimen(path, made);
    }
    specimens.push(await readTrainingSpecimen(path));
  }
  onProgress?.({ stage: "simulating specimens", done: requests.length, total: requests.length });
  return specimens;
}

async function simulate(
  draw: SpecimenRequest["draw"],
  random: Random,
  workers: TomogramWorkers,
  signal: AbortSignal | undefined,
): Promise<TrainingSpecimen> {
  const { complexes, scene } = draw(random.fork("scene"));
  const { shape, voxelSizeAngstrom } = scene.specimen;
  const density = sharedFloats(voxelCount(shape));
  const packed = await packSpecimen({ ...scene.specimen, density }, complexes, random.fork("packing"), {
    breathe: () => breathe(signal),
  });
  const plan = planTiltSeries(scene.imaging, random.fork("imaging"));
  const series = await workers.simulateTiltSeries(createVolume(shape, voxelSizeAngstrom, density), plan);
  const options = { ...scene.reconstruct, nz: shape[0] };
  const noiseFree = await workers.reconstruct(series, options);
  const noise = await workers.noiseSeries(series, {
    seed: `${random.next()}`,
    thicknessAngstrom: shape[0] * voxelSizeAngstrom,
  });
  return trainingSpecimen(packed, noiseFree.data, (await workers.reconstruct(noise, options)).data);
}

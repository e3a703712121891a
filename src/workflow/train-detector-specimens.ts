/** The simulated specimens that a detector is trained on, kept in the training's folder. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FormatError } from "../errors.js";
import { readSafetensors, type SafetensorsArray, writeSafetensors } from "../io/index.js";
import { type Complex, packSpecimen, planTiltSeries, proceduralComplex } from "../simulate/index.js";
import { type DetectorScene, type DetectorSpecimen, detectorSpecimen } from "../train/index.js";
import { createRandom, createVolume, type Random, type Shape3, voxelCount } from "../volume/index.js";
import { fileExists, readFileBytes, writeFileAtomic } from "./files.js";
import { breathe, type Progress } from "./progress.js";
import { createTomogramWorkers, sharedFloats, type TomogramWorkers } from "./tomogram-workers.js";

export interface SpecimenRequest {
  /** In file names and seeds: "training-3". */
  readonly name: string;
  /** Draws the complexes that are packed and the scene they are packed into. */
  readonly draw: (random: Random) => { readonly complexes: readonly Complex[]; readonly scene: DetectorScene };
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
export async function detectorSpecimens(
  requests: readonly SpecimenRequest[],
  { folder, seed, threads, onProgress, signal }: SpecimenOptions,
): Promise<DetectorSpecimen[]> {
  await mkdir(folder, { recursive: true });
  const workers = createTomogramWorkers({ threads, signal });
  const specimens: DetectorSpecimen[] = [];
  try {
    for (const [done, { name, draw }] of requests.entries()) {
      onProgress?.({ stage: "simulating specimens", done, total: requests.length, note: name });
      await breathe(signal);
      const path = join(folder, `${name}.safetensors`);
      if (!(await fileExists(path))) {
        const made = await simulate(draw, createRandom(seed).fork("specimen", name), workers, signal);
        await writeFileAtomic(path, encodeSpecimen(made));
      }
      specimens.push(decodeSpecimen(await readFileBytes(path), path));
    }
  } finally {
    await workers.close();
  }
  onProgress?.({ stage: "simulating specimens", done: requests.length, total: requests.length });
  return specimens;
}

async function simulate(
  draw: SpecimenRequest["draw"],
  random: Random,
  workers: TomogramWorkers,
  signal: AbortSignal | undefined,
): Promise<DetectorSpecimen> {
  const { complexes, scene } = draw(random.fork("scene"));
  const { shape, voxelSizeAngstrom } = scene.specimen;
  const density = sharedFloats(voxelCount(shape));
  const packed = await packSpecimen({ ...scene.specimen, density }, complexes, random.fork("packing"), {
    breathe: () => breathe(signal),
  });
  const plan = planTiltSeries(scene.imaging, random.fork("imaging"));
  const series = await workers.simulateTiltSeries(createVolume(shape, voxelSizeAngstrom, density), plan);
  const options = { ...scene.reconstruct, nz: shape[0] };
  const clean = await workers.reconstruct(series, options);
  const noise = await workers.noiseSeries(series, {
    seed: `${random.next()}`,
    thicknessAngstrom: shape[0] * voxelSizeAngstrom,
  });
  return detectorSpecimen(packed, clean.data, (await workers.reconstruct(noise, options)).data);
}

/** Some complexes of different kinds, procedural and given ones in turn; sometimes a single one, as in purified specimens. */
export function drawComplexes(
  random: Random,
  structures: readonly Complex[],
  count = random.pick([1, 3, 6, 8, 12, 12, 16]),
): Complex[] {
  return Array.from({ length: count }, (_, i) =>
    structures.length > 0 && i % 2 === 1 ? random.pick(structures) : proceduralComplex(random.fork("complex", i)),
  );
}

function encodeSpecimen(specimen: DetectorSpecimen): Uint8Array {
  const { shape, signal, noise, particles, centres, boxVariance, blurred } = specimen;
  const arrays = new Map<string, SafetensorsArray>([
    ["signal", { dtype: "I16", shape, data: signal }],
    ["noise", { dtype: "I16", shape, data: noise }],
    ["particles", { dtype: "U8", shape, data: particles }],
    ["centres", { dtype: "F32", shape: [centres.length / 4, 4], data: centres }],
  ]);
  return writeSafetensors(arrays, {
    format: "cosnet-specimen-1",
    boxVariance: String(boxVariance),
    blurred: JSON.stringify(blurred),
  });
}

function decodeSpecimen(bytes: Uint8Array, path: string): DetectorSpecimen {
  const { arrays, metadata } = readSafetensors(bytes, { name: path });
  const [signal, noise, particles, centres] = ["signal", "noise", "particles", "centres"].map((name) =>
    arrays.get(name),
  );
  if (
    metadata.format !== "cosnet-specimen-1" ||
    signal?.dtype !== "I16" ||
    noise?.dtype !== "I16" ||
    particles?.dtype !== "U8" ||
    centres?.dtype !== "F32"
  )
    throw new FormatError("this is no specimen of a detector's training", path, {
      hint: "Delete it; it will be made again.",
    });
  return {
    shape: signal.shape as unknown as Shape3, // three lengths, as written
    signal: signal.data,
    noise: noise.data,
    particles: particles.data,
    centres: centres.data,
    boxVariance: Number(metadata.boxVariance),
    blurred: JSON.parse(metadata.blurred ?? "{}") as DetectorSpecimen["blurred"],
  };
}

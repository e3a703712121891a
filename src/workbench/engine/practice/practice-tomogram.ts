/** A small labelled tomogram to try everything on. */
import { join } from "node:path";
import { packageVersion, readFileBytes } from "../../../files/disk/index.js";
import { nodeRuntime } from "../../../files/model/index.js";
import { positionsFromFirstVoxel, readParticles } from "../../../io/index.js";
import { simulateTomogram } from "../../../jobs/simulate-tomogram/index.js";
import type { Progress } from "../../../progress.js";
import { type Complex, defaultReconstruct, proceduralComplex } from "../../../simulate/index.js";
import { createRandom, type Vector3 } from "../../../volume/index.js";

/** Voxels `[nz, ny, nx]`. */
const SHAPE = [100, 200, 200] as const;
const VOXEL_SIZE_ANGSTROM = 10;
const PARTICLES = 120;
const SNR = 0.5;
const SEED = "practice";
/** Large and of different shapes, so that people can tell them apart by eye: numbers in the stream of made-up complexes. */
const COMPLEXES = [
  { name: "globe", drawn: 4 },
  { name: "cage", drawn: 14 },
  { name: "rod", drawn: 15 },
  { name: "bell", drawn: 18 },
] as const;

export interface TrueParticle {
  readonly className: string;
  /** From the centre of the first voxel. */
  readonly positionAngstrom: Vector3;
  readonly radiusAngstrom: number;
}

export interface PracticeTomogram {
  readonly path: string;
  readonly truth: readonly TrueParticle[];
}

/** Names of what is in it. */
export const PRACTICE_CLASSES = COMPLEXES.map(({ name }) => name);
export const PRACTICE_VOXEL_SIZE_ANGSTROM = VOXEL_SIZE_ANGSTROM;
export const PRACTICE_SIZE_ANGSTROM: Vector3 = {
  x: SHAPE[2] * VOXEL_SIZE_ANGSTROM,
  y: SHAPE[1] * VOXEL_SIZE_ANGSTROM,
  z: SHAPE[0] * VOXEL_SIZE_ANGSTROM,
};

/** Makes it, or finds it made already. @throws FileError, AbortError */
export async function makePracticeTomogram(folder: string, progress: Progress): Promise<PracticeTomogram> {
  const { tomograms } = await simulateTomogram({
    source: { complexes: practiceComplexes() },
    seed: SEED,
    threads: nodeRuntime.defaultThreads ?? 1,
    outputFolder: folder,
    overwrite: true, // of another version
    madeBy: `cosnet ${packageVersion()}`,
    parameters: {
      ...{ shape: SHAPE, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM, marginVoxels: 1, amount: { particles: PARTICLES } },
      ...{ imaging: {}, noise: "gaussian", reconstruct: defaultReconstruct, snrs: [SNR], omeZarr: false },
      subtomograms: { size: 32, edges: "skip", formats: [] },
    },
    ...progress,
  });
  return { path: tomograms[0]!, truth: await readTruth(folder) };
}

/** What is really in the practice tomogram. @throws FileError when it was never made. */
export async function readTruth(folder: string): Promise<readonly TrueParticle[]> {
  const path = join(folder, "particles.star");
  const list = readParticles(new TextDecoder().decode(await readFileBytes(path)), { name: path });
  const positions = positionsFromFirstVoxel(list, { tomogramSizeAngstrom: PRACTICE_SIZE_ANGSTROM });
  const radii = new Map(practiceComplexes().map(({ name, radiusAngstrom }) => [name, radiusAngstrom]));
  return list.particles.map(({ className = "" }, i) => ({
    ...{ className, positionAngstrom: positions[i]! },
    radiusAngstrom: radii.get(className) ?? 0,
  }));
}

function practiceComplexes(): Complex[] {
  const random = createRandom("cosnet practice");
  return COMPLEXES.map(({ name, drawn }) => ({
    ...proceduralComplex(random.fork("complex", drawn), { minimumKilodalton: 700 }),
    name,
  }));
}

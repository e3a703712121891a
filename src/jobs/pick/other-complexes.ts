/** What "of another complex" looks like in a tomogram: simulated complexes in the tomogram's own noise. */
import { join } from "node:path";
import { openWorkNotes, shortHash } from "../../files/disk/index.js";
import { type Adaptation, adaptedEmbedder, type DistractorBank, type Embedder, embedBoxes } from "../../infer/index.js";
import { breathe } from "../../progress.js";
import { type Complex, createRenderer, type ImagingOptions, proceduralComplex } from "../../simulate/index.js";
import {
  createRandom,
  meanAndDeviation,
  normaliseInPlace,
  type Random,
  rotateCube,
  type Vector3,
} from "../../volume/index.js";
import {
  byDepth,
  createScaledBoxReader,
  type Networks,
  type SearchedTomogram,
  tomogramWorkFolder,
} from "../search/index.js";
import type { PickSettings } from "./options.js";

const COMPLEXES = 48;
const PER_COMPLEX = 8;
/** Candidates whose strength is measured. */
const MEASURED = 128;
/** Of this many random positions the one farthest from all candidates is taken as background. */
const TRIES = 12;
/** Below this a simulated particle would drown, and say nothing of particles that a detector has found. */
const LEAST_SNR = 0.05;

interface Searched extends Pick<SearchedTomogram, "grid" | "scale" | "adaptation"> {
  /** Of the candidates, in Å; in an order of their own, so that a list gives the same whatever the order of its particles. */
  readonly positions: readonly Vector3[];
}

/**
 * Particles of made-up complexes as they would look here: noise-free images added to boxes of the tomogram that hold no
 * candidate, as strong as the candidates are, embedded as candidates are. So that what is learnt from them holds in this
 * tomogram: similarities between tomograms differ far more than those between complexes. They depend on what the detector
 * found, not on the examples, and stay in the work folder: a run with other examples reads them there.
 * @throws FileError, AbortError.
 */
export async function simulateBank(
  { grid, scale, adaptation, candidates, alike }: SearchedTomogram,
  networks: Networks,
  settings: PickSettings,
): Promise<DistractorBank> {
  const { testTimeAveraging, seed, imaging, onProgress, signal } = settings;
  const positions = candidates
    .slice(0, candidates.length - alike)
    .map(({ positionAngstrom }) => positionAngstrom)
    .sort((a, b) => a.z - b.z || a.y - b.y || a.x - b.x);
  const searched = { grid, scale, adaptation, positions };
  // Made-up complexes are as large in voxels as those of training, whatever the voxels are.
  const embedder = adaptedEmbedder(networks.trained.embedder, adaptation);
  const { embeddingSize: size } = embedder.description;
  const key = shortHash({ model: networks.modelLabel, scale, adaptation, positions, testTimeAveraging, seed, imaging });
  const notesPath = join(await tomogramWorkFolder(grid.path, settings), `other-complexes-${key}.f32`);
  const embeddings = new Float32Array(COMPLEXES * PER_COMPLEX * size);
  const length = PER_COMPLEX * size;
  await using notes = await openWorkNotes(notesPath, 4 * length);
  const noted = Math.min(COMPLEXES, notes.earlierBytes / 4 / length);
  new Uint8Array(embeddings.buffer).set((await notes.read()).subarray(0, 4 * noted * length));
  const draw = noted < COMPLEXES ? await createDrawing(searched, embedder, settings) : undefined;
  for (let index = noted; draw && index < COMPLEXES; index++) {
    onProgress?.({ stage: "simulating other complexes", done: index, total: COMPLEXES });
    const own = embeddings.subarray(index * length, (index + 1) * length);
    own.set((await embedBoxes(embedder, await draw(index), { testTimeAveraging, signal })).embeddings);
    await notes.append(new Uint8Array(own.buffer, own.byteOffset, own.byteLength));
  }
  onProgress?.({ stage: "simulating other complexes", done: COMPLEXES, total: COMPLEXES });
  return { embeddings, size, perClass: PER_COMPLEX };
}

/** Draws the boxes of all particles of a complex, by its index. */
async function createDrawing(
  searched: Searched,
  embedder: Embedder,
  { seed, imaging, signal }: PickSettings,
): Promise<(index: number) => Promise<Float32Array>> {
  const { edge } = embedder.description;
  const random = createRandom(seed).fork("other complexes");
  const background = backgroundPositions(searched, COMPLEXES * PER_COMPLEX, edge, random.fork("background"));
  const boxes = await readBoxes(searched, background, edge, signal);
  const strengths = await candidateStrengths(searched, boxes, edge, { random: random.fork("strengths"), signal });
  const add = createAdding(searched.adaptation, embedder, imaging);
  return async (index) => {
    const complex = proceduralComplex(random.fork("complex", index));
    const volumes = new Float32Array(PER_COMPLEX * edge ** 3);
    for (let i = 0; i < PER_COMPLEX; i++) {
      await breathe(signal);
      const box = boxes[index * PER_COMPLEX + i]!;
      add(box, complex, { strengths, random: random.fork("particle", index, i) });
      volumes.set(box, i * edge ** 3);
    }
    return volumes;
  };
}

/** Adds a complex to a box, as strong as one of the strengths, in the tomogram's tilt geometry; then normalises the box. */
function createAdding(
  { geometry, frame }: Adaptation,
  { description: { edge, voxelSizeAngstrom } }: Embedder,
  imaging: Partial<ImagingOptions>,
) {
  const tilt = geometry && { tiltDegrees: geometry.tiltDegrees };
  const renderer = createRenderer({ ...tilt, ...imaging, boxSize: edge, voxelSizeAngstrom });
  const rotated = new Float32Array(edge ** 3);
  return (
    box: Float32Array,
    complex: Complex,
    { strengths, random }: { readonly strengths: readonly number[]; readonly random: Random },
  ): void => {
    const { deviation } = meanAndDeviation(box);
    const amplitude = Math.sqrt(random.pick(strengths)) * (deviation > 0 ? deviation : 1);
    const { volume } = renderer.render(complex, { random, snr: Number.POSITIVE_INFINITY });
    // Imaged in the geometry of training: rotated out of it into the tomogram's.
    if (frame) rotateCube(volume, rotated, edge, frame, true);
    const image = frame ? rotated : volume;
    for (let v = 0; v < box.length; v++) box[v]! += amplitude * image[v]!;
    normaliseInPlace(box);
  };
}

/** Random positions whose boxes lie inside, as far from candidates as chance allows. */
function backgroundPositions({ grid, positions }: Searched, count: number, edge: number, random: Random): Vector3[] {
  const [nz, ny, nx] = grid.shape;
  const coordinate = (length: number) => {
    const margin = Math.min(edge / 2, length / 2);
    return grid.voxelSizeAngstrom * random.uniform(margin, Math.max(margin, length - margin));
  };
  const distance = ({ x, y, z }: Vector3) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (const p of positions) nearest = Math.min(nearest, (p.x - x) ** 2 + (p.y - y) ** 2 + (p.z - z) ** 2);
    return nearest;
  };
  return Array.from({ length: count }, () => {
    let best = { x: coordinate(nx), y: coordinate(ny), z: coordinate(nz) };
    let farthest = distance(best);
    for (let i = 1; i < TRIES; i++) {
      const position = { x: coordinate(nx), y: coordinate(ny), z: coordinate(nz) };
      const away = distance(position);
      if (away > farthest) [best, farthest] = [position, away];
    }
    return best;
  });
}

/** Signal over noise of candidates' boxes, least first: their variance over that of the background, less one. */
async function candidateStrengths(
  searched: Searched,
  empty: readonly Float32Array[],
  edge: number,
  { random, signal }: { readonly random: Random; readonly signal: AbortSignal | undefined },
): Promise<number[]> {
  const variance = (box: Float32Array) => meanAndDeviation(box).deviation ** 2;
  const background = empty.slice(0, MEASURED).map(variance);
  const typical = background.sort((a, b) => a - b)[background.length >> 1] ?? 0;
  const { positions: all } = searched;
  const positions = random.sample(all.length, Math.min(MEASURED, all.length)).map((index) => all[index]!);
  const strengths = (await readBoxes(searched, positions, edge, signal)).map((box) => variance(box) / typical - 1);
  const usable = strengths.map((value) => Math.max(LEAST_SNR, value)).filter(Number.isFinite);
  return usable.length > 0 ? usable.sort((a, b) => a - b) : [1];
}

/** All of them at once: 128 kB each. */
async function readBoxes(
  { grid, scale }: Searched,
  positions: readonly Vector3[],
  edge: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const read = createScaledBoxReader(grid, scale, edge, { inOrder: positions.length });
  const boxes: Float32Array[] = [];
  for (const index of byDepth(positions)) {
    await breathe(signal);
    boxes[index] = await read(positions[index]!);
  }
  return boxes;
}

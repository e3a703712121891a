/** What "of another complex" looks like in a tomogram: simulated complexes in the tomogram's own noise. */
import {
  type Adaptation,
  type DistractorBank,
  drawOpenSet,
  type Embedder,
  embedBoxes,
  fitOpenSet,
  type OpenSetModel,
} from "../../infer/index.js";
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
import { createScaledBoxReader, type SearchedTomogram } from "../search/index.js";
import type { PickSettings } from "./options.js";

const COMPLEXES = 48;
const PER_COMPLEX = 8;
/** Candidates whose strength is measured. */
const MEASURED = 128;
/** Of this many random positions the one farthest from all candidates is taken as background. */
const TRIES = 12;
/** Below this a simulated particle would drown, and say nothing of particles that a detector has found. */
const LEAST_SNR = 0.05;

type Searched = Pick<SearchedTomogram, "grid" | "scale" | "adaptation" | "candidates">;

/**
 * Particles of made-up complexes as they would look here: noise-free images added to boxes of the tomogram that hold no
 * candidate, as strong as the candidates are, embedded as candidates are. So that what is learnt from them holds in this
 * tomogram: similarities between tomograms differ far more than those between complexes.
 */
export async function simulateBank(
  searched: Searched,
  embedder: Embedder,
  settings: PickSettings,
): Promise<DistractorBank> {
  const { testTimeAveraging, seed, onProgress, signal } = settings;
  const { edge, embeddingSize: size } = embedder.description;
  const random = createRandom(seed).fork("other complexes");
  const readBox = createScaledBoxReader(searched.grid, searched.scale, edge);
  const background = backgroundPositions(searched, COMPLEXES * PER_COMPLEX, edge, random.fork("background"));
  const strengths = await candidateStrengths(searched, background, readBox, random.fork("strengths"));
  const draw = createDrawing(searched.adaptation, embedder, settings.imaging);
  const embeddings = new Float32Array(COMPLEXES * PER_COMPLEX * size);
  const volumes = new Float32Array(PER_COMPLEX * edge ** 3);
  for (let index = 0; index < COMPLEXES; index++) {
    onProgress?.({ stage: "simulating other complexes", done: index, total: COMPLEXES });
    const complex = proceduralComplex(random.fork("complex", index));
    const own = background.slice(index * PER_COMPLEX, (index + 1) * PER_COMPLEX);
    for (const [i, position] of own.entries()) {
      await breathe(signal);
      const box = await readBox(position);
      draw(box, complex, { strengths, random: random.fork("particle", index, i) });
      volumes.set(box, i * edge ** 3);
    }
    const answer = await embedBoxes(embedder, volumes, { testTimeAveraging, signal });
    embeddings.set(answer.embeddings, index * PER_COMPLEX * size);
  }
  onProgress?.({ stage: "simulating other complexes", done: COMPLEXES, total: COMPLEXES });
  return { embeddings, size, perClass: PER_COMPLEX };
}

/** Adds a complex to a box, as strong as one of the strengths, in the tomogram's tilt geometry; then normalises the box. */
function createDrawing(
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
function backgroundPositions({ grid, candidates }: Searched, count: number, edge: number, random: Random): Vector3[] {
  const [nz, ny, nx] = grid.shape;
  const coordinate = (length: number) => {
    const margin = Math.min(edge / 2, length / 2);
    return grid.voxelSizeAngstrom * random.uniform(margin, Math.max(margin, length - margin));
  };
  const distance = ({ x, y, z }: Vector3) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (const { positionAngstrom: p } of candidates)
      nearest = Math.min(nearest, (p.x - x) ** 2 + (p.y - y) ** 2 + (p.z - z) ** 2);
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

/** Signal over noise of candidates' boxes: their variance over that of the background, less one. */
async function candidateStrengths(
  { candidates }: Searched,
  empty: readonly Vector3[],
  readBox: (position: Vector3) => Promise<Float32Array>,
  random: Random,
): Promise<number[]> {
  const variance = async (position: Vector3) => meanAndDeviation(await readBox(position)).deviation ** 2;
  const background: number[] = [];
  for (const position of empty.slice(0, MEASURED)) background.push(await variance(position));
  const typical = background.sort((a, b) => a - b)[background.length >> 1] ?? 0;
  const chosen = random.sample(candidates.length, Math.min(MEASURED, candidates.length));
  const strengths: number[] = [];
  for (const index of chosen) strengths.push((await variance(candidates[index]!.positionAngstrom)) / typical - 1);
  const usable = strengths.map((value) => Math.max(LEAST_SNR, value)).filter(Number.isFinite);
  return usable.length > 0 ? usable : [1];
}

/** The odds of being of an offered class, for this many classes and examples, and the fraction of such candidates here. */
export function openSetFor(
  bank: DistractorBank,
  similarities: Float64Array,
  { classCount, shots, seed }: { readonly classCount: number; readonly shots: number; readonly seed: number },
): OpenSetModel {
  const random = createRandom(seed).fork("open set", classCount, shots);
  return fitOpenSet(drawOpenSet(bank, { classCount, shots, random }), similarities);
}

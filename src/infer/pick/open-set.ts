/**
 * "None of these": how probable it is that a particle is of one of the classes at all, from its similarity to the best one.
 * What similarity a particle of an offered class reaches, and what one of another complex, is learnt from episodes with
 * simulated complexes under the same number of classes and examples; how many particles are of other complexes, from the
 * tomogram itself.
 */
import type { Random } from "../../volume/index.js";
import type { Embedded } from "../embedder.js";
import { cosineMatrix } from "../similarity.js";
import { nearness } from "../similarity-scale.js";

/** Best similarities that particles of an offered class and of others reached in episodes with known answers. */
export interface OpenSetSample {
  readonly known: Float64Array;
  readonly unknown: Float64Array;
}

/** Simulated particles of complexes that no user's class is: unit embeddings, `perClass` of each complex in turn. */
export interface DistractorBank {
  readonly embeddings: Float32Array;
  readonly size: number;
  readonly perClass: number;
  /** How often each complex is drawn, in proportion; all alike when absent. See `weighBank`. */
  readonly weights?: readonly number[];
}

/**
 * The bank with weights by likeness: each candidate counts for the complex whose particle is most like it, and every
 * complex once. Episodes then play where the candidates are in the space of embeddings: telling a virus from the rest
 * says nothing of telling globular proteins of like size apart.
 */
export function weighBank(bank: DistractorBank, candidates: Embedded): DistractorBank {
  const { embeddings, size, perClass } = bank;
  const rows = embeddings.length / size;
  const weights = new Array<number>(rows / perClass).fill(1);
  const matrix = cosineMatrix(candidates, bank);
  for (let start = 0; start < matrix.length; start += rows) {
    let nearest = 0;
    for (let row = 1; row < rows; row++) if (matrix[start + row] > matrix[start + nearest]) nearest = row;
    weights[Math.floor(nearest / perClass)]++;
  }
  return { ...bank, weights };
}

/** `count` different indices, each next one drawn by the weights of those left. */
function drawWeighted(weights: readonly number[], count: number, random: Random): number[] {
  const left = [...weights];
  return Array.from({ length: count }, () => {
    const index = random.weighted(left);
    left[index] = 0;
    return index;
  });
}

const EPISODES = 1500;

/**
 * Draws n-way-k-shot episodes from the bank: n complexes with k examples each, one more particle of them, and one of a
 * complex that is not offered.
 */
export function drawOpenSet(
  bank: DistractorBank,
  { classCount, shots, random }: { readonly classCount: number; readonly shots: number; readonly random: Random },
): OpenSetSample {
  const { embeddings, size, perClass } = bank;
  const complexes = embeddings.length / size / perClass;
  const weights = bank.weights ?? new Array<number>(complexes).fill(1);
  const ways = Math.max(1, Math.min(classCount, complexes - 1));
  const examples = Math.max(1, Math.min(Math.round(shots), perClass - 1));
  const known = new Float64Array(EPISODES);
  const unknown = new Float64Array(EPISODES);
  const prototype = new Float64Array(size);
  for (let episode = 0; episode < EPISODES; episode++) {
    const chosen = drawWeighted(weights, ways + 1, random);
    const members = random.sample(perClass, examples + 1);
    const inside = chosen[0] * perClass + members[examples];
    const outside = chosen[ways] * perClass + members[examples];
    let [best, bestOutside] = [-1, -1];
    for (let way = 0; way < ways; way++) {
      prototype.fill(0);
      for (let i = 0; i < examples; i++) {
        const row = (chosen[way] * perClass + members[i]) * size;
        for (let j = 0; j < size; j++) prototype[j] += embeddings[row + j];
      }
      const length = Math.sqrt(prototype.reduce((sum, value) => sum + value * value, 0)) || 1;
      let [own, other] = [0, 0];
      for (let j = 0; j < size; j++) {
        own += (prototype[j] / length) * embeddings[inside * size + j];
        other += (prototype[j] / length) * embeddings[outside * size + j];
      }
      best = Math.max(best, own);
      bestOutside = Math.max(bestOutside, other);
    }
    known[episode] = best;
    unknown[episode] = bestOutside;
  }
  return { known, unknown };
}

/** Log-odds of being known at even prior odds, `intercept + slope * nearness(similarity)`. */
export interface OpenSetOdds {
  readonly intercept: number;
  readonly slope: number;
}

/** The odds, and the fraction that is known here. */
export interface OpenSetModel extends OpenSetOdds {
  readonly knownShare: number;
}

/** Rounds of expectation maximisation for the fraction of known ones, from one half on. */
const FRACTION_ROUNDS = 2;

/**
 * With the fraction of known ones among `similarities`, by expectation maximisation with the odds kept (Saerens, Latinne and
 * Decaestecker 2002), stopped early: where similarities tell little, the fraction stays near one half instead of running to where
 * the episodes' bias takes it.
 */
export function withKnownShare({ intercept, slope }: OpenSetOdds, similarities: ArrayLike<number>): OpenSetModel {
  let knownShare = 0.5;
  for (let round = 0; round < FRACTION_ROUNDS && similarities.length > 0; round++) {
    let sum = 0;
    for (let i = 0; i < similarities.length; i++)
      sum += knownProbability({ intercept, slope, knownShare }, similarities[i]);
    // Never certain that there are no known ones, or only those: no tomogram proves it.
    knownShare = Math.max(0.02, Math.min(0.98, sum / similarities.length));
  }
  return { intercept, slope, knownShare };
}

export function knownProbability({ intercept, slope, knownShare }: OpenSetModel, similarity: number): number {
  const logOdds = intercept + slope * nearness(similarity) + Math.log(knownShare / (1 - knownShare));
  return 1 / (1 + Math.exp(-logOdds));
}

/**
 * Logistic regression of known against unknown on the nearness: Newton's method on the mean log likelihood, with a little of a
 * quadratic penalty so that it ends for separable samples.
 */
export function fitOdds({ known, unknown }: OpenSetSample): OpenSetOdds {
  const all = [
    ...Array.from(known, (similarity) => ({ s: nearness(similarity), t: 1 })),
    ...Array.from(unknown, (similarity) => ({ s: nearness(similarity), t: 0 })),
  ];
  const centre = all.reduce((sum, { s }) => sum + s, 0) / all.length;
  const penalty = 1e-3;
  let [a, b] = [0, 1];
  for (let round = 0; round < 30; round++) {
    let [ga, gb, haa, hab, hbb] = [0, -penalty * b, 0, 0, penalty];
    for (const { s, t } of all) {
      const x = s - centre;
      const p = 1 / (1 + Math.exp(-(a + b * x)));
      const w = (p * (1 - p)) / all.length;
      ga += (t - p) / all.length;
      gb += ((t - p) * x) / all.length;
      haa += w;
      hab += w * x;
      hbb += w * x * x;
    }
    const determinant = haa * hbb - hab * hab;
    if (!(determinant > 1e-15)) break;
    const [da, db] = [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant];
    const step = Math.min(1, 20 / Math.max(1e-9, Math.abs(db)));
    a += step * da;
    b += step * db;
    if (Math.abs(da) + Math.abs(db) < 1e-8) break;
  }
  const slope = Math.max(0, b);
  return { intercept: a - slope * centre, slope };
}

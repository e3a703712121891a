/** Which candidates are most like each other, by embeddings and by how well they fit when one is turned onto the other. */

import type { CompareNeighbours, Spectra } from "../orientation/index.js";
import { createRowProducts } from "../row-products.js";
import type { NearestNeighbours } from "./nearest.js";

/** By embeddings; the most like among them are found by orientations. 20 to 40 do alike; so many are one run of the comparison. */
export const COMPARED_NEIGHBOURS = 32;
/** Of those, so many are kept: as many as make a graph (`clusterNeighbours`) or vote on groups. */
const KEPT_NEIGHBOURS = 15;
/**
 * What a correlation beyond what both candidates reach otherwise counts beside the cosine, of candidates that form groups by embeddings
 * alone and of any. At SNR 0.5 to 0.2 more than 1 is better; of boxes at SNR 0.1, which form no groups, correlations are mostly
 * of noise, and 2.5 spoils what embeddings tell.
 */
export const CORRELATION_WEIGHT = { grouped: 2.5, any: 1 } as const;

/** Candidates whose orientations can be compared. */
export interface OrientedCandidates {
  /** `[candidates, size]`, each of unit length. */
  readonly embeddings: Float32Array;
  readonly size: number;
  readonly spectra: Spectra;
}

export interface OrientedNeighbours {
  readonly nearest: NearestNeighbours;
  /** The mean correlation of each candidate with those that it was compared with: some fit everything better than others do. */
  readonly levels: Float32Array;
  /** Of each candidate with its neighbours by embeddings, in their order. */
  readonly correlations: Float32Array;
}

/**
 * The nearest neighbours by cosine and correlation, of those that are nearest by the cosine alone. A correlation counts as far as it
 * is beyond the levels of both candidates. On 239 candidates of four simulated tomograms (twelve validation complexes, SNR 0.5), groups
 * made of such neighbours have an adjusted Rand index of .95 to the true classes, of neighbours by embeddings .74.
 * @param nearest of the candidates, by embeddings
 * @param correlationWeight see `CORRELATION_WEIGHT`
 * @throws as `compare` does.
 */
export async function orientedNeighbours(
  { spectra }: OrientedCandidates,
  nearest: NearestNeighbours,
  compare: CompareNeighbours,
  correlationWeight: number,
): Promise<OrientedNeighbours> {
  const correlations = await compare({ spectra, others: spectra, indices: nearest.indices });
  const pairs = pairsOf(nearest, correlations);
  const levels = Float32Array.from(pairs, (own) => mean(Array.from(own.values(), ({ correlation }) => correlation)));
  const overall = mean([...levels]);
  const { count } = nearest;
  const kept = Math.min(KEPT_NEIGHBOURS, nearest.neighbours);
  const indices = new Int32Array(count * kept);
  const similarities = new Float32Array(count * kept);
  for (const [a, own] of pairs.entries()) {
    const ranked = likest(
      Array.from(own, ([index, { cosine, correlation }]) => {
        const beyond = correlation - levels[a] - levels[index] + overall;
        return { index, similarity: cosine + correlationWeight * beyond };
      }),
      kept,
    );
    for (const [k, { index, similarity }] of ranked.entries()) {
      indices[a * kept + k] = index;
      similarities[a * kept + k] = similarity;
    }
  }
  return { nearest: { count, neighbours: kept, indices, similarities }, levels, correlations };
}

interface Pair {
  readonly cosine: number;
  readonly correlation: number;
}

/** Either of two may be among the neighbours of the other, or both: then their correlation is the mean. */
function pairsOf({ count, neighbours, indices, similarities }: NearestNeighbours, correlations: Float32Array) {
  const pairs = Array.from({ length: count }, () => new Map<number, Pair>());
  for (let a = 0; a < count; a++)
    for (let k = 0; k < neighbours; k++) {
      const at = a * neighbours + k;
      const b = indices[at];
      const known = pairs[a].get(b);
      const pair = known
        ? { ...known, correlation: (known.correlation + correlations[at]) / 2 }
        : { correlation: correlations[at], cosine: similarities[at] };
      pairs[a].set(b, pair);
      pairs[b].set(a, pair);
    }
  return pairs;
}

/** The first few, of equal ones those with the lower index. */
function likest<T extends { readonly index: number; readonly similarity: number }>(all: T[], count: number): T[] {
  return all.sort((a, b) => b.similarity - a.similarity || a.index - b.index).slice(0, count);
}

/** The same for other candidates: which of `taught` are most like each of them. Rows of `taught`, `[candidates, neighbours]`. */
export async function nearestTaught(
  candidates: OrientedCandidates,
  taught: OrientedCandidates & Pick<OrientedNeighbours, "levels">,
  compare: CompareNeighbours,
): Promise<{ readonly neighbours: number; readonly indices: Int32Array }> {
  const { size, levels } = taught;
  const known = levels.length;
  const count = candidates.embeddings.length / size;
  const compared = Math.min(COMPARED_NEIGHBOURS, known);
  const indices = new Int32Array(count * compared);
  const cosines = new Float32Array(count * compared);
  using products = createRowProducts(taught.embeddings, size);
  for (let row = 0; row < count; row++) {
    const likeness = products.products(candidates.embeddings, row * size);
    const order = [...levels.keys()].sort((a, b) => likeness[b] - likeness[a] || a - b).slice(0, compared);
    for (const [k, index] of order.entries()) {
      indices[row * compared + k] = index;
      cosines[row * compared + k] = likeness[index];
    }
  }
  const correlations = await compare({ spectra: candidates.spectra, others: taught.spectra, indices });
  const kept = Math.min(KEPT_NEIGHBOURS, compared);
  const found = new Int32Array(count * kept);
  for (let row = 0; row < count; row++) {
    const all = Array.from({ length: compared }, (_, k) => {
      const index = indices[row * compared + k];
      const beyond = correlations[row * compared + k] - levels[index];
      return { index, similarity: cosines[row * compared + k] + CORRELATION_WEIGHT.grouped * beyond };
    });
    for (const [k, { index }] of likest(all, kept).entries()) found[row * kept + k] = index;
  }
  return { neighbours: kept, indices: found };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

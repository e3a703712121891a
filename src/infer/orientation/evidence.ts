/** Which class a box is of, as its correlation with turned references tells. */
import { joinRows, takeRows } from "../rows.js";
import type { CompareOptions, OrientationComparer } from "./compare.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

/** Boxes that stand for classes. */
export interface OrientationReferences {
  readonly spectra: Spectra;
  /** Class of each. */
  readonly labels: readonly number[];
  /** Which of the queries each is, where it is one: a box is not compared with itself. */
  readonly queryOf: readonly (number | undefined)[];
}

/** What comparing says of queries and classes, `[queries, classes]` each. */
export interface ComparedQueries {
  /**
   * How much more a query correlates with a class's references than boxes of other classes do; NaN for the classes that it was not
   * compared with.
   */
  readonly beyondChance: Float32Array;
  /** The same less the mean over the classes that the query is compared with; the others get the lowest value of its row. */
  readonly evidence: Float32Array;
}

/** Classes that a box is compared with: more gained nothing on validation complexes, fewer lost. */
const COMPARED_CLASSES = 4;
/** References of each other class by which it is measured what a reference reaches by chance. */
const CHANCE_REFERENCES = 3;

/**
 * How much more each query correlates with each class's references than boxes of other classes do. Only the likeliest classes of
 * each query are compared.
 *
 * What a correlation is worth depends on the reference, its noise and its shape: hence the references of the other classes as
 * a measure of what it reaches by chance. Two classes at least.
 * @param similarities `[queries, classes]`, by which the likeliest classes are chosen.
 * @throws ModelError, AbortError.
 */
export async function orientationEvidence(
  comparer: OrientationComparer,
  { spectra, similarities }: { readonly spectra: Spectra; readonly similarities: Float32Array },
  references: OrientationReferences,
  { onProgress, signal }: CompareOptions = {},
): Promise<ComparedQueries> {
  const count = spectra.length / SPECTRUM_LENGTH;
  const classCount = similarities.length / count;
  const beyondChance = new Float32Array(similarities.length).fill(Number.NaN);
  const total = references.labels.length;
  let done = 0;
  const compared = comparedQueries(similarities, classCount);
  for (let label = 0; label < classCount; label++) {
    const own = indicesWhere(references.labels, (other) => other === label);
    const others = firstOfOthers(references.labels, label);
    const rows = compared[label];
    const boxes = joinRows([
      takeRows(spectra, rows, SPECTRUM_LENGTH),
      takeRows(references.spectra, others, SPECTRUM_LENGTH),
    ]);
    const correlations = await comparer.compare(boxes, takeRows(references.spectra, own, SPECTRUM_LENGTH), {
      onProgress: (group) => onProgress?.(done + group, total),
      signal,
    });
    done += own.length;
    const meanOf = (row: number, query?: number): number => {
      let [sum, used] = [0, 0];
      for (const [i, reference] of own.entries()) {
        if (query !== undefined && references.queryOf[reference] === query) continue;
        sum += correlations[row * own.length + i];
        used++;
      }
      return used > 0 ? sum / used : Number.NaN;
    };
    const byClass = new Map<number, number[]>();
    for (const [i, reference] of others.entries()) {
      const other = references.labels[reference];
      byClass.set(other, [...(byClass.get(other) ?? []), meanOf(rows.length + i)]);
    }
    const chance = mean([...byClass.values()].map(mean));
    for (const [i, query] of rows.entries()) beyondChance[query * classCount + label] = meanOf(i, query) - chance;
  }
  const evidence = beyondChance.slice();
  for (let query = 0; query < count; query++)
    centreRow(evidence.subarray(query * classCount, (query + 1) * classCount));
  return { beyondChance, evidence };
}

/** For each class, the queries that it is among the likeliest of. */
function comparedQueries(similarities: Float32Array, classCount: number): number[][] {
  const compared = Array.from({ length: classCount }, (): number[] => []);
  for (let query = 0; query < similarities.length / classCount; query++) {
    const row = similarities.subarray(query * classCount, (query + 1) * classCount);
    const labels = [...row.keys()].sort((a, b) => row[b] - row[a] || a - b);
    for (const label of labels.slice(0, COMPARED_CLASSES)) compared[label].push(query);
  }
  return compared;
}

/** Subtracts the mean of what was compared; what was not gets the lowest of it. */
function centreRow(row: Float32Array): void {
  const known = row.filter((value) => !Number.isNaN(value));
  const middle = known.length > 0 ? mean([...known]) : 0;
  const lowest = known.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  for (let i = 0; i < row.length; i++)
    row[i] = known.length === 0 ? 0 : (Number.isNaN(row[i]) ? lowest : row[i]) - middle;
}

/** The first few references of each class but one. */
function firstOfOthers(labels: readonly number[], label: number): number[] {
  const taken = new Map<number, number>();
  return indicesWhere(labels, (other) => {
    const count = taken.get(other) ?? 0;
    taken.set(other, count + 1);
    return other !== label && count < CHANCE_REFERENCES;
  });
}

function indicesWhere(labels: readonly number[], isWanted: (label: number) => boolean): number[] {
  return [...labels.keys()].filter((i) => isWanted(labels[i]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

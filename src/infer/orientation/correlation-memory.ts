/** Correlations that have been computed before: boxes change less from one comparison to the next than their classes do. */
import { takeRows } from "../rows.js";
import type { CompareOptions, OrientationComparer } from "./compare.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

/** Correlations of boxes with references, by what both are; see `createCorrelationMemory`. */
export interface CorrelationMemory {
  /** A comparer that computes only what no comparer of its kind has computed yet. */
  remembering(comparer: OrientationComparer): OrientationComparer;
}

/** Of 4 bytes each; beyond them all is forgotten. */
const MOST_CORRELATIONS = 16_000_000;

/** For a process that compares the same boxes again, with a few others among them. The results are those of comparing anew. */
export function createCorrelationMemory(): CorrelationMemory {
  const numbers = new Map<string, number>();
  /** For each kind and reference, the correlation with each box by its number. */
  const rows = new Map<string, Float32Array>();
  const numberOf = (digest: string): number => {
    const known = numbers.get(digest);
    if (known !== undefined) return known;
    numbers.set(digest, numbers.size);
    return numbers.size - 1;
  };
  const rowOf = (key: string): Float32Array => {
    const known = rows.get(key);
    if (known && known.length >= numbers.size) return known;
    const row = new Float32Array(Math.ceil(1.25 * numbers.size)).fill(Number.NaN);
    if (known) row.set(known);
    rows.set(key, row);
    return row;
  };
  return {
    remembering: (comparer) => ({
      kind: comparer.kind,
      [Symbol.asyncDispose]: () => comparer[Symbol.asyncDispose](),
      async compare(queries, references, options = {}) {
        if (rows.size * numbers.size > MOST_CORRELATIONS) {
          rows.clear();
          numbers.clear();
        }
        const boxes = digestsOf(queries).map(numberOf);
        const known = digestsOf(references).map((digest) => rowOf(`${comparer.kind} ${digest}`));
        await fillIn(comparer, { queries, references, boxes, known }, options);
        const correlations = new Float32Array(boxes.length * known.length);
        for (const [column, row] of known.entries())
          for (let i = 0; i < boxes.length; i++) correlations[i * known.length + column] = row[boxes[i]];
        return correlations;
      },
    }),
  };
}

interface PartlyKnown {
  readonly queries: Spectra;
  readonly references: Spectra;
  /** Number of each query. */
  readonly boxes: readonly number[];
  /** For each reference its correlations by number, NaN where they are not known. */
  readonly known: readonly Float32Array[];
}

/** Computes what is missing, references that miss the same boxes together. */
async function fillIn(
  comparer: OrientationComparer,
  { queries, references, boxes, known }: PartlyKnown,
  { onProgress, signal }: CompareOptions,
): Promise<void> {
  const groups = new Map<string, { readonly missing: readonly number[]; readonly columns: number[] }>();
  for (const [column, row] of known.entries()) {
    const missing = [...boxes.keys()].filter((i) => Number.isNaN(row[boxes[i]]));
    const key = missing.join();
    const group = groups.get(key);
    if (group) group.columns.push(column);
    else groups.set(key, { missing, columns: [column] });
  }
  let done = groups.get("")?.columns.length ?? 0;
  for (const { missing, columns } of groups.values()) {
    if (missing.length === 0) continue;
    const correlations = await comparer.compare(
      takeRows(queries, missing, SPECTRUM_LENGTH),
      takeRows(references, columns, SPECTRUM_LENGTH),
      {
        onProgress: (group) => onProgress?.(done + group, known.length),
        ...(signal && { signal }),
      },
    );
    for (const [i, query] of missing.entries())
      for (const [j, column] of columns.entries()) known[column][boxes[query]] = correlations[i * columns.length + j];
    done += columns.length;
  }
  onProgress?.(known.length, known.length);
}

/** 64 bits of each spectrum, by which equal ones are known: two multiplicative hashes over its words of 32 bits, the first FNV-1a. */
function digestsOf(spectra: Spectra): string[] {
  const words = new Uint32Array(spectra.buffer, spectra.byteOffset, spectra.length);
  return Array.from({ length: spectra.length / SPECTRUM_LENGTH }, (_, box) => {
    let [first, second] = [0x811c9dc5, 0x9e3779b9];
    for (let at = box * SPECTRUM_LENGTH; at < (box + 1) * SPECTRUM_LENGTH; at++) {
      first = Math.imul(first ^ words[at], 0x01000193);
      second = Math.imul(second ^ words[at], 0x85ebca6b) ^ (second >>> 15);
    }
    return `${first >>> 0} ${second >>> 0}`;
  });
}

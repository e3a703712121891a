/** What orientations tell of classes: boxes compared with examples and, where they may teach, with the surest of themselves. */
import type { OnnxRuntime } from "../../runtime/index.js";
import type { Embedded } from "../embedder.js";
import type { LabelledExamples } from "../pick/prototypes.js";
import { joinRows, takeRows } from "../rows.js";
import { type CompareOptions, createOrientationComparer } from "./compare.js";
import type { CorrelationMemory } from "./correlation-memory.js";
import { type OrientationReferences, orientationEvidence } from "./evidence.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

/** One unit of correlation beyond chance is worth so many of cosine similarity: anything from 2 to 3 does as well. */
const EVIDENCE_WEIGHT = 2.5;
/** What a class is compared with: its examples, then the boxes that are surest to be of it. */
const REFERENCES_PER_CLASS = 9;
/** A box stands for its class from this probability on. */
const LEAST_PROBABILITY = 0.5;

/**
 * Similarities with evidence added are multiplied by so many times the scale of those without (see `similarityScale`) to become
 * probabilities: 0.6 to 0.7 fitted validation complexes best, with one reference a class and with five, at SNR 0.5 and 0.1, imaged
 * alike or each in another way.
 */
export const EVIDENCE_SCALE_FACTOR = 0.68;

/** What orientations tell of classes, `[queries, classes]` each, in units of similarity; plain data. */
export interface OrientationEvidence {
  /** To be added to the similarities. */
  readonly values: Float32Array;
  /**
   * How much more a query correlates with the examples of a class than boxes of other classes do; NaN where they were not compared.
   * Other than the values, it can be compared from query to query, and has nothing of the surest in it.
   */
  readonly likeness: Float32Array;
}

export interface OrientedQueries {
  readonly embedded: Embedded;
  readonly examples: LabelledExamples;
  /** `[queries, classes]`. */
  readonly similarities: Float32Array;
}

/** A query's class and its probability. */
interface Sure {
  readonly classIndex: number;
  readonly probability: number;
}

export interface CompareOrientationsOptions {
  /** Maximum tilt angle about y of boxes and examples, the beam along z; undefined where no frequencies are missing. */
  readonly tiltDegrees: number | undefined;
  readonly threads?: number | undefined;
  /** Classes without an orientation to compare, such as filaments: they, and the queries that are most like one, get no evidence. */
  readonly leftOut?: ReadonlySet<number>;
  /** What queries are, given the evidence of the examples: the surest then stand for their classes, too. */
  readonly identify?: ((evidence: OrientationEvidence) => readonly Sure[]) | undefined;
  /** Of a process that compares the same boxes again. */
  readonly memory?: CorrelationMemory | undefined;
  readonly onProgress?: ((stage: string, done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What orientations tell of each query's class; undefined where there are no classes to tell apart, or the low frequencies of queries or
 * examples were not kept.
 * @throws ModelError, AbortError.
 */
export async function compareOrientations(
  runtime: OnnxRuntime,
  { embedded: { spectra }, examples, similarities }: OrientedQueries,
  { tiltDegrees, threads, leftOut = new Set(), identify, memory, onProgress, signal }: CompareOrientationsOptions,
): Promise<OrientationEvidence | undefined> {
  const { classCount } = examples;
  const classes = Array.from({ length: classCount }, (_, label) => label).filter((label) => !leftOut.has(label));
  const given = examplesOf(examples, classes);
  if (!spectra?.length || !given || classes.length < 2) return undefined;
  const typical = joinRows([spectra, given.spectra]);
  await using own = await createOrientationComparer(runtime, { tiltDegrees, typical, threads });
  const comparer = memory?.remembering(own) ?? own;
  const queries = { spectra, similarities: columnsOf(similarities, classes, classCount) };
  const compared = (references: OrientationReferences, stage: string) => {
    const report = (done: number, total: number) => onProgress?.(stage, done, total);
    return orientationEvidence(comparer, queries, references, { onProgress: report, signal });
  };
  const all = { classes, similarities, classCount };
  const byExamples = await compared(given, "comparing orientations with the examples");
  const likeness = spreadOut(byExamples.beyondChance, Number.NaN, all);
  const first = { values: spreadOut(byExamples.evidence, 0, all), likeness };
  if (!identify) return first;
  const references = withSurest(given, spectra, identify(first), classes);
  const bySurest = await compared(references, "comparing orientations with the surest");
  return { values: spreadOut(bySurest.evidence, 0, all), likeness };
}

/** Of some of the queries, in the order of `rows`. */
export function rowsOfEvidence(
  { values, likeness }: OrientationEvidence,
  rows: readonly number[],
  classCount: number,
): OrientationEvidence {
  return { values: takeRows(values, rows, classCount), likeness: takeRows(likeness, rows, classCount) };
}

/** Every box with every other, and what a correlation is worth in similarity. @throws ModelError, AbortError. */
export async function compareAll(
  runtime: OnnxRuntime,
  spectra: Spectra,
  { tiltDegrees, threads, ...options }: Pick<CompareOrientationsOptions, "tiltDegrees" | "threads"> & CompareOptions,
): Promise<{ readonly correlation: Float32Array; readonly weight: number }> {
  await using comparer = await createOrientationComparer(runtime, { tiltDegrees, typical: spectra, threads });
  return { correlation: await comparer.compare(spectra, spectra, options), weight: EVIDENCE_WEIGHT };
}

/** `[queries, classes.length]` of `[queries, classCount]`. */
function columnsOf(similarities: Float32Array, classes: readonly number[], classCount: number): Float32Array {
  const count = similarities.length / classCount;
  return Float32Array.from({ length: count * classes.length }, (_, at) => {
    const query = Math.floor(at / classes.length);
    return similarities[query * classCount + classes[at % classes.length]];
  });
}

/** The inverse of `columnsOf`, weighted; `without` in other columns and in the rows whose likeliest class is one of these. */
function spreadOut(
  evidence: Float32Array,
  without: number,
  {
    classes,
    similarities,
    classCount,
  }: { readonly classes: readonly number[]; readonly similarities: Float32Array; readonly classCount: number },
): Float32Array {
  const values = new Float32Array(similarities.length).fill(without);
  for (let query = 0; query < similarities.length / classCount; query++) {
    const row = similarities.subarray(query * classCount, (query + 1) * classCount);
    const likeliest = row.indexOf(row.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY));
    if (!classes.includes(likeliest)) continue;
    for (const [i, label] of classes.entries())
      values[query * classCount + label] = EVIDENCE_WEIGHT * evidence[query * classes.length + i];
  }
  return values;
}

/** As many examples of each class as are compared, in equal steps through the list; labels count within `classes`. */
function examplesOf(
  { embedded, labels }: LabelledExamples,
  classes: readonly number[],
): OrientationReferences | undefined {
  const { spectra } = embedded;
  if (!spectra) return undefined;
  const rows = classes.flatMap((label) => {
    const own = [...labels.keys()].filter((i) => labels[i] === label);
    const count = Math.min(own.length, REFERENCES_PER_CLASS);
    return Array.from({ length: count }, (_, i) => own[Math.floor((i * own.length) / count)]);
  });
  return {
    spectra: takeRows(spectra, rows, SPECTRUM_LENGTH),
    labels: rows.map((row) => classes.indexOf(labels[row])),
    queryOf: rows.map(() => undefined),
  };
}

function withSurest(
  given: OrientationReferences,
  spectra: Spectra,
  sure: readonly Sure[],
  classes: readonly number[],
): OrientationReferences {
  const rows = classes.flatMap((label, own) => {
    const missing = REFERENCES_PER_CLASS - given.labels.filter((other) => other === own).length;
    return [...sure.keys()]
      .filter((i) => sure[i].classIndex === label && sure[i].probability >= LEAST_PROBABILITY)
      .sort((a, b) => sure[b].probability - sure[a].probability || a - b)
      .slice(0, missing);
  });
  return {
    spectra: joinRows([given.spectra, takeRows(spectra, rows, SPECTRUM_LENGTH)]),
    labels: [...given.labels, ...rows.map((row) => classes.indexOf(sure[row].classIndex))],
    queryOf: [...given.queryOf, ...rows],
  };
}

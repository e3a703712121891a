import { ConfigError, ShapeError } from "../errors.js";
import type { Random } from "../volume/index.js";
import { type Interval, wilsonInterval } from "./intervals.js";

/** What `runEpisodes` draws its episodes from. */
export interface EpisodeOptions {
  /** `[n * n]`: similarity of query (row) to support (column), higher is more alike. Need not be symmetric. */
  readonly similarity: Float32Array;
  /** A second comparison of each query with each support, which adds to the first. */
  readonly second?: SecondComparison | undefined;
  /** Class index of each of the n particles, 0 and up. */
  readonly labels: Int32Array;
  /** Classes in one episode. */
  readonly way: number;
  /** Supports per class. */
  readonly shot: number;
  readonly episodes: number;
  readonly random: Random;
}

/** A comparison that means something only beside others: what a support reaches with boxes of other classes is taken off. */
export interface SecondComparison {
  /** `[n * n]`, as `similarity`. */
  readonly correlation: Float32Array;
  /** What one of correlation is worth in similarity. */
  readonly weight: number;
}

/** How many episodes were answered rightly, and what was taken for what. */
export interface EpisodeResult {
  readonly accuracy: number;
  /** Wilson interval over episodes. Episodes share particles, so it does not cover the choice of particles or classes. */
  readonly ci95: Interval;
  readonly episodes: number;
  /** 1 for each episode that was answered correctly. The same random stream poses the same episodes to any similarities. */
  readonly outcomes: Uint8Array;
  /** `[classes * classes]`, row true and column predicted, over all classes of `labels`. */
  readonly confusion: Int32Array;
}

/**
 * n-way-k-shot episodes on precomputed similarities. Each draws `way` classes without replacement, one query of a random
 * one of them, and `shot` supports of each class, never the query itself. The class whose supports are on average most
 * similar to the query wins; ties are broken at random. A similarity that is NaN never wins.
 * @throws ConfigError when there are too few classes with at least shot + 1 particles.
 * @throws ShapeError when similarity is not labels.length squared.
 */
export function runEpisodes({
  similarity,
  second,
  labels,
  way,
  shot,
  episodes,
  random,
}: EpisodeOptions): EpisodeResult {
  const n = labels.length;
  if (similarity.length !== n * n)
    throw new ShapeError(`${n} labels need a similarity matrix of ${n * n} values, got ${similarity.length}`);
  const membersOfClass = membersByClass(labels);
  const usable = [...membersOfClass.keys()].filter((label) => membersOfClass[label].length > shot);
  if (way < 2 || shot < 1) throw new ConfigError(`${way}-way ${shot}-shot is not a task: at least 2 ways and 1 shot`);
  if (usable.length < way)
    throw new ConfigError(
      `${way}-way ${shot}-shot episodes need ${way} classes of at least ${shot + 1} particles; there are ${usable.length}`,
      { hint: "Ask for fewer ways or shots, or give more classes or particles." },
    );
  const classCount = membersOfClass.length;
  const confusion = new Int32Array(classCount * classCount);
  const outcomes = new Uint8Array(episodes);
  // A stream of their own: whether there are ties must not change the episodes that follow.
  const tieBreaker = random.fork("ties");
  let correct = 0;
  for (let episode = 0; episode < episodes; episode++) {
    const classes = drawDistinct(usable, way, random);
    const truth = classes[random.integer(way)];
    const query = random.pick(membersOfClass[truth]);
    let best = -Infinity;
    let ties = 0;
    let predicted = classes[random.integer(way)];
    const supports = classes.map((label) => drawSupports(membersOfClass[label], shot, query, random));
    for (const [i, label] of classes.entries()) {
      let sum = 0;
      for (const support of supports[i]) sum += similarity[query * n + support];
      if (second) sum += shot * second.weight * beyondChance(second.correlation, query, supports, i);
      if (sum > best) {
        best = sum;
        ties = 1;
        predicted = label;
      } else if (sum === best && tieBreaker.integer(++ties) === 0) predicted = label; // reservoir: each tie equally likely
    }
    confusion[truth * classCount + predicted]++;
    if (predicted !== truth) continue;
    outcomes[episode] = 1;
    correct++;
  }
  return { accuracy: correct / episodes, ci95: wilsonInterval(correct, episodes), episodes, outcomes, confusion };
}

/** Mean correlation of a query with the supports of one class, less that of the supports of the other classes. */
function beyondChance(
  correlation: Float32Array,
  query: number,
  supports: readonly (readonly number[])[],
  own: number,
): number {
  const n = Math.sqrt(correlation.length);
  let [sum, chance, others] = [0, 0, 0];
  for (const support of supports[own]) {
    sum += correlation[query * n + support];
    for (const [i, other] of supports.entries())
      if (i !== own) for (const box of other) chance += correlation[box * n + support];
    others = (supports.length - 1) * supports[own].length;
  }
  return sum / supports[own].length - chance / (others * supports[own].length);
}

/** Indices of the particles of each class, 0 to the highest label. */
export function membersByClass(labels: ArrayLike<number>): number[][] {
  const members: number[][] = [];
  for (let i = 0; i < labels.length; i++) {
    while (members.length <= labels[i]) members.push([]);
    members[labels[i]]?.push(i);
  }
  return members;
}

/** Partial Fisher-Yates shuffle in place: `items` stays a permutation, so it can be used again for the next draw. */
function drawDistinct(items: number[], count: number, random: Random): number[] {
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(items.length - i);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items.slice(0, count);
}

function drawSupports(members: number[], shot: number, query: number, random: Random): number[] {
  const supports: number[] = [];
  for (let i = 0; supports.length < shot; i++) {
    const j = i + random.integer(members.length - i);
    [members[i], members[j]] = [members[j], members[i]];
    if (members[i] !== query) supports.push(members[i]);
  }
  return supports;
}

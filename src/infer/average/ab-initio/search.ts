import type { Random } from "../../../volume/index.js";
import { type AbInitioState, averageAbInitio } from "./ab-initio.js";
import type { AverageOptions, AveragingState, SearchedPart } from "./averaging.js";
import type { Averager, Averages } from "./iteration.js";
import type { BandParticle, ParticleBand } from "./particle-band.js";
import type { Stage } from "./stages.js";
import { bestStart, type KnownStart, startFromKnown } from "./starts.js";

export interface SearchOptions
  extends Pick<AverageOptions, "state" | "onProgress" | "onReport" | "onState" | "signal"> {
  readonly band: ParticleBand;
  readonly stages: readonly Stage[];
  /** Particles of either half. */
  readonly halves: readonly [readonly number[], readonly number[]];
  /** Fraction of noise that references' mask leaves. */
  readonly left: number;
  readonly references: number;
  /** What is known of the average, and its bands. */
  readonly known: { readonly starts: readonly KnownStart[]; readonly bands: readonly BandParticle[] } | undefined;
  /** Stages that both halves go through together. */
  readonly sharedStages: number;
  readonly random: Random;
}

/**
 * Averages of two halves in unknown poses. They share nothing but the stages that they are told to go through together, and a start
 * that is given. @throws ModelError, AbortError.
 */
export async function searchInHalves(
  averager: Averager,
  options: SearchOptions,
): Promise<readonly [Averages, Averages]> {
  const { halves, stages, sharedStages, random } = options;
  const search = createSearch(averager, options);
  const ofHalf = (half: 0 | 1) => [half === 0 ? "first" : "second", halves[half], random.fork("half", half)] as const;
  if (sharedStages === 0) return [await search(...ofHalf(0), stages), await search(...ofHalf(1), stages)];
  const coarse = stages.slice(0, sharedStages);
  const averages = await search("together", halves.flat(), random.fork("together"), coarse);
  const begin: AbInitioState = { averages, stage: sharedStages, iteration: 0 };
  return [await search(...ofHalf(0), stages, begin), await search(...ofHalf(1), stages, begin)];
}

/** Searches one part of the particles after the other, each from where it was stopped, and tells how far they are. */
function createSearch(averager: Averager, options: SearchOptions) {
  const states: { -readonly [part in keyof AveragingState]: AveragingState[part] } = { ...options.state };
  const total = iterationsOf(options.stages);
  return async function search(
    part: SearchedPart,
    rows: readonly number[],
    random: Random,
    stages: readonly Stage[],
    begin?: AbInitioState,
  ): Promise<Averages> {
    const from = states[part] ?? begin ?? (await startOf(averager, options, rows, random));
    return averageAbInitio(averager, from, {
      ...{ band: options.band, stages, rows, random, signal: options.signal },
      onRows: (done, ofAll) => options.onProgress?.({ step: "searching", part, done, total: ofAll }),
      onIteration(report, { stage, iteration }) {
        const done = iterationsOf(stages.slice(0, stage)) + iteration;
        options.onReport?.({ step: "searching", part, done, total, ...report });
      },
      async onState(state) {
        states[part] = state;
        await options.onState?.({ ...states });
      },
    });
  };
}

async function startOf(
  averager: Averager,
  { known, stages, band, left, references, onProgress, signal }: SearchOptions,
  rows: readonly number[],
  random: Random,
): Promise<AbInitioState> {
  const onRows = (done: number, total: number) => onProgress?.({ step: "beginning", done, total });
  const options = { stage: stages[0], band, left, references, onRows, signal, rows, random };
  const averages = known
    ? await startFromKnown(averager, known.starts, known.bands, options)
    : await bestStart(averager, options);
  return { averages, stage: 0, iteration: 0 };
}

const iterationsOf = (stages: readonly Stage[]): number => stages.reduce((sum, { iterations }) => sum + iterations, 0);

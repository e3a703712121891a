import { comparePaired } from "../../evaluate/index.js";
import type { Complex } from "../../simulate/index.js";
import type { NetworkArithmetic } from "./arithmetic.js";
import type { NetworkMeasurement } from "./measure.js";
import type { ReproductionNetwork, ReproductionSettings } from "./plan.js";
import { isPaperNetwork, OWN_NETWORK } from "./tables/leads.js";
import type { ReproductionColumn, ReproductionTables } from "./tables/tables.js";
import type { TrainedNetwork } from "./training.js";

type Effect = readonly [name: string, from: string, to: string];

/** What the tables ask: [what changes, from this column, to this one]. */
function effectsOf(networks: readonly ReproductionNetwork[]): readonly Effect[] {
  const paper = networks.filter(({ key }) => isPaperNetwork(key));
  return [
    ["decoder, in SCNN", "scnn", "scnn-decoder"],
    ["decoder, in DuSE-SCNN", "duse-scnn", "duse-scnn-decoder"],
    ["DuSE, without decoder", "scnn", "duse-scnn"],
    ["DuSE, with decoder", "scnn-decoder", "duse-scnn-decoder"],
    ...paper.flatMap(({ key }): Effect[] => {
      const way = /-(\d+)way$/.exec(key)?.[1];
      return way === undefined ? [] : [[`trained ${way}-way instead of 2-way`, "duse-scnn-decoder", key]];
    }),
    ...paper.map(({ key, name }): Effect => [`cosnet instead of ${name}`, key, OWN_NETWORK]),
    ["more data for cosnet", OWN_NETWORK, "shipped"],
  ];
}

export interface ReproductionMeasurements {
  readonly networks: readonly ReproductionNetwork[];
  readonly trained: ReadonlyMap<string, TrainedNetwork>;
  /** Of the column that was not trained. */
  readonly shipped: Pick<NetworkArithmetic, "parameters" | "gigaflopPerVolume">;
  /** By SNR, then by the network's key. */
  readonly measurements: ReadonlyMap<number, ReadonlyMap<string, NetworkMeasurement>>;
  readonly complexes: readonly Complex[];
  readonly settings: ReproductionSettings;
}

/** The tables from what was measured. */
export function reproductionTables(given: ReproductionMeasurements): ReproductionTables {
  const { networks, trained, shipped, measurements, complexes } = given;
  const { episodes, snrs, ways, particlesPerClass } = given.settings;
  const columns = networks.map(({ key, name, training }): ReproductionColumn => {
    const { model } = measurements.get(snrs[0]!)!.get(key)!;
    const own = trained.get(key);
    if (!training || !own) return { key, name, model, ...shipped };
    const { modelPath: _, sha256: __, parameters, gigaflopPerVolume, ...figures } = own;
    const { classes: batchClasses, peakLearningRate } = training;
    return {
      key,
      name,
      model,
      parameters,
      gigaflopPerVolume,
      training: { batchClasses, peakLearningRate, ...figures },
    };
  });
  const at = (snr: number, key: string) => measurements.get(snr)!.get(key)!;
  const cells = ways.flatMap((way) =>
    snrs.flatMap((snr) =>
      columns.map(({ key }) => {
        const { accuracy, ci95, spread } = at(snr, key).cells.find((cell) => cell.way === way)!;
        return { network: key, way, snr, accuracy, ci95, spread };
      }),
    ),
  );
  const outcomes = (snr: number, key: string, way: number) =>
    at(snr, key).cells.find((cell) => cell.way === way)!.outcomes;
  const comparisons = effectsOf(networks).flatMap(([effect, first, second]) =>
    ways.flatMap((way) =>
      snrs.map((snr) => ({
        effect,
        first,
        second,
        way,
        snr,
        ...comparePaired(outcomes(snr, first, way), outcomes(snr, second, way)),
      })),
    ),
  );
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const dice = snrs.flatMap((snr) =>
    columns.flatMap(({ key }) => {
      const scores = at(snr, key).dice;
      if (!scores) return [];
      return complexes.map(({ name }, label) => {
        const own = [label * particlesPerClass, (label + 1) * particlesPerClass] as const;
        return {
          network: key,
          class: name,
          snr,
          before: mean(scores.before.slice(...own)),
          after: mean(scores.after.slice(...own)),
          n: particlesPerClass,
        };
      });
    }),
  );
  return { columns, cells, comparisons, dice, episodes };
}

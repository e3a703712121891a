import { comparePaired, type PairedComparison } from "../../evaluate/index.js";
import type { NetworkArithmetic } from "./arithmetic.js";
import type { MeasuredAccuracy, MeasuredNetwork } from "./measure.js";
import { FULL_FORM, isPaperNetwork, trainedWay } from "./paper.js";
import type { Experiment, ReproductionNetwork } from "./plan.js";
import type { TrainedNetwork } from "./train.js";

type NetworkSize = Pick<NetworkArithmetic, "parameters" | "gigaflopPerVolume">;

/** One column of the reproduction's tables: a network and what it took. */
export interface ReproductionColumn extends NetworkSize {
  readonly key: string;
  readonly name: string;
  /** Name and checksum of the model file. */
  readonly model: string;
  /** Absent for a model that was not trained for the reproduction. */
  readonly training?: Omit<TrainedNetwork, keyof NetworkSize | "modelPath" | "sha256"> & {
    readonly batchClasses: number;
    readonly peakLearningRate: number;
  };
}

/** A task for a network: this many classes, at this SNR. */
export interface ReproductionTask {
  readonly way: number;
  readonly snr: number;
}

/** The accuracy of one network at one task. */
export interface ReproductionCell extends ReproductionTask, MeasuredAccuracy {
  readonly network: string;
}

/** Two networks on the same episodes of a task. */
export interface ReproductionComparison extends PairedComparison, ReproductionTask {
  readonly effect: string;
  readonly first: string;
  readonly second: string;
}

/** Dice of a network's masks: means over the `n` particles of a class, before and after the conditional random field. */
export interface ReproductionDice {
  readonly network: string;
  readonly class: string;
  readonly snr: number;
  readonly before: number;
  readonly after: number;
  readonly n: number;
}

/** The tables of the paper, and what tells their columns apart. */
export interface ReproductionTables {
  readonly columns: readonly ReproductionColumn[];
  readonly cells: readonly ReproductionCell[];
  readonly comparisons: readonly ReproductionComparison[];
  readonly dice: readonly ReproductionDice[];
  readonly episodes: number;
}

/** Key of the column of our network trained on the paper's data. */
export const OWN_NETWORK = "cosnet";

type Effect = readonly [name: string, from: string, to: string];

/** What the tables compare: [what changes, from this column, to this one]. */
function effectsOf(networks: readonly ReproductionNetwork[]): readonly Effect[] {
  const paper = networks.filter(({ key }) => isPaperNetwork(key));
  return [
    ["decoder, in SCNN", "scnn", "scnn-decoder"],
    ["decoder, in DuSE-SCNN", "duse-scnn", "duse-scnn-decoder"],
    ["DuSE, without decoder", "scnn", "duse-scnn"],
    ["DuSE, with decoder", "scnn-decoder", "duse-scnn-decoder"],
    ...paper
      .filter(({ key }) => trainedWay(key) > 2)
      .map(({ key }): Effect => [`trained ${trainedWay(key)}-way instead of 2-way`, FULL_FORM, key]),
    ...paper.map(({ key, name }): Effect => [`cosnet instead of ${name}`, key, OWN_NETWORK]),
    ["more data for cosnet", OWN_NETWORK, "shipped"],
  ];
}

/** The tables from what was measured. `shipped` is of the column that was not trained. */
export function reproductionTables(
  { networks, test, settings }: Pick<Experiment, "networks" | "test" | "settings">,
  trained: ReadonlyMap<string, TrainedNetwork>,
  shipped: NetworkSize,
  measured: readonly MeasuredNetwork[],
): ReproductionTables {
  const { episodes, snrs, ways, particlesPerClass } = settings;
  const tasks = ways.flatMap((way) => snrs.map((snr): ReproductionTask => ({ way, snr })));
  const at = (key: string, snr: number) => measured.filter((entry) => entry.network === key && entry.snr === snr);
  const measuredCells = (key: string, { way, snr }: ReproductionTask) =>
    at(key, snr).flatMap(({ cells }) => cells.filter((cell) => cell.way === way));
  const cells = tasks.flatMap((task) =>
    networks.flatMap(({ key }) =>
      measuredCells(key, task).map(({ accuracy, ci95, spread }) => ({ network: key, ...task, accuracy, ci95, spread })),
    ),
  );
  const comparisons = effectsOf(networks).flatMap(([effect, first, second]) =>
    tasks.flatMap((task) => {
      const [[one], [other]] = [measuredCells(first, task), measuredCells(second, task)];
      return one && other ? [{ effect, first, second, ...task, ...comparePaired(one.outcomes, other.outcomes) }] : [];
    }),
  );
  const dice = snrs.flatMap((snr) =>
    networks.flatMap(({ key }) =>
      at(key, snr).flatMap(({ dice: scores }) => {
        if (!scores) return [];
        return test.map(({ name }, label) => {
          const own = (values: readonly number[]) =>
            mean(values.slice(label * particlesPerClass, (label + 1) * particlesPerClass));
          const [before, after] = [own(scores.before), own(scores.after)];
          return { network: key, class: name, snr, before, after, n: particlesPerClass };
        });
      }),
    ),
  );
  const columns = networks.map((network) => column(network, trained.get(network.key), shipped, measured));
  return { columns, cells, comparisons, dice, episodes };
}

function column(
  { key, name, training }: ReproductionNetwork,
  own: TrainedNetwork | undefined,
  shipped: NetworkSize,
  measured: readonly MeasuredNetwork[],
): ReproductionColumn {
  const model = measured.find(({ network }) => network === key)?.model ?? "none";
  if (!training || !own) return { key, name, model, ...shipped };
  const { classes: batchClasses, peakLearningRate } = training;
  const { modelPath: _, sha256: __, parameters, gigaflopPerVolume, ...figures } = own;
  return { key, name, model, parameters, gigaflopPerVolume, training: { batchClasses, peakLearningRate, ...figures } };
}

/** NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

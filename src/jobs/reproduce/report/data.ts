import type { RunInformation } from "../../../report/index.js";
import type { Volume } from "../../../volume/index.js";
import type { ReproductionTables } from "../tables/tables.js";

/** A network's outline of one particle. */
export interface ExampleMask {
  /** Probabilities 0 to 1. */
  readonly mask: Float32Array;
  readonly dice: number;
}

/** A test particle as the figures show it: input, truth, and what each network with a decoder made of it. */
export interface ExamplePicture {
  readonly name: string;
  readonly volume: Volume;
  readonly truth: Float32Array;
  /** By the network's key. */
  readonly masks: ReadonlyMap<string, ExampleMask>;
}

/** The shipped model under other imaging conditions; the first condition is the clean one. */
export interface RobustnessFigures {
  readonly conditions: readonly { readonly name: string; readonly description: string }[];
  readonly cells: readonly {
    readonly condition: string;
    readonly snr: number;
    readonly way: number;
    readonly accuracy: number;
  }[];
  readonly dice: readonly { readonly condition: string; readonly snr: number; readonly dice: number }[];
  readonly episodes: number;
  readonly particlesPerClass: number;
}

/** The full form of the paper's network at the size of the paper and its authors' code. */
export interface PaperSize {
  readonly channels: number;
  readonly parameters: number;
  readonly gigaflopPerVolume: number;
  readonly batchVolumes: number;
  readonly steps: number;
  readonly learningRate: number;
  /** Of all steps, forward and backward. */
  readonly trainingTeraflop: number;
}

export interface ReproductionReportData {
  readonly tables: ReproductionTables;
  readonly paperSize: PaperSize;
  /** One of each test class. */
  readonly examples: readonly ExamplePicture[];
  /** Not measured when procedural complexes stood in. */
  readonly robustness?: RobustnessFigures | undefined;
  readonly settings: {
    readonly quick: boolean;
    readonly channels: number;
    readonly volumes: number;
    readonly particlesPerClass: number;
  };
  /** Empty when procedural complexes stood in. */
  readonly trainingComplexes: readonly string[];
  readonly testComplexes: readonly string[];
  readonly run: RunInformation;
}

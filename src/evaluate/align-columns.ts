/** "95.8" for 0.958, in tables whose heading says per cent; "-" for NaN. */
export function percent(fraction: number): string {
  return Number.isFinite(fraction) ? (100 * fraction).toFixed(1) : "-";
}

/** Rows of cells as text, a line a row: first column left, the others right, two spaces between. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => rows.reduce((widest, row) => Math.max(widest, row[column].length), 0));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "),
    )
    .map((line) => `  ${line.trimEnd()}`)
    .join("\n");
}

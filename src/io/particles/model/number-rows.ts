/** Rows are kept in blocks, so that a long table is never copied to make room. */
const BLOCK_ROWS = 1 << 14;

/** The numbers of a column in a block of rows: one where all are the same, as in most columns of most tables. */
type BlockColumn = Float64Array | number;

/** Rows of as many numbers each, kept by columns in little memory. */
export class NumberRows {
  readonly #blocks: BlockColumn[][] = [];
  readonly #open: Float64Array;
  #rowCount = 0;

  constructor(readonly columnCount: number) {
    this.#open = new Float64Array(BLOCK_ROWS * columnCount);
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** Adds a row, whose numbers are the first of `values`. */
  add(values: Float64Array): void {
    const start = (this.#rowCount % BLOCK_ROWS) * this.columnCount;
    for (let column = 0; column < this.columnCount; column++) this.#open[start + column] = values[column];
    this.#rowCount++;
    if (this.#rowCount % BLOCK_ROWS === 0) this.#blocks.push(this.#columns(BLOCK_ROWS));
  }

  /** Ends the table, and gives its numbers by row and column, both from 0; 0 beyond the last column. */
  reader(): (row: number, column: number) => number {
    const blocks = [...this.#blocks, this.#columns(this.#rowCount % BLOCK_ROWS)];
    return (row, column) => {
      const values = blocks[Math.floor(row / BLOCK_ROWS)][column] ?? 0;
      return typeof values === "number" ? values : values[row % BLOCK_ROWS];
    };
  }

  /** The columns of the open block's rows. */
  #columns(rows: number): BlockColumn[] {
    return Array.from({ length: this.columnCount }, (_, column) => {
      const values = new Float64Array(rows);
      for (let row = 0; row < rows; row++) values[row] = this.#open[row * this.columnCount + column];
      return values.every((value) => Object.is(value, values[0])) ? (values[0] ?? 0) : values;
    });
  }
}

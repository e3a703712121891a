import { open } from "node:fs/promises";
import { FileError } from "../../errors.js";
import { failing } from "./disk.js";

/** Rows of equally many numbers in a file. */
interface Rows {
  /** How many there are, those of an earlier run included. */
  readonly count: number;
  /** @throws FileError */
  append(row: Float32Array): Promise<void>;
  /** These rows, in this order, in memory that the next reading overwrites. @throws FileError */
  read(rows: readonly number[]): Promise<readonly Float32Array[]>;
}

/** A file of numbers; `await using` it. */
export interface RowFile extends AsyncDisposable {
  /** What it holds as rows of `length` numbers. One that was being written when the program ended is cut off. @throws FileError */
  rows(length: number): Promise<Rows>;
}

/**
 * Opens a file, made if need be, for rows of numbers that are appended one by one and read in any order: more than there is memory for.
 * @throws FileError when it cannot be written.
 */
export async function openRowFile(path: string): Promise<RowFile> {
  const writing = <T>(step: Promise<T>): Promise<T> => step.catch(failing(path, "written"));
  const file = await writing(open(path, "a+"));
  return {
    [Symbol.asyncDispose]: () => file.close(),
    async rows(length) {
      const rowBytes = length * Float32Array.BYTES_PER_ELEMENT;
      const { size } = await file.stat();
      let count = Math.floor(size / rowBytes);
      if (size % rowBytes > 0) await writing(file.truncate(count * rowBytes));
      let numbers = new Float32Array(0);
      return {
        get count() {
          return count;
        },
        async append(row) {
          await writing(file.appendFile(new Uint8Array(row.buffer, row.byteOffset, rowBytes)));
          count++;
        },
        async read(rows) {
          if (numbers.length < rows.length * length) numbers = new Float32Array(rows.length * length);
          for (const [i, row] of rows.entries()) {
            const bytes = new Uint8Array(numbers.buffer, i * rowBytes, rowBytes);
            for (let done = 0; done < rowBytes; ) {
              const { bytesRead } = await file
                .read(bytes, done, rowBytes - done, row * rowBytes + done)
                .catch(failing(path, "read"));
              if (bytesRead === 0) throw new FileError(`ends before row ${row + 1}, which it had`, path);
              done += bytesRead;
            }
          }
          return rows.map((_, i) => numbers.subarray(i * length, (i + 1) * length));
        },
      };
    },
  };
}

import { appendFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openRowFile } from "./row-file.js";

it("gives rows in any order, and those of an earlier run but for one cut short", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "rows-")), "band.rows");
  const row = (value: number) => Float32Array.of(value, value + 0.5, -value);
  {
    await using file = await openRowFile(path);
    const rows = await file.rows(3);
    for (const value of [1, 2, 3]) await rows.append(row(value));
    expect(await rows.read([2, 0])).toEqual([row(3), row(1)]);
  }
  await appendFile(path, new Uint8Array(7));
  await using file = await openRowFile(path);
  const rows = await file.rows(3);
  expect(rows.count).toBe(3);
  await rows.append(row(4));
  expect(await rows.read([3, 1])).toEqual([row(4), row(2)]);
  await expect(rows.read([4])).rejects.toThrow("ends before row 5");
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../errors.js";
import { looksLikeEm, readEm } from "./read.js";

function em(
  type: number,
  little: boolean,
  values: readonly number[],
  write: (view: DataView, i: number, v: number) => void,
) {
  const size = { 1: 1, 2: 2, 4: 4, 5: 4, 9: 8 }[type] ?? 0;
  const bytes = new Uint8Array(512 + size * values.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = little ? 6 : 5;
  bytes[3] = type;
  [3, 2, 1].forEach((n, i) => {
    view.setInt32(4 + 4 * i, n, little);
  });
  values.forEach((v, i) => {
    write(view, 512 + size * i, v);
  });
  return bytes;
}

const VALUES = [1, -2, 3, 4, 5, 100];

describe("em", () => {
  test.each([true, false])("all types, little-endian: %s", (little) => {
    const files = [
      em(1, little, VALUES, (view, at, v) => view.setInt8(at, v)),
      em(2, little, VALUES, (view, at, v) => view.setInt16(at, v, little)),
      em(4, little, VALUES, (view, at, v) => view.setInt32(at, v, little)),
      em(5, little, VALUES, (view, at, v) => view.setFloat32(at, v, little)),
      em(9, little, VALUES, (view, at, v) => view.setFloat64(at, v, little)),
    ];
    for (const bytes of files) {
      const { volume, voxelSizeAngstrom, warnings } = readEm(bytes);
      expect([...volume.data]).toEqual(VALUES);
      expect(volume.shape).toEqual([1, 2, 3]);
      expect(voxelSizeAngstrom).toBeUndefined();
      expect(warnings).toEqual(["the header states no voxel size"]);
      expect(readEm(bytes, { voxelSizeAngstrom: 8.7 }).volume.voxelSizeAngstrom).toBe(8.7);
    }
  });

  test("refuses truncated, foreign and complex files", () => {
    const good = em(5, true, VALUES, (view, at, v) => view.setFloat32(at, v, true));
    const complex = good.slice();
    complex[3] = 8;
    for (const bytes of [good.subarray(0, 530), complex, new Uint8Array(600), new Uint8Array(3)]) {
      expect(looksLikeEm(bytes)).toBe(false);
      expect(() => readEm(bytes, { name: "x.em" })).toThrow(FormatError);
    }
  });

  const DATA = join(import.meta.dirname, "../../../../../shared/data/real");
  test.skipIf(!existsSync(DATA))("real files (skipped when ../shared/data is absent)", () => {
    const read = (file: string) => readEm(readFileSync(join(DATA, file)), { name: file });
    const subtomogram = read("cryoCAT_ribosome_subtomogram_48.em");
    expect(subtomogram.volume.shape).toEqual([48, 48, 48]);
    expect(subtomogram.statistics.maximum).toBeGreaterThan(1e11); // grey values near 1e12, says the data's README
    const list = read("cryoCAT_ribosome_motl_t126.em");
    expect(list.header.type).toBe("float64");
    expect(list.warnings.at(-1)).toContain("particle list (motl)");
  });
});

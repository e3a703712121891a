import { describe, expect, test } from "vitest";
import { isSameTomogram, pairTomograms, tomogramNameOf } from "./tomogram-name.js";

describe("a tomogram's own name", () => {
  test.each([
    ["TS_01", "TS_01"],
    ["TS_01.mrc", "TS_01"],
    ["reconstruction/TS_01_10.00Apx.mrc", "TS_01"],
    ["rec_TS_01.mrc", "TS_01"],
    ["TS_01.tomostar", "TS_01"],
    ["AB016A_2_L01_ts_002.mrc.tomostar", "AB016A_2_L01_ts_002"],
    ["TS_01_rec.mrc", "TS_01"],
    ["TS_01_Vol.mrc.gz", "TS_01"],
    ["C:\\data\\TS_01.ome.zarr", "TS_01"],
    ["2024.11.28_grid1.mrc", "2024.11.28_grid1"],
    [".mrc", ".mrc"],
    ["rec_", "rec_"],
    ["", ""],
  ])("%s is %s", (path, name) => {
    expect(tomogramNameOf(path)).toBe(name);
  });

  test("pairs names of the same tomogram, and no others", () => {
    expect(isSameTomogram("TS_1.tomostar", "TS_1")).toBe(true);
    expect(isSameTomogram("TS_1", "TS_10")).toBe(false);
    const pairs = pairTomograms(["tomo02", "TS_1", "TS_2.tomostar", "other"], ["tomo02_objects", "TS_10", "TS_2"]);
    expect([...pairs]).toEqual([
      ["tomo02", "tomo02_objects"],
      ["TS_2.tomostar", "TS_2"],
    ]);
    expect(pairTomograms(["a.mrc"], ["x/a.mrc", "y/a.mrc"]).size).toBe(0);
    expect(pairTomograms(["x/a.mrc"], ["x/a.mrc", "y/a.mrc"]).get("x/a.mrc")).toBe("x/a.mrc");
  });
});

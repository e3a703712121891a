import { expect, test } from "vitest";
import { isList } from "./options.js";

test("lists of any format are told from tomograms by their names", () => {
  for (const name of ["picks.star", "p.star.gz", "clicks.csv", "picks.tbl", "TS_1.coords", "a.cbox", "a.json", "a.mod"])
    expect(isList(name), name).toBe(true);
  for (const name of ["TS_1.mrc", "TS_1.rec", "TS_1.em", "TS_1.mrc.gz", "TS_1.zarr", "TS_1.hdf", "TS_1.tif"])
    expect(isList(name), name).toBe(false);
});

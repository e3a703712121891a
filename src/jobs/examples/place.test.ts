import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkNumberedTomograms, placeOfExample } from "./place.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-place-"));
  await writeFile(join(folder, "other.mrc"), "");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const place = (
  tomogramName: string | undefined,
  list: string,
  tomogramPaths: string[],
  examplesTomogramPath?: string,
) =>
  placeOfExample({ ...(tomogramName !== undefined && { tomogramName }), extra: {} }, join(folder, list), {
    ...{ tomogramPaths, examplesTomogramPath },
  });

test("the user says it, then the list by a file or a name of those searched", async () => {
  expect(await place("TS_02", "e.csv", ["TS_01.mrc"], "a.mrc")).toEqual({ path: "a.mrc", isAssumed: false });
  expect(await place("other.mrc", "e.csv", ["x.mrc"])).toEqual({ path: join(folder, "other.mrc"), isAssumed: false });
  expect(await place("TS_01", "e.csv", ["TS_02.mrc", "rec_TS_01.mrc"])).toMatchObject({ path: "rec_TS_01.mrc" });
});

test("a single tomogram is assumed where nothing speaks against it", async () => {
  const assumed = { path: "tomo02.mrc", isAssumed: true };
  for (const [name, list] of [
    [undefined, "e.csv"],
    ["0", "e.xml"],
    [undefined, "tomo02_clicks.csv"],
    [undefined, "tomo2.csv"],
  ] as const)
    expect(await place(name, list, ["tomo02.mrc"]), list).toEqual(assumed);
  expect(await place(undefined, "clicks-2.csv", ["tomogram.mrc"])).toMatchObject({ isAssumed: true });
});

test("examples of another tomogram are refused, whatever says that they are", async () => {
  await expect(place("TS_05", "e.csv", ["TS_01.mrc"])).rejects.toThrow(/in tomogram TS_05, which is neither/);
  for (const list of ["tomo01_objects.xml", "tomo01.csv", "tomo01-clicks.mod"])
    await expect(place(undefined, list, ["tomo02.mrc"]), list).rejects.toThrow(
      /by the file's name they are not in tomo02/,
    );
  await expect(place(undefined, "e.csv", ["a.mrc", "b.mrc"])).rejects.toThrow("name no tomogram, and 2 are searched");
  expect(() =>
    checkNumberedTomograms(
      ["1", "2"].map((tomogramName) => ({ tomogramName, extra: {} })),
      "e.tbl",
      {
        examplesTomogramPath: undefined,
      },
    ),
  ).toThrow("e.tbl: the examples are of 2 tomograms that the list only numbers");
});

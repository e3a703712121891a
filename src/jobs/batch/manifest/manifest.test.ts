import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, FileError, FormatError } from "../../../errors.js";
import { resolveManifest } from "./manifest.js";

let folder: string;
const at = (name: string) => join(folder, name);
function put(name: string, content = ""): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cosnet-manifest-"));
  for (const name of ["rec_TS_2.mrc", "rec_TS_10.mrc", "TS_1.em", "notes.txt", ".hidden.mrc"]) put(`rec/${name}`);
  for (const name of ["a/vol.mrc", "b/vol.mrc"]) put(`same/${name}`);
  put(
    "relion/tomograms.star",
    `data_global\n\nloop_\n_rlnTomoName\n_rlnTomoTiltSeriesPixelSize\n_rlnTomoTomogramBinning\n_rlnTomoReconstructedTomogram\nTS_2 2.5 4 rec/rec_TS_2.mrc\nTS_10 2.5 4 rec/rec_TS_10.mrc\n`,
  );
  put("relion/tilts.star", "data_global\n\nloop_\n_rlnTomoName\n_rlnTomoTiltSeriesPixelSize\nTS_2 2.5\n");
  put("table.csv", 'name,path,voxel_size\nfirst,rec/rec_TS_2.mrc,10\n# left out\n"second","rec/TS_1.em",\n');
  put("paths.csv", "rec/rec_TS_10.mrc\nrec/TS_1.em\n");
  put("wrong.csv", "name,where\na,b\n");
  put("size.csv", "path,voxel_size\nrec/TS_1.em,ten\n");
  for (const file of ["VoxelSpacing10.000/wbp.zarr", "VoxelSpacing10.000/denoised.zarr", "VoxelSpacing20.000/wbp.zarr"])
    put(`copick/ExperimentRuns/run_1/${file}/.zgroup`, "{}");
  put("copick/ExperimentRuns/run_2/VoxelSpacing7.840/denoised.zarr/.zgroup", "{}");
  put(
    "copick/config.json",
    JSON.stringify({ overlay_root: "local://overlay", static_root: `local://${at("copick")}` }),
  );
  put("copick/remote.json", JSON.stringify({ static_root: "s3://bucket/data" }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function resolved(...given: readonly string[]) {
  const warnings: string[] = [];
  const tomograms = await resolveManifest(given.map(at), { onWarning: (warning) => void warnings.push(warning) });
  return {
    rows: tomograms.map(({ name, path, voxelSizeAngstrom: size }) => [name, path.slice(folder.length + 1), size]),
    warnings,
  };
}

const PLAIN = [
  ["TS_1", "rec/TS_1.em", undefined],
  ["TS_2", "rec/rec_TS_2.mrc", undefined],
  ["TS_10", "rec/rec_TS_10.mrc", undefined],
];

test.each([
  ["a folder, its volumes by name and number", ["rec"], [PLAIN[1], PLAIN[2], PLAIN[0]]],
  ["a pattern", ["rec/rec_*.mrc"], PLAIN.slice(1)],
  ["a pattern of folders", ["r?c/TS_*"], PLAIN.slice(0, 1)],
  ["files, each once", ["rec/TS_1.em", "rec/rec_TS_2.mrc", "rec/../rec/TS_1.em"], PLAIN.slice(0, 2)],
  [
    "RELION's tomograms.star, which lies in a job's folder",
    ["relion/tomograms.star"],
    [
      ["TS_2", "rec/rec_TS_2.mrc", 10],
      ["TS_10", "rec/rec_TS_10.mrc", 10],
    ],
  ],
  [
    "a table with names and voxel sizes",
    ["table.csv"],
    [
      ["first", "rec/rec_TS_2.mrc", 10],
      ["second", "rec/TS_1.em", undefined],
    ],
  ],
  ["a list of paths", ["paths.csv"], [PLAIN[2], PLAIN[0]]],
])("%s", async (_, given, rows) => {
  expect((await resolved(...given)).rows).toEqual(rows);
});

const COPICK = [
  ["run_1", "copick/ExperimentRuns/run_1/VoxelSpacing10.000/wbp.zarr", 10],
  ["run_2", "copick/ExperimentRuns/run_2/VoxelSpacing7.840/denoised.zarr", 7.84],
];

test.each(["copick", "copick/config.json"])("a copick project (%s): of each run the finest tomogram", async (given) => {
  expect((await resolved(given)).rows).toEqual(COPICK);
});

test("tomograms of the same name are told apart by their folders, and that is said", async () => {
  const { rows, warnings } = await resolved("same/*/vol.mrc");
  expect(rows.map(([name]) => name)).toEqual(["a_vol", "b_vol"]);
  expect(warnings).toEqual([expect.stringContaining("several tomograms are called vol")]);
});

test.each([
  ["relion/tilts.star", FormatError, /names no reconstructed tomogram of TS_2/],
  ["wrong.csv", FormatError, /no column is called path: there are name, where/],
  ["size.csv", FormatError, /line 2: ten is not a voxel size/],
  ["copick/remote.json", ConfigError, /s3:\/\/bucket\/data, and nothing is read over the network/],
  ["rec/*.tif", ConfigError, /there are no tomograms/],
])("%s is refused", async (given, kind, message) => {
  await expect(resolved(given)).rejects.toThrow(kind);
  await expect(resolved(given)).rejects.toThrow(message);
});

test("tomograms none of which is there are refused before anything begins; one of several fails by itself", async () => {
  await expect(resolved("nowhere")).rejects.toThrow("nowhere: cannot be read: there is no such file or folder");
  await expect(resolved("nowhere", "neither.mrc")).rejects.toThrow(FileError);
  expect((await resolved("nowhere.mrc", "rec/TS_1.em")).rows.map(([name]) => name)).toEqual(["nowhere", "TS_1"]);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readParticleListFile } from "./list-file.js";
import { tomogramsStarOf } from "./tomograms-star.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-tomograms-"));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string) => join(folder, name);
for (const name of ["beside", "project/Extract/job012", "project/Tomograms/job006", "broken"])
  mkdirSync(inFolder(name), { recursive: true });

const tomograms = (size: string) =>
  `data_global\nloop_\n_rlnTomoName\n_rlnTomoTiltSeriesPixelSize\n_rlnTomoSizeX\n_rlnTomoSizeY\n_rlnTomoSizeZ\n_rlnTomoReconstructedTomogram\nTS_1.tomostar 2 ${size} rec_TS_1.mrc\n`;
const axes = ["X", "Y", "Z"].map((axis) => `_rlnCenteredCoordinate${axis}Angst\n`).join("");
const particles = `data_particles\nloop_\n_rlnTomoName\n${axes}TS_1 0 0 0\n`;

test("lies beside the list", async () => {
  writeFileSync(inFolder("beside/picks.star"), particles);
  writeFileSync(inFolder("beside/tomograms.star"), tomograms("100 200 300"));
  const { list, tomograms: beside } = await readParticleListFile(inFolder("beside/picks.star"));
  expect(list.origin).toBe("tomogram-centre");
  expect(beside?.sizesAngstrom?.get("TS_1")).toEqual({ x: 200, y: 400, z: 600 });
  expect(beside?.volumes.get("TS_1")).toBe("rec_TS_1.mrc");
  const given = await readParticleListFile(inFolder("beside/picks.star"), {
    tomograms: inFolder("beside/tomograms.star"),
  });
  expect(given.list).toMatchObject({
    origin: "first-voxel",
    particles: [{ positionAngstrom: { x: 100, y: 200, z: 300 } }],
  });
  expect(given.tomograms).toBeUndefined();
});

test("is what the optimisation set beside the list names, from the project's folder", async () => {
  writeFileSync(inFolder("project/Tomograms/job006/tomograms.star"), tomograms("100 200 300"));
  writeFileSync(
    inFolder("project/Extract/job012/optimisation_set.star"),
    "data_\n_rlnTomoParticlesFile Extract/job012/particles.star\n_rlnTomoTomogramsFile Tomograms/job006/tomograms.star\n",
  );
  const found = await tomogramsStarOf(inFolder("project/Extract/job012/particles.star"));
  expect(found?.path).toBe(inFolder("project/Tomograms/job006/tomograms.star"));
});

test("of impossible sizes is not used, and says why; none is none", async () => {
  writeFileSync(inFolder("broken/tomograms.star"), tomograms("-999 -999 -999"));
  const found = await tomogramsStarOf(inFolder("broken/picks.star"));
  expect(found).toMatchObject({ sizesAngstrom: undefined, warnings: [expect.stringMatching(/TS_1.tomostar.*-999/)] });
  expect(await tomogramsStarOf(inFolder("project/picks.star"))).toBeUndefined();
});

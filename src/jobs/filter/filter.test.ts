import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readParticleListFile } from "../../files/particles/index.js";
import { writeMrc } from "../../io/index.js";
import { createVolume } from "../../volume/index.js";
import { filterParticles } from "./filter.js";
import type { FilterOptions } from "./options.js";

/** Voxels of 10 Å. Two tomograms with the same positions, so that distances between them would show. */
const LIST = [
  "tomogram,x,y,z,class,score,cosnetProbability,quality",
  "TS_1,5,5,5,ribosome,0.9,0.99,1",
  "TS_1,8,5,5,ribosome,0.5,0.60,2",
  "TS_1,11,5,5,proteasome,0.8,0.90,3",
  "TS_1,40,30,5,ribosome,0.2,0.10,",
  "TS_2,5,5,5,proteasome,0.1,0.30,5",
];

let folder: string;
const inFolder = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-filter-test-"));
  await writeFile(inFolder("list.csv"), `${LIST.join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The rows of the list, from 0, that are kept. */
async function kept(options: FilterOptions): Promise<{ rows: string; summary: string; warnings: readonly string[] }> {
  const { summary, warnings } = await filterParticles(inFolder("list.csv"), inFolder("out.csv"), {
    voxelSizeAngstrom: 10,
    ...options,
  });
  const before = (await readParticleListFile(inFolder("list.csv"), { voxelSizeAngstrom: 10 })).list.particles;
  const after = (await readParticleListFile(inFolder("out.csv"), { voxelSizeAngstrom: 10 })).list.particles;
  const name = (particle: (typeof before)[number]) =>
    JSON.stringify([particle.tomogramName, particle.positionAngstrom, particle.className, particle.extra]);
  const rows = after.map((particle) => before.findIndex((other) => name(other) === name(particle)));
  return { rows: rows.join(" "), summary, warnings };
}

describe("filterParticles", () => {
  test("by tomogram, class, score, probability and any column", async () => {
    expect((await kept({ onlyTomograms: ["TS_1.mrc"] })).rows).toBe("0 1 2 3");
    expect((await kept({ classes: ["proteasome"] })).rows).toBe("2 4");
    expect((await kept({ exceptClasses: ["proteasome"] })).rows).toBe("0 1 3");
    expect((await kept({ minimumScore: 0.5 })).rows).toBe("0 1 2");
    expect((await kept({ minimumProbability: 0.9 })).rows).toBe("0 2");
    const byColumn = await kept({ minimumScore: 2, scoreColumn: "_quality" });
    expect(byColumn.rows).toBe("1 2 4");
    expect(byColumn.summary).toBe("3 of 5 particles kept: 2 with a score below 2 or without one (1)");
  });

  test("of two that are too near the better one stays, and what has gone drives nothing away", async () => {
    // 30 Å between neighbours: the middle one goes, so that the third, 60 Å from the first, stays.
    expect((await kept({ minimumDistanceAngstrom: 31 })).rows).toBe("0 2 3 4");
    expect((await kept({ minimumDistanceAngstrom: 30 })).rows).toBe("0 1 2 3 4");
    expect((await kept({ minimumDistanceAngstrom: 61 })).rows).toBe("0 3 4");
    expect((await kept({ minimumDistanceAngstrom: 61, withinClass: true })).rows).toBe("0 2 3 4");
    expect((await kept({ minimumDistanceAngstrom: 31, scoreColumn: "quality" })).rows).toBe("0 2 3 4");
    expect((await kept({ topOfClass: 1 })).rows).toBe("0 2");
  });

  test("a list sorted best first keeps its best, where RELION's --remove_duplicates keeps the later of a pair", async () => {
    await writeFile(inFolder("sorted.csv"), "x,y,z,score\n1,1,1,0.9\n2,1,1,0.8\n3,1,1,0.7\n");
    await filterParticles(inFolder("sorted.csv"), inFolder("best.csv"), {
      voxelSizeAngstrom: 10,
      minimumDistanceAngstrom: 25,
    });
    const { list } = await readParticleListFile(inFolder("best.csv"), {});
    expect(list.particles.map(({ score }) => score)).toEqual([0.9]);
  });

  test("by region, mask and border", async () => {
    const region = [
      { x: 0, y: 0, z: 0 },
      { x: 8, y: 10, z: 10 },
    ] as const;
    expect((await kept({ regionVoxels: region })).rows).toBe("0 1 4");
    expect((await kept({ regionVoxels: region, outside: true })).rows).toBe("2 3");
    const size = { sizeVoxels: { x: 45, y: 45, z: 10 } };
    expect((await kept({ ...size, borderAngstrom: 50 })).rows).toBe("0 1 2 3 4");
    expect((await kept({ ...size, borderAngstrom: 51 })).rows).toBe("");
    const mask = createVolume([10, 45, 45], 10);
    mask.data[(5 * 45 + 5) * 45 + 8] = 1;
    mask.data[(5 * 45 + 30) * 45 + 40] = 0.4;
    await writeFile(inFolder("TS_1_cell.mrc"), writeMrc(mask));
    const masked = { maskPaths: [inFolder("TS_1_cell.mrc")], onlyTomograms: ["TS_1"] };
    expect((await kept(masked)).rows).toBe("1");
    expect((await kept({ ...masked, outside: true })).rows).toBe("0 2 3");
    await expect(kept({ maskPaths: masked.maskPaths })).rejects.toThrow("none of the masks is of tomogram TS_2");
  });

  test("says what is missing, and that nothing is left", async () => {
    await expect(kept({})).rejects.toThrow("nothing says which particles to keep");
    await expect(kept({ classes: ["TRiC"] })).rejects.toThrow("no particle is of class TRiC");
    await writeFile(inFolder("rowless.csv"), "x,y,z,class\n");
    const ofRowless = filterParticles(inFolder("rowless.csv"), inFolder("none.csv"), { classes: ["TRiC"] });
    await expect(ofRowless).rejects.toMatchObject({ hint: "The list holds no particles." });
    await expect(kept({ onlyTomograms: ["TS_10"] })).rejects.toThrow("no particle is of tomogram TS_10");
    await expect(kept({ minimumScore: 1, scoreColumn: "rlnCC" })).rejects.toThrow("no particle has a number in column");
    await expect(kept({ borderAngstrom: 10 })).rejects.toThrow("where tomogram TS_1 ends is not known");
    await writeFile(inFolder("empty.mrc"), writeMrc(createVolume([10, 45, 45], 10)));
    await expect(kept({ maskPaths: [inFolder("empty.mrc")], onlyTomograms: ["TS_1"] })).rejects.toThrow(
      "so it admits nothing",
    );
    await expect(filterParticles(inFolder("list.csv"), inFolder("list.csv"), {})).rejects.toThrow("replace the input");
    const none = await kept({ minimumScore: 2 });
    expect(none.warnings).toEqual(["no particle is left: 0 of 5 particles kept: 5 with a score below 2"]);
  });

  test("a RELION 4 list stays one, with its optics and its own columns", async () => {
    const star = [
      "# version 30001\n\ndata_optics\n\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n_rlnTomoTiltSeriesPixelSize\n1 g1 2.5\n2 g2 2.5\n",
      "# version 30001\n\ndata_particles\n\nloop_",
      ...["rlnTomoName", "rlnCoordinateX", "rlnCoordinateY", "rlnCoordinateZ", "rlnOpticsGroup", "myColumn"].map(
        (name) => `_${name}`,
      ),
      "TS_1 100 100 100 2 a\nTS_1 101 100 100 1 b\nTS_2 100 100 100 1 c\n",
    ];
    await writeFile(inFolder("relion4.star"), star.join("\n"));
    const result = await filterParticles(inFolder("relion4.star"), inFolder("apart.star"), {
      minimumDistanceAngstrom: 10,
    });
    expect(result).toMatchObject({ to: "relion4", total: 3, kept: 2 });
    const text = await readFile(inFolder("apart.star"), "utf8");
    expect(text).toMatch(/_rlnCoordinateX #\d/);
    expect(text).toMatch(/1 +g1 +2\.5\n2 +g2 +2\.5/);
    expect(text).toMatch(/TS_1 .* a *\nTS_2 .* c/);
    expect(result.warnings[0]).toContain("the list has no scores");
  });

  test("a RELION 5 list stays centred, and takes its tomograms' sizes from the tomograms.star beside it", async () => {
    const columns = ["TomoName", ...["X", "Y", "Z"].map((axis) => `CenteredCoordinate${axis}Angst`)];
    const rows = ["TS_1 0 0 0", "TS_1 480 0 0"];
    const head = `data_particles\n\nloop_\n${columns.map((name) => `_rln${name}`).join("\n")}`;
    await writeFile(inFolder("run_data.star"), `${head}\n${rows.join("\n")}\n`);
    const border = { borderAngstrom: 50 };
    await expect(filterParticles(inFolder("run_data.star"), inFolder("inner.star"), border)).rejects.toThrow(
      'the size of tomogram "TS_1" is not known',
    );
    const sizes = ["TomoName", "TomoSizeX", "TomoSizeY", "TomoSizeZ", "TomoTiltSeriesPixelSize"];
    const global = `data_global\n\nloop_\n${sizes.map((name) => `_rln${name}`).join("\n")}\nTS_1 100 100 50 10\n`;
    await writeFile(inFolder("tomograms.star"), global);
    const result = await filterParticles(inFolder("run_data.star"), inFolder("inner.star"), border);
    expect(result).toMatchObject({ to: "relion5", kept: 1 });
    expect(result.warnings).toEqual([`tomogram sizes are those of ${inFolder("tomograms.star")}`]);
    expect(await readFile(inFolder("inner.star"), "utf8")).toMatch(/TS_1 +0\.000000 +0\.000000 +0\.000000/);
    await rm(inFolder("tomograms.star"));
  });
});

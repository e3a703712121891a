import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readParticleListFile } from "../../files/particles/index.js";
import { mergeParticles } from "./merge.js";

let folder: string;
const inFolder = (name: string) => join(folder, name);
const write = (name: string, lines: readonly string[]) => writeFile(inFolder(name), `${lines.join("\n")}\n`);
const particlesOf = async (name: string) =>
  (await readParticleListFile(inFolder(name), { voxelSizeAngstrom: 10 })).list.particles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-merge-test-"));
  await write("a.csv", [
    "tomogram,x,y,z,class,score,colour",
    "TS_1,10,10,10,ribosome,0.5,red",
    "TS_1,50,10,10,ribosome,0.9,red",
  ]);
  await write("b.csv", [
    "tomogram,x,y,z,class,score",
    "TS_1.mrc,11,10,10,80S,0.7",
    "TS_1.mrc,50,11,10,80S,0.8",
    "TS_2,50,10,10,80S,0.1",
  ]);
  await write("one.coords", ["10 10 10", "20 10 10"]);
  await write("two.coords", ["10 10 10"]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const voxels = { voxelSizeAngstrom: 10 };

describe("mergeParticles", () => {
  test("of particles that are there twice the better one stays, with its own columns and its source", async () => {
    const result = await mergeParticles([inFolder("a.csv"), inFolder("b.csv")], inFolder("ab.csv"), {
      ...voxels,
      minimumDistanceAngstrom: 15,
      classNames: new Map([["80S", "ribosome"]]),
    });
    expect(result).toMatchObject({ total: 5, kept: 3, to: "csv" });
    expect(result.lists.map(({ kept }) => kept)).toEqual([1, 2]);
    expect(result.summary).toBe("3 of 5 particles of 2 lists kept: 2 within 15 Å of a better one");
    expect(
      (await particlesOf("ab.csv")).map(({ tomogramName, className, score, extra }) => [
        tomogramName,
        className,
        score,
        extra.cosnetSource,
        extra.colour || undefined,
      ]),
    ).toEqual([
      ["TS_1", "ribosome", 0.9, "a.csv", "red"],
      ["TS_1", "ribosome", 0.7, "b.csv", undefined],
      ["TS_2", "ribosome", 0.1, "b.csv", undefined],
    ]);
    const first = await mergeParticles([inFolder("a.csv"), inFolder("b.csv")], inFolder("first.csv"), {
      ...voxels,
      minimumDistanceAngstrom: 15,
      prefer: "first",
    });
    expect(first.lists.map(({ kept }) => kept)).toEqual([2, 1]);
  });

  test("a list without particles adds none", async () => {
    await write("none.csv", ["x,y,z"]);
    const result = await mergeParticles([inFolder("none.csv"), inFolder("one.coords")], inFolder("all.csv"), {
      ...voxels,
      minimumDistanceAngstrom: 15,
    });
    expect(result.lists.map(({ total, kept }) => [total, kept])).toEqual([
      [0, 0],
      [2, 2],
    ]);
  });

  test("without scores the earlier one stays, and the summary says so", async () => {
    const lists = [inFolder("one.coords"), inFolder("two.coords")];
    const options = { ...voxels, minimumDistanceAngstrom: 15 };
    const { summary } = await mergeParticles(lists, inFolder("unscored.csv"), options);
    expect(summary).toBe("2 of 3 particles of 2 lists kept: 1 within 15 Å of an earlier one");
  });

  test("a list for each class, in files that name neither class nor tomogram", async () => {
    const lists = [`ribosome=${inFolder("one.coords")}`, `TRiC=${inFolder("two.coords")}`];
    const result = await mergeParticles(lists, inFolder("named.csv"), voxels);
    expect((await particlesOf("named.csv")).map(({ className }) => className)).toEqual([
      "ribosome",
      "ribosome",
      "TRiC",
    ]);
    expect(result.warnings).toEqual([
      "no list names a tomogram: all are taken to be of the same; --tomogram-name '{list}' takes the files' names",
      "1 particle is within 1 Å of another one; --min-distance leaves them out",
    ]);
    await mergeParticles(lists, inFolder("apart.csv"), { ...voxels, tomogramName: "{list}" });
    expect((await particlesOf("apart.csv")).map(({ tomogramName }) => tomogramName)).toEqual(["one", "one", "two"]);
    await expect(
      mergeParticles([inFolder("a.csv"), inFolder("one.coords")], inFolder("mixed.csv"), voxels),
    ).rejects.toThrow("2 particles have no tomogram, and others have one");
  });

  test("lists that count in pixels of different sizes keep both", async () => {
    const star = (tomogram: string, pixel: number) => [
      "data_\n\nloop_\n_rlnMicrographName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_rlnDetectorPixelSize\n_rlnMagnification",
      `${tomogram} 10 20 30 ${pixel} 10000`,
    ];
    await write("fine.star", star("TS_1", 5));
    await write("coarse.star", star("TS_2", 10));
    const inputs = [inFolder("fine.star"), inFolder("coarse.star")];
    await mergeParticles(inputs, inFolder("angstrom.csv"), {});
    const { list } = await readParticleListFile(inFolder("angstrom.csv"));
    expect(list.particles.map(({ positionAngstrom }) => positionAngstrom!.x)).toEqual([50, 100]);
    await expect(mergeParticles(inputs, inFolder("pixels.tbl"), {})).rejects.toThrow("several pixel sizes (5, 10 Å)");
  });

  test("optics groups that differ stay apart, and class numbers agree with the names", async () => {
    const star = (pixel: number, number: number, name: string) => [
      "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n_rlnTomoTiltSeriesPixelSize\n_rlnImagePixelSize",
      `1 g1 ${pixel} ${pixel}\n`,
      "data_particles\n\nloop_\n_rlnTomoName\n_rlnCenteredCoordinateXAngst\n_rlnCenteredCoordinateYAngst",
      "_rlnCenteredCoordinateZAngst\n_rlnOpticsGroup\n_rlnClassNumber\n_cosnetClassName",
      `TS_1 ${100 * pixel} 0 0 1 ${number} ${name}`,
    ];
    await write("x.star", star(2, 1, "ribosome"));
    await write("y.star", star(3, 1, "TRiC"));
    await write("z.star", star(2, 2, "ribosome"));
    const inputs = ["x.star", "y.star", "z.star"].map(inFolder);
    const result = await mergeParticles(inputs, inFolder("xyz.star"), {});
    expect(result.to).toBe("relion5");
    expect(result.warnings).toContain("the lists number their classes differently; now 1 = ribosome, 2 = TRiC");
    expect(result.warnings).toContain("1 particle is within 1 Å of another one; --min-distance leaves them out");
    expect(await readFile(inFolder("xyz.star"), "utf8")).toMatch(/1 +g1 +2 +2\n2 +g1_2 +3 +3\n/);
    const particles = await particlesOf("xyz.star");
    expect(particles.map(({ opticsGroup }) => opticsGroup)).toEqual(["1", "2", "1"]);
    expect(particles.map(({ classNumber }) => classNumber)).toEqual([1, 2, 1]);
    expect(particles.map(({ positionAngstrom }) => positionAngstrom?.x)).toEqual([200, 300, 200]);
  });

  test("says what is missing or is taken to mean", async () => {
    await expect(mergeParticles([inFolder("a.csv")], inFolder("x.csv"), voxels)).rejects.toThrow("only one list");
    await expect(mergeParticles([inFolder("a.csv"), inFolder("b.csv")], inFolder("b.csv"), voxels)).rejects.toThrow(
      "replace the input",
    );
    await expect(
      mergeParticles([inFolder("a.csv"), inFolder("b.csv")], inFolder("x.csv"), {
        ...voxels,
        classNames: new Map([["70S", "ribosome"]]),
      }),
    ).rejects.toThrow("no particle is of class 70S");
    await write("p.csv", ["x,y,z,class_number", "1,1,1,1"]);
    await write("q.csv", ["x,y,z,class_number", "9,1,1,1"]);
    const { warnings } = await mergeParticles([inFolder("p.csv"), inFolder("q.csv")], inFolder("pq.csv"), {
      ...voxels,
      minimumDistanceAngstrom: 10,
    });
    expect(warnings).toContain("the lists have no scores: of two particles the one that comes first was kept");
    expect(warnings.join()).toContain("class 1 of several lists is taken for one class");
  });
});

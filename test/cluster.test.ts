import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseStar, readParticles, writeMrc } from "../src/io/index.js";
import { createRandom, createVolume, type Shape3 } from "../src/volume/index.js";
import { chooseSupports, cluster, parseChoice } from "../src/workflow/index.js";

/** Two kinds of boxes that any trained network tells apart: small balls and large ones. */
const KINDS = ["ball", "giant"] as const;
const COUNT = 12;
const VOXEL = 10;

let folder: string;
const inFolder = (...names: string[]) => join(folder, ...names);

function draw(data: Float32Array, [nz, ny, nx]: Shape3, kind: (typeof KINDS)[number], centre: readonly number[]): void {
  const [cz, cy, cx] = centre as [number, number, number];
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const radius = Math.hypot(z - cz, y - cy, x - cx);
        const inside = kind === "ball" ? radius < 4 : radius < 8;
        if (inside) data[(z * ny + y) * nx + x]! += 3;
      }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-cluster-test-"));
  await mkdir(inFolder("boxes"));
  const random = createRandom(3);
  const shape: Shape3 = [32, 32, 32];
  const rows: string[] = [];
  for (let i = 0; i < 2 * COUNT; i++) {
    const kind = KINDS[i % 2]!;
    const data = Float32Array.from({ length: 32 ** 3 }, () => 0.3 * random.normal());
    draw(data, shape, kind, [16, 16 + random.uniform(-1, 1), 16 + random.uniform(-1, 1)]);
    await writeFile(inFolder("boxes", `${i}.mrc`), writeMrc(createVolume(shape, VOXEL, data)));
    rows.push(`boxes/${i}.mrc ${kind}`);
  }
  await writeFile(
    inFolder("particles.star"),
    `data_particles\n\nloop_\n_rlnImageName\n_cosnetClassName\n${rows.join("\n")}\n`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("clustering a list", () => {
  test("finds the kinds, writes lists and a report, and repeats itself byte for byte", async () => {
    const options = { inputPaths: [inFolder("particles.star")] };
    const result = await cluster({ ...options, outputFolder: inFolder("one") });
    expect(result.clusters.map(({ particles }) => particles)).toEqual([COUNT, COUNT]);
    expect(result.truth).toMatchObject({ adjustedRandIndex: 1, purity: 1, coveredClasses: 2, classes: 2, known: 24 });
    const list = readParticles(await readFile(result.starPath, "utf8"), { name: "clusters.star" });
    // The first particle is a ball, and of equal clusters that of the first particle comes first.
    expect(list.particles.map(({ className }) => className)).toEqual(
      Array.from({ length: 24 }, (_, i) => `cluster ${(i % 2) + 1}`),
    );
    expect(list.particles[0]).toMatchObject({ imageName: "../boxes/0.mrc", classNumber: 1 });
    const own = readParticles(await readFile(result.clusters[1]!.listPath, "utf8"), { name: "cluster-2.star" });
    const centralities = own.particles.map(({ extra }) => Number(extra.cosnetCentrality));
    expect(centralities).toEqual(centralities.toSorted((a, b) => b - a));
    expect(own.particles.every(({ extra }) => extra.cosnetPreviousClassName === "giant")).toBe(true);
    const report = await readFile(result.reportPath, "utf8");
    expect(report).toContain("24 particles in 2 clusters");
    expect(report).toContain("<title>cluster 2</title>");
    expect(report).not.toContain("<title>in no cluster</title>");

    await cluster({ ...options, outputFolder: inFolder("two") });
    for (const name of ["clusters.star", "lists/cluster-1.star"])
      expect(await readFile(inFolder("two", name), "utf8")).toBe(await readFile(inFolder("one", name), "utf8"));
    await expect(cluster({ ...options, outputFolder: inFolder("two") })).rejects.toThrow("is there already");
  });

  test("clusters become examples: the most central members, with paths that still lead to their files", async () => {
    const outputPath = inFolder("supports.star");
    const chosen = await chooseSupports({
      folder: inFolder("one"),
      classes: parseChoice("giants=2,1"),
      outputPath,
      members: 3,
    });
    expect(chosen.classes).toEqual([
      { name: "giants", clusters: [2], supports: 3 },
      { name: "cluster 1", clusters: [1], supports: 3 },
    ]);
    const { particles } = readParticles(await readFile(outputPath, "utf8"), { name: "supports.star" });
    expect(particles.map(({ className }) => className)).toEqual([
      ...Array(3).fill("giants"),
      ...Array(3).fill("cluster 1"),
    ]);
    const best = readParticles(await readFile(inFolder("one/lists/cluster-2.star"), "utf8"), { name: "list" });
    expect(particles[0]!.imageName).toBe(best.particles[0]!.imageName!.replace(/^\.\.\//, ""));
    await expect(
      chooseSupports({ folder: inFolder("one"), classes: parseChoice("7"), outputPath: inFolder("x.star") }),
    ).rejects.toThrow("there is no cluster 7");
    const classes = parseChoice("a=1,a=2");
    await expect(chooseSupports({ folder: inFolder("one"), classes, outputPath: inFolder("x.star") })).rejects.toThrow(
      "a class is named twice",
    );
  });
});

test("candidates of a tomogram are found, clustered and compared with the truth", async () => {
  const shape: Shape3 = [48, 112, 112];
  const random = createRandom(5);
  const data = Float32Array.from({ length: 48 * 112 * 112 }, () => 0.3 * random.normal());
  const truth = ["x,y,z,class"];
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 4; column++) {
      const kind = KINDS[(row + column) % 2]!;
      const [z, y, x] = [24, 14 + 28 * row, 14 + 28 * column];
      draw(data, shape, kind, [z, y, x]);
      truth.push(`${x},${y},${z},${kind}`);
    }
  await writeFile(inFolder("tomogram.mrc"), writeMrc(createVolume(shape, VOXEL, data)));
  await writeFile(inFolder("truth.csv"), `${truth.join("\n")}\n`);
  const result = await cluster({
    inputPaths: [inFolder("tomogram.mrc")],
    outputFolder: inFolder("candidates"),
    detector: "blob",
    voxelSizeAngstrom: VOXEL,
    truthPaths: [inFolder("truth.csv")],
    distanceAngstrom: 40,
    minimumSize: 3,
  });
  expect(result.truth!.known).toBe(16);
  expect(result.truth!.adjustedRandIndex).toBeGreaterThan(0.5);
  const [block] = parseStar(await readFile(result.starPath, "utf8"), { name: "clusters.star" }).blocks.filter(
    ({ name }) => name === "particles",
  );
  expect(new Set(block!.tables[0]!.columns.get("rlnTomoName"))).toEqual(new Set(["../tomogram.mrc"]));
  expect(block!.tables[0]!.rowCount).toBe(result.particles);
});

test("what cannot be clustered or chosen is said", async () => {
  const outputFolder = inFolder("nothing");
  await expect(cluster({ inputPaths: [], outputFolder })).rejects.toThrow("there is nothing to cluster");
  await expect(cluster({ inputPaths: ["a.star", "b.star"], outputFolder })).rejects.toThrow("or one particle list");
  await expect(cluster({ inputPaths: ["a.mrc"], outputFolder, resolution: 0 })).rejects.toThrow("a resolution of 0");
  expect(() => parseChoice("1,ribosome")).toThrow('"ribosome" is no cluster number');
  expect(parseChoice("ribosome = 4+7")).toEqual([{ name: "ribosome", clusters: [4, 7] }]);
  expect(parseChoice("2+3")).toEqual([{ name: "cluster 2+3", clusters: [2, 3] }]);
});

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseStar, readParticles, writeMrc } from "../src/io/index.js";
import { chooseExamples, cluster, parseChoice } from "../src/jobs/cluster/index.js";
import { createRandom, createVolume, type Shape3 } from "../src/volume/index.js";

/** Two kinds of boxes that any trained network tells apart: small balls and large ones. */
const KINDS = ["ball", "giant"] as const;
const COUNT = 20;
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
    const data = Float32Array.from({ length: 32 ** 3 }, () => random.normal());
    draw(data, shape, kind, [16, 16, 16]);
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
    // Not every trained network keeps each kind whole, but none mixes them.
    expect(result.truth).toMatchObject({ purity: 1, coveredClasses: 2, classes: 2, known: 2 * COUNT });
    expect(result.truth!.adjustedRandIndex).toBeGreaterThan(0.4);
    const sizes = result.clusters.map(({ particles }) => particles);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    const list = readParticles(await readFile(result.starPath, "utf8"), { name: "clusters.star" });
    const members = (name: string) => list.particles.filter(({ className }) => className === name).length;
    expect(sizes.map((_, i) => members(`cluster ${i + 1}`))).toEqual(sizes);
    expect(members("unclustered")).toBe(result.unclustered);
    expect(list.particles[0]!.imageName).toBe("../boxes/0.mrc");
    const own = readParticles(await readFile(result.clusters[1]!.listPath, "utf8"), { name: "cluster-2.star" });
    const centralities = own.particles.map(({ extra }) => Number(extra.cosnetCentrality));
    expect(centralities).toEqual(centralities.toSorted((a, b) => b - a));
    expect(new Set(own.particles.map(({ extra }) => extra.cosnetPreviousClassName))).toEqual(
      new Set([result.truth!.majority[1]!.className]),
    );
    const report = await readFile(result.reportPath, "utf8");
    expect(report).toContain(`${2 * COUNT} particles in ${sizes.length} clusters`);
    expect(report).toContain("<title>cluster 2</title>");

    await cluster({ ...options, outputFolder: inFolder("two") });
    for (const name of ["clusters.star", "lists/cluster-1.star"])
      expect(await readFile(inFolder("two", name), "utf8")).toBe(await readFile(inFolder("one", name), "utf8"));
    await expect(cluster({ ...options, outputFolder: inFolder("two") })).rejects.toThrow("is there already");
  });

  test("clusters become examples: the most central members, with paths that still lead to their files", async () => {
    const outputPath = inFolder("examples.star");
    const chosen = await chooseExamples({
      folder: inFolder("one"),
      classes: parseChoice("giants=2,1"),
      outputPath,
      members: 3,
    });
    expect(chosen.classes).toEqual([
      { name: "giants", clusters: [2], supports: 3 },
      { name: "cluster 1", clusters: [1], supports: 3 },
    ]);
    const { particles } = readParticles(await readFile(outputPath, "utf8"), { name: "examples.star" });
    expect(particles.map(({ className }) => className)).toEqual([
      ...Array(3).fill("giants"),
      ...Array(3).fill("cluster 1"),
    ]);
    const best = readParticles(await readFile(inFolder("one/lists/cluster-2.star"), "utf8"), { name: "list" });
    expect(particles[0]!.imageName).toBe(best.particles[0]!.imageName!.replace(/^\.\.\//, ""));
    await expect(
      chooseExamples({ folder: inFolder("one"), classes: parseChoice("77"), outputPath: inFolder("x.star") }),
    ).rejects.toThrow("there is no cluster 77");
    const classes = parseChoice("a=1,a=2");
    await expect(chooseExamples({ folder: inFolder("one"), classes, outputPath: inFolder("x.star") })).rejects.toThrow(
      "a class is named twice",
    );
  });
});

test("candidates of a tomogram are found, listed with their tomogram and compared with the truth", async () => {
  const shape: Shape3 = [40, 60, 60]; // one tile of the detector
  const random = createRandom(5);
  const data = Float32Array.from({ length: 40 * 60 * 60 }, () => 0.3 * random.normal());
  const truth = ["x,y,z,class"];
  for (const [index, [y, x]] of [
    [15, 15],
    [15, 45],
    [45, 15],
    [45, 45],
  ].entries()) {
    const kind = KINDS[index % 2]!;
    draw(data, shape, kind, [20, y!, x!]);
    truth.push(`${x},${y},20,${kind}`);
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
    minimumSize: 2,
  });
  expect(result.truth).toMatchObject({ known: 4, particles: result.particles, classes: 2 });
  expect(result.particles).toBe(
    result.unclustered + result.clusters.reduce((sum, { particles }) => sum + particles, 0),
  );
  const block = parseStar(await readFile(result.starPath, "utf8"), { name: "clusters.star" }).blocks.find(
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
  expect(() => parseChoice("1,ribosome")).toThrow('"ribosome" is not a cluster number');
  expect(parseChoice("ribosome = 4+7")).toEqual([{ name: "ribosome", clusters: [4, 7] }]);
  expect(parseChoice("2+3")).toEqual([{ name: "cluster 2+3", clusters: [2, 3] }]);
});

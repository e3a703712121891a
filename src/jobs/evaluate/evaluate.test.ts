import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeMrc } from "../../io/index.js";
import { createRandom, createVolume, type Shape3 } from "../../volume/index.js";
import { templateRadii } from "./baseline.js";
import { evaluatePicks } from "./evaluate.js";

/** Dark balls of two sizes in noise, 5 Å voxels; positions in voxels. */
const SHAPE: Shape3 = [32, 64, 72];
const VOXEL = 5;
const PARTICLES = [
  { name: "small", radius: 4, x: 12, y: 12, z: 10 },
  { name: "small", radius: 4, x: 40, y: 20, z: 20 },
  { name: "small", radius: 4, x: 60, y: 50, z: 12 },
  { name: "large", radius: 7, x: 20, y: 44, z: 16 },
  { name: "large", radius: 7, x: 56, y: 12, z: 14 },
];
const PICKS = [
  "x,y,z,class,score",
  "12.5,12,10,small,0.9",
  "41,20,20,large,0.8", // there, but of the other class
  "20,44,16,large,0.7",
  "20,46,16,large,0.6", // a second time
  "61,57,12,small,0.5", // 7 voxels away: beyond the small one's radius
  "35,40,28,small,0.4", // nothing there
];

let folder: string;
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-evaluate-test-"));
  const [nz, ny, nx] = SHAPE;
  const random = createRandom(1);
  const density = Float32Array.from({ length: nz * ny * nx }, () => 0.4 * random.normal());
  const labels = new Float32Array(density.length);
  PARTICLES.forEach(({ radius, x, y, z }, index) => {
    for (let at = 0; at < density.length; at++) {
      const [px, py, pz] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
      if (Math.hypot(px - x, py - y, pz - z) > radius) continue;
      density[at]! -= 1;
      labels[at] = index + 1;
    }
  });
  await writeFile(inFolder("tomogram.mrc"), writeMrc(createVolume(SHAPE, VOXEL, density)));
  await writeFile(inFolder("labels.mrc"), writeMrc(createVolume(SHAPE, VOXEL, labels), { mode: 1 }));
  const truth = ["x,y,z,class", ...PARTICLES.map(({ name, x, y, z }) => `${x},${y},${z},${name}`)];
  await writeFile(inFolder("truth.csv"), `${truth.join("\n")}\n`);
  await writeFile(inFolder("picks.csv"), `${PICKS.join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lists = () => ({
  picksPath: inFolder("picks.csv"),
  truthPaths: [inFolder("truth.csv")],
  voxelSizeAngstrom: VOXEL,
});

describe("evaluatePicks", () => {
  test("sizes from labels, the contest's scorer, the sphere baseline and a report", async () => {
    const outputFolder = inFolder("scored");
    const result = await evaluatePicks({
      ...lists(),
      outputFolder,
      tomogramPaths: [inFolder("tomogram.mrc")],
      occupancyPaths: [inFolder("labels.mrc")],
    });
    const { scores, baseline, shrec21 } = result;
    expect(scores.detection).toMatchObject({ truths: 5, picks: 6, truePositives: 3 });
    expect(scores.classes.map(({ name, truePositives }) => [name, truePositives])).toEqual([
      ["large", 1],
      ["small", 1],
    ]);
    // Half the diameter of a ball of the same volume is the radius the balls were drawn with, nearly.
    expect(result.matchDistanceAngstrom.small! / VOXEL).toBeCloseTo(4, 0);
    expect(result.matchDistanceAngstrom.large! / VOXEL).toBeCloseTo(7, 0);
    // The contest finds the particle of class small at (41, 20, 20), too, and calls it large; the double hit is no error there.
    expect(shrec21).toMatchObject({ truths: 5, found: 3, background: 2, multiple: 1 });
    expect(shrec21!.classes.map(({ f1 }) => f1)).toEqual([2 / 4, 2 / 4]);
    // Balls are what the template is made for: it finds all, although they are dark.
    expect(baseline!.detection.best!.f1).toBeGreaterThan(0.9);
    expect(baseline!.classes.map(({ name }) => name)).toEqual(["large", "small"]);
    const report = await readFile(join(outputFolder, "report.html"), "utf8");
    expect(report).toContain("3 particles of 5 found, 3 false picks");
    expect(report).toContain("By the rules of the SHREC 2021 contest");
    const saved = JSON.parse(await readFile(join(outputFolder, "evaluation.json"), "utf8"));
    expect(saved.scores.detection.averagePrecision).toBe(scores.detection.averagePrecision);
  });

  test("a stated distance needs no sizes, and classes can be ignored", async () => {
    const wide = await evaluatePicks({ ...lists(), distanceAngstrom: 40 });
    expect(wide.scores.detection.truePositives).toBe(4); // 7 voxels are 35 Å
    expect(wide.baseline ?? wide.shrec21 ?? wide.reportPath).toBeUndefined();
    const ignoring = await evaluatePicks({ ...lists(), distanceAngstrom: 40, ignoredClasses: ["large"] });
    // The pick that found a large particle is gone; its double is still false.
    expect(ignoring.scores.detection).toMatchObject({ truths: 3, picks: 5, truePositives: 3 });
  });

  test("class labels serve as well as instance labels", async () => {
    const truth = [
      "x,y,z,class_number",
      ...PARTICLES.map(({ name, x, y, z }) => `${x},${y},${z},${name === "small" ? 1 : 2}`),
    ];
    const volume = await readFile(inFolder("labels.mrc"));
    const values = new Int16Array(volume.buffer, volume.byteOffset + 1024, SHAPE[0] * SHAPE[1] * SHAPE[2]);
    const classes = Float32Array.from(values, (label) => (label === 0 ? 0 : label <= 3 ? 1 : 2));
    await writeFile(inFolder("classes.mrc"), writeMrc(createVolume(SHAPE, VOXEL, classes), { mode: 0 }));
    await writeFile(inFolder("numbered.csv"), `${truth.join("\n")}\n`);
    const { shrec21, matchDistanceAngstrom } = await evaluatePicks({
      ...lists(),
      truthPaths: [inFolder("numbered.csv")],
      occupancyPaths: [inFolder("classes.mrc")],
    });
    expect(shrec21).toMatchObject({ truths: 5, found: 3, background: 2, multiple: 1 });
    expect(matchDistanceAngstrom["2"]! / VOXEL).toBeCloseTo(7, 0);
  });

  test("positions from the tomogram's centre, as cosnet pick writes them, meet those from the first voxel", async () => {
    const [nz, ny, nx] = SHAPE;
    const rows = PICKS.slice(1).map((row) => {
      const [x, y, z, name, score] = row.split(",");
      const centred = [
        [x, nx],
        [y, ny],
        [z, nz],
      ].map(([at, length]) => (Number(at) - Number(length) / 2) * VOXEL);
      return `../made/tomogram.mrc ${centred.join(" ")} ${name} ${score}`;
    });
    const columns = [
      "rlnTomoName",
      ...["X", "Y", "Z"].map((axis) => `rlnCenteredCoordinate${axis}Angst`),
      "cosnetClassName",
      "cosnetProbability",
    ];
    const text = `data_particles\n\nloop_\n${columns.map((name) => `_${name}`).join("\n")}\n${rows.join("\n")}\n`;
    await writeFile(inFolder("picks.star"), text);
    const volumes = { tomogramPaths: [inFolder("tomogram.mrc")], distanceAngstrom: 21 };
    const fromCentre = await evaluatePicks({ ...lists(), ...volumes, picksPath: inFolder("picks.star") });
    const fromFirst = await evaluatePicks({ ...lists(), ...volumes });
    // Only the STAR file says that its scores are probabilities.
    expect({ ...fromCentre.scores, calibration: undefined }).toEqual(fromFirst.scores);
    expect(fromCentre.scores.calibration?.count).toBe(6);
    expect(fromCentre.scores.detection.truePositives).toBe(3);
    await expect(
      evaluatePicks({ ...lists(), distanceAngstrom: 21, picksPath: inFolder("picks.star") }),
    ).rejects.toThrow("positions are from the centre of tomogram truth, whose size is not known");
  });

  test("voxels are those of the tomogram that each row is in", async () => {
    for (const [name, voxel] of [
      ["fine", 5],
      ["coarse", 10],
    ] as const)
      await writeFile(inFolder(`${name}.mrc`), writeMrc(createVolume([8, 8, 8], voxel, new Float32Array(512).fill(1))));
    await writeFile(inFolder("voxels.csv"), "x,y,z,class,tomogram\n4,4,4,small,fine\n4,4,4,small,coarse\n");
    await writeFile(
      inFolder("angstrom.csv"),
      "x_angstrom,y_angstrom,z_angstrom,class,tomogram\n20,20,20,small,fine\n40,40,40,small,coarse\n",
    );
    const { scores } = await evaluatePicks({
      picksPath: inFolder("voxels.csv"),
      truthPaths: [inFolder("angstrom.csv")],
      occupancyPaths: [inFolder("fine.mrc"), inFolder("coarse.mrc")],
      distanceAngstrom: 5,
    });
    expect(scores.detection).toMatchObject({ truePositives: 2, picks: 2 });
  });

  test("lists of one tomogram each that all call it the same are told apart by their files' names", async () => {
    for (const [index, x] of [10, 30].entries())
      await writeFile(inFolder(`tomo0${index + 1}_objects.csv`), `x,y,z,class,tomogram\n${x},10,10,small,0\n`);
    await writeFile(
      inFolder("both.csv"),
      "x,y,z,class,tomogram\n10,10,10,small,data/tomo01.mrc\n10,10,10,small,data/tomo02.mrc\n",
    );
    const { scores } = await evaluatePicks({
      picksPath: inFolder("both.csv"),
      truthPaths: [inFolder("tomo01_objects.csv"), inFolder("tomo02_objects.csv")],
      voxelSizeAngstrom: VOXEL,
      distanceAngstrom: 20,
    });
    expect(scores.tomograms.map(({ tomogram, truePositives }) => [tomogram, truePositives])).toEqual([
      ["tomo01", 1],
      ["tomo02", 0],
    ]);
  });

  test("lists of a class each are of the tomogram that all name", async () => {
    const head = "x_angstrom,y_angstrom,z_angstrom,class,tomogram";
    const rows = { ribosome: "105,100,100", proteasome: "305,300,100" };
    const lines = Object.entries(rows).map(([name, place]) => `${place},${name},TS_01.mrc`);
    await writeFile(inFolder("both.csv"), `${[head, ...lines].join("\n")}\n`);
    for (const [i, name] of Object.keys(rows).entries())
      await writeFile(inFolder(`TS_01_${name}.csv`), `${head}\n${lines[i]}\n`);
    const { scores } = await evaluatePicks({
      picksPath: inFolder("both.csv"),
      truthPaths: Object.keys(rows).map((name) => inFolder(`TS_01_${name}.csv`)),
      distanceAngstrom: 20,
    });
    expect(scores.tomograms.map(({ tomogram, truePositives }) => [tomogram, truePositives])).toEqual([["TS_01", 2]]);
  });

  test("classes of other names are the same where it is said, and what is odd is said", async () => {
    await writeFile(
      inFolder("odd-truth.csv"),
      "x,y,z,class,tomogram\n10,10,10,3J9I,TS_1\n10,10,10,3J9I,TS_1\n40,10,10,none of these,TS_1\n",
    );
    await writeFile(
      inFolder("odd-picks.csv"),
      "x,y,z,class,tomogram\n10,10,10,proteasome,TS_2\n40,10,10,background,TS_2\n",
    );
    const warnings: string[] = [];
    const options = {
      picksPath: inFolder("odd-picks.csv"),
      truthPaths: [inFolder("odd-truth.csv")],
      voxelSizeAngstrom: 10,
      distanceAngstrom: 50,
      onWarning: (warning: string) => warnings.push(warning),
    };
    const result = await evaluatePicks({ ...options, sameClasses: [["proteasome", "3J9I"]] });
    expect(result.scores.classes.map(({ name, truths, truePositives }) => [name, truths, truePositives])).toEqual([
      ["3J9I", 2, 1],
    ]);
    expect(result.scores.detection).toMatchObject({ truths: 2, picks: 2, truePositives: 1 });
    expect(warnings).toEqual([
      `1 particle of ${inFolder("odd-truth.csv")} is listed as of none of the classes: not to be found`,
      "the picks are of tomogram TS_2, the truth is of TS_1: taken for the same, because each list is of one tomogram",
      "1 pick is listed as of none of the classes: counted for detection, and for no class",
      "1 true particle is within 1 Å of another one: as each needs a pick of its own, recall is too low (cosnet filter --min-distance)",
    ]);
    expect(result.warnings).toEqual(warnings);
    const turned = await evaluatePicks({ ...options, sameClasses: [["3J9I", "proteasome"]] });
    expect(turned.scores.classes).toEqual(result.scores.classes);
    await expect(evaluatePicks({ ...options, sameClasses: [["proteasome", "4V94"]] })).rejects.toThrow(
      "the ground truth has no class 4V94",
    );
    await expect(evaluatePicks({ ...options, sameClasses: [["TRiC", "3J9I"]] })).rejects.toThrow(
      "the picks have no class TRiC",
    );
  });

  test("a shift of all picks to one side is measured and said", async () => {
    const random = createRandom(5);
    const truth = Array.from({ length: 40 }, (_, i) => [20 * (i % 8), 20 * Math.floor(i / 8), 20]);
    const rows = (shift: number) =>
      truth.map(([x, y, z]) => [x! + random.normal(), y! + random.normal(), z! + shift + random.normal()].join(","));
    await writeFile(inFolder("grid.csv"), `x,y,z,class\n${truth.map((row) => `${row.join(",")},a`).join("\n")}\n`);
    const score = async (shift: number) => {
      await writeFile(inFolder("shifted.csv"), `x,y,z\n${rows(shift).join("\n")}\n`);
      const { scores, warnings, text } = await evaluatePicks({
        picksPath: inFolder("shifted.csv"),
        truthPaths: [inFolder("grid.csv")],
        voxelSizeAngstrom: 10,
        distanceAngstrom: 90,
      });
      return { ...scores.localisation, warnings: warnings.join(), text };
    };
    const straight = await score(0);
    expect(straight.isShifted).toBe(false);
    const shifted = await score(1);
    expect(shifted.isShifted).toBe(true);
    expect(Math.abs(shifted.meanOffsetAngstrom.z - 10)).toBeLessThan(4 * shifted.offsetErrorAngstrom.z);
    expect(shifted.warnings).toContain("matched picks are on average x ");
    expect(shifted.text).toContain(": more than chance");
  });

  test("a pick in the middle of a ring is background to the contest, which is said", async () => {
    const ring = new Float32Array(20 * 40 * 40);
    for (let at = 0; at < ring.length; at++) {
      const radius = Math.hypot((at % 40) - 20, (Math.floor(at / 40) % 40) - 20);
      if (radius > 6 && radius < 9 && Math.floor(at / 1600) === 10) ring[at] = 1;
    }
    await writeFile(inFolder("ring.mrc"), writeMrc(createVolume([20, 40, 40], 10, ring), { mode: 1 }));
    await writeFile(inFolder("ring.csv"), "x,y,z,class\n20,20,10,ring\n");
    await writeFile(inFolder("middle.csv"), "x,y,z,class\n20,20,10,ring\n");
    const { shrec21, scores, text } = await evaluatePicks({
      picksPath: inFolder("middle.csv"),
      truthPaths: [inFolder("ring.csv")],
      occupancyPaths: [inFolder("ring.mrc")],
      distanceAngstrom: 80,
    });
    expect(scores.detection.truePositives).toBe(1);
    expect(shrec21).toMatchObject({ found: 0, background: 1, hollow: 1 });
    expect(text).toContain("1 of these picks is within the matching distance of a particle");
  });

  test("says what is missing or does not fit", async () => {
    await expect(evaluatePicks(lists())).rejects.toThrow("nothing says how large the particles are");
    await writeFile(inFolder("other.csv"), "x,y,z,class,tomogram\n1,1,1,a,TS_1\n2,2,2,a,TS_2\n");
    const warnings: string[] = [];
    await expect(
      evaluatePicks({
        ...lists(),
        picksPath: inFolder("other.csv"),
        truthPaths: [inFolder("truth.csv")],
        distanceAngstrom: 9,
      }),
    ).rejects.toThrow("the picks are of tomograms TS_1, TS_2, the truth is of truth: none is the same");
    await expect(evaluatePicks({ ...lists(), distanceAngstrom: 9, scoreColumn: "quality" })).rejects.toThrow(
      "there is no number in column quality",
    );
    await writeFile(inFolder("two.csv"), "x,y,z,class,tomogram\n12,12,10,small,TS_1\n2,2,2,strange,TS_2\n");
    await writeFile(inFolder("one.csv"), "x,y,z,class,tomogram\n12,12,10,small,TS_1.mrc\n");
    const result = await evaluatePicks({
      ...lists(),
      picksPath: inFolder("two.csv"),
      truthPaths: [inFolder("one.csv")],
      distanceAngstrom: 9,
      onWarning: (warning) => warnings.push(warning),
    });
    expect(result.scores.detection).toMatchObject({ truths: 1, picks: 1, truePositives: 1 });
    expect(warnings).toEqual(["1 pick is left out: the truth says nothing of their tomograms (TS_2)"]);
  });
});

describe("what the picks say of their tomogram", () => {
  const facts = (contrast: string) => {
    const rows = PICKS.slice(1).map((row) => {
      const [x, y, z, ...others] = row.split(",");
      return [...[x, y, z].map((value) => VOXEL * Number(value)), ...others, contrast, VOXEL].join();
    });
    const names = ["x", "y", "z"].map((axis) => `${axis}_angstrom`);
    return `${[...names, "class", "score", "cosnetContrast", "cosnetTomogramVoxelSizeAngst"].join()}\n${rows.join("\n")}\n`;
  };

  test("its voxel size is that of a truth in voxels, and its contrast that of the sphere template", async () => {
    const volume = createVolume(
      SHAPE,
      1,
      new Float32Array(SHAPE[0] * SHAPE[1] * SHAPE[2]).map((_, i) => i % 7),
    );
    await writeFile(inFolder("one-angstrom.mrc"), writeMrc(volume));
    await writeFile(inFolder("stated.csv"), facts("bright"));
    const options = { picksPath: inFolder("stated.csv"), truthPaths: [inFolder("truth.csv")], distanceAngstrom: 20 };
    const expected = (await evaluatePicks({ ...lists(), distanceAngstrom: 20 })).scores.detection;
    expect((await evaluatePicks(options)).scores.detection).toEqual(expected);
    const beside = { ...options, diameterAngstrom: 40, tomogramPaths: [inFolder("one-angstrom.mrc")] };
    expect((await evaluatePicks(beside)).scores.detection).toEqual(expected);
    const tomogramPaths = [inFolder("tomogram.mrc")]; // dark balls
    const bright = await evaluatePicks({ ...beside, tomogramPaths });
    await writeFile(inFolder("stated.csv"), facts("dark"));
    const dark = await evaluatePicks({ ...beside, tomogramPaths });
    expect(dark.baseline!.detection.f1).toBeGreaterThan(bright.baseline!.detection.f1);
  });

  test("of a tomogram binned since then the voxels are its own, and those of a truth in voxels as well", async () => {
    const binned = SHAPE.map((edge) => edge / 2) as unknown as Shape3;
    await writeFile(inFolder("binned.mrc"), writeMrc(createVolume(binned, 2 * VOXEL), { mode: 2 }));
    const rows = PARTICLES.map(({ name, x, y, z }) => `${x / 2},${y / 2},${z / 2},${name}`);
    await writeFile(inFolder("binned.csv"), `x,y,z,class\n${rows.join("\n")}\n`);
    await writeFile(inFolder("stated.csv"), facts("dark"));
    const options = { picksPath: inFolder("stated.csv"), truthPaths: [inFolder("binned.csv")], distanceAngstrom: 20 };
    const warnings: string[] = [];
    const { scores } = await evaluatePicks({
      ...{ ...options, diameterAngstrom: 40, tomogramPaths: [inFolder("binned.mrc")] },
      onWarning: (warning) => void warnings.push(warning),
    });
    expect(scores.detection).toEqual((await evaluatePicks({ ...lists(), distanceAngstrom: 20 })).scores.detection);
    expect(warnings.join()).toContain("voxels of 10 Å, as the header says; stated.csv says 5 Å");
  });

  test("a header of 1 Å that nobody corrects is refused", async () => {
    const tomogramPaths = [inFolder("one-angstrom.mrc")];
    await expect(
      evaluatePicks({ ...lists(), voxelSizeAngstrom: undefined, tomogramPaths, diameterAngstrom: 40 }),
    ).rejects.toThrow("voxels of exactly 1 Å");
  });
});

test("classes of nearly the same size share a template", () => {
  const radii = templateRadii(
    new Map([
      ["a", 100],
      ["b", 50],
      ["c", 54],
      ["d", 57],
    ]),
  );
  expect([...radii]).toEqual([
    ["b", 52],
    ["c", 52],
    ["d", 57],
    ["a", 100],
  ]);
});

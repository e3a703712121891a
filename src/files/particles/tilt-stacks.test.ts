import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boxOfTilts } from "../../infer/index.js";
import { writeMrc } from "../../io/index.js";
import { createVolume } from "../../volume/index.js";
import { readVolumeFile } from "../tomogram/index.js";
import { readParticleListFile } from "./list-file.js";
import { openTiltStacks } from "./tilt-stacks.js";
import { createWarningCounter } from "./warning-counter.js";

const RIBOSOMES = join(import.meta.dirname, "../../../../shared/data/real/ribosomes_10499");

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - meanA) * (b[i]! - meanB);
    aa += (a[i]! - meanA) ** 2;
    bb += (b[i]! - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

describe.skipIf(!existsSync(RIBOSOMES))("real ribosomes, as WarpTools exported them", () => {
  test("boxes are those that others made of the same stacks, in the same frame", async () => {
    const path = join(RIBOSOMES, "tilts", "particles.star");
    const { list } = await readParticleListFile(path);
    const stacks = (await openTiltStacks(list, path))!;
    const doubts = createWarningCounter();
    let boxes = 0;
    for (const [index, particle] of list.particles.entries()) {
      const name = particle.extra.rlnTomoParticleName!;
      const file = `${name.replace(/\/(\d+)$/, (_, n: string) => `_${n.padStart(2, "0")}`)}.mrc`;
      if (!existsSync(join(RIBOSOMES, file))) continue;
      const tilts = await stacks.read(particle, `particle ${index + 1}`, doubts);
      const { volume } = await readVolumeFile(join(RIBOSOMES, file));
      expect(correlation(boxOfTilts(tilts).data, volume.data)).toBeGreaterThan(0.99);
      boxes++;
    }
    expect(boxes).toBe(20);
    expect(doubts.warnings()).toEqual([]);
  });
});

describe("small stacks", () => {
  const EDGE = 8;
  const TILTS = [-40, 0, 40];
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cosnet-stacks-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const TOMOGRAMS = `data_global
loop_
_rlnTomoName
_rlnTomoHand
_rlnTomoSizeX
_rlnTomoSizeY
_rlnTomoSizeZ
_rlnTomoTiltSeriesPixelSize
TS_1 1 100 100 100 5

data_TS_1
loop_
_rlnTomoYTilt
_rlnDefocusU
_rlnMicrographPreExposure
${TILTS.map((tilt, i) => `${tilt} 30000 ${3 * i}`).join("\n")}
`;
  const listOf = ({ frames = "[1,0,1]", name = "TS_1", image = "1.mrcs" }, optics = "") =>
    `data_general\n_rlnTomoSubTomosAre2DStacks 1\n${optics}\ndata_particles\nloop_\n_rlnTomoName\n_rlnImageName\n_rlnTomoVisibleFrames\n_rlnCenteredCoordinateXAngst\n_rlnCenteredCoordinateYAngst\n_rlnCenteredCoordinateZAngst\n${name} ${image} ${frames} 100 0 50\n`;
  const write = async (list: string, images: number, tomograms = TOMOGRAMS) => {
    const data = Float32Array.from(
      { length: images * EDGE * EDGE },
      (_, i) => 10 * Math.floor(i / EDGE ** 2) + (i % 3),
    );
    await writeFile(join(folder, "1.mrcs"), writeMrc(createVolume([images, EDGE, EDGE], 5, data), { mode: 12 }));
    await writeFile(join(folder, "tomograms.star"), tomograms);
    await writeFile(join(folder, "list.star"), list);
    const { list: read } = await readParticleListFile(join(folder, "list.star"));
    const doubts = createWarningCounter();
    const stacks = await openTiltStacks(read, join(folder, "list.star"));
    const tilts = await stacks?.read(read.particles[0]!, "list.star, particle 1", doubts);
    return { stacks, tilts, warnings: doubts.warnings().join("\n") };
  };

  test.each([
    ["all images", 3],
    ["the visible ones", 2],
  ])("a stack of %s gives the visible ones, with defocus by depth", async (_, images) => {
    const { tilts } = await write(listOf({}), images);
    expect(tilts!.images.map(({ pixels }) => Math.floor(pixels[0]! / 10))).toEqual(images === 3 ? [0, 2] : [0, 1]);
    const [first, last] = tilts!.images.map(({ transfer }) => transfer!.defocusUAngstrom);
    const depth = (tilt: number) => -100 * Math.sin((tilt * Math.PI) / 180) + 50 * Math.cos((tilt * Math.PI) / 180);
    expect(first).toBeCloseTo(30000 + depth(-40), 6);
    expect(last).toBeCloseTo(30000 + depth(40), 6);
  });

  test("what is not said is assumed in words", async () => {
    const { tilts, warnings } = await write(listOf({}), 3);
    expect(tilts!.isPremultiplied).toBe(false);
    expect(warnings).toContain("rlnCtfDataAreCtfPremultiplied: tilt images are taken for not multiplied");
    const optics = "data_optics\nloop_\n_rlnOpticsGroup\n_rlnCtfDataAreCtfPremultiplied\n1 1\n";
    expect((await write(listOf({}, optics), 3)).tilts!.isPremultiplied).toBe(true);
  });

  test.each([
    [
      "a stack of another number of images",
      listOf({}),
      4,
      TOMOGRAMS,
      "holds 4 images; the tilt series TS_1 has 3, of which 2",
    ],
    [
      "visible frames of another series",
      listOf({ frames: "[1,0]" }),
      3,
      TOMOGRAMS,
      "rlnTomoVisibleFrames has 2 frames",
    ],
    [
      "visible frames that are no list",
      listOf({ frames: "all" }),
      3,
      TOMOGRAMS,
      '"all" is no list of numbers in brackets',
    ],
    ["a tomogram that is not there", listOf({ name: "TS_2" }), 3, TOMOGRAMS, 'there is no tomogram "TS_2"'],
  ])("refuses %s", async (_, list, images, tomograms, reason) => {
    await expect(write(list, images, tomograms)).rejects.toThrow(reason);
  });

  test("a tomograms.star of sizes alone, or a stack that is not there, is left to --tomogram", async () => {
    const sizes = TOMOGRAMS.slice(0, TOMOGRAMS.indexOf("\ndata_TS_1"));
    expect((await write(listOf({}), 3, sizes)).stacks).toBeUndefined();
    expect((await write(listOf({ image: "2.mrcs" }), 3)).stacks).toBeUndefined();
  });
});

/** `segment --common-masks` from a list of boxes to masks on disk. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dice } from "../src/evaluate/index.js";
import { readMrc, writeMrc, writeParticles } from "../src/io/index.js";
import { segment } from "../src/jobs/segment/index.js";
import { createRenderer, proceduralComplex } from "../src/simulate/index.js";
import { createRandom, createVolume } from "../src/volume/index.js";

const EDGE = 32;
const VIEWS = 6;
const random = createRandom("segment with common masks");
const renderer = createRenderer();
const complexOf = (name: string | number) =>
  proceduralComplex(random.fork("complex", name), { minimumKilodalton: 600 });
const alike = Array.from({ length: VIEWS }, (_, i) =>
  renderer.render(complexOf("alike"), { random: random.fork("view", i), snr: 0.5 }),
);
const different = Array.from({ length: VIEWS }, (_, i) =>
  renderer.render(complexOf(i), { random: random.fork("other view", i), snr: 0.5 }),
);

let folder: string;
const inFolder = (...names: string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-common-masks-"));
  const particles = [];
  for (const [name, group] of Object.entries({ alike, mixture: different }))
    for (const [i, { volume }] of group.entries()) {
      const imageName = `${name}-${i}.mrc`;
      await writeFile(inFolder(imageName), writeMrc(createVolume([EDGE, EDGE, EDGE], 10, volume)));
      particles.push({ imageName, className: name, extra: {} });
    }
  const list = {
    particles,
    origin: "first-voxel",
    voxelSizeAngstrom: 10,
    coordinatePixelSizeAngstrom: 10,
    warnings: [],
  } as const;
  await writeFile(inFolder("boxes.star"), writeParticles(list, { format: "relion3.1" }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const masksOf = (name: string) =>
  Promise.all(
    Array.from({ length: 2 * VIEWS }, async (_, i) => {
      const number = String(i + 1).padStart(6, "0");
      return readMrc(await readFile(inFolder(name, "masks", `particle-${number}.mrc`))).volume.data;
    }),
  );

test("masks of like particles gain, those of a class of different things stay, and are told of", async () => {
  const options = { particlesPath: inFolder("boxes.star"), surfaces: [] };
  const plain = await segment({ ...options, outputFolder: inFolder("plain") });
  const result = await segment({ ...options, outputFolder: inFolder("common"), commonMasks: true });
  const [before, after] = [await masksOf("plain"), await masksOf("common")];
  const meanDice = (masks: typeof before) => alike.reduce((sum, { mask }, i) => sum + dice(masks[i]!, mask) / VIEWS, 0);
  expect(plain.combined).toBeUndefined();
  expect(result.combined).toBe(VIEWS);
  expect(meanDice(after)).toBeGreaterThan(meanDice(before) + 0.01);
  expect(after.slice(VIEWS)).toEqual(before.slice(VIEWS));
  expect(result.warnings).toEqual([
    ...plain.warnings,
    expect.stringContaining("class mixture look like different things"),
  ]);
});

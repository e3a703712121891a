import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AbortError, ConfigError } from "../../errors.js";
import { readParticleListFile, writeParticleListFile } from "../../files/particles/index.js";
import { type Particle, writeMrc } from "../../io/index.js";
import { createRenderer, drawDensity, proceduralComplex } from "../../simulate/index.js";
import { angleBetweenQuaternions, createRandom, createVolume } from "../../volume/index.js";
import { align } from "./index.js";

const [EDGE, VOXEL, COUNT] = [24, 12, 4];
const complex = proceduralComplex(createRandom(4), { minimumKilodalton: 600, maximumKilodalton: 900 });
let folder: string;
const inFolder = (name: string) => join(folder, name);
let truth: Particle[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-align-"));
  const renderer = createRenderer({
    boxSize: EDGE,
    voxelSizeAngstrom: VOXEL,
    shiftVoxels: 1,
    defocusMicrometre: [3, 3],
  });
  truth = [];
  for (let i = 0; i < COUNT; i++) {
    const { volume, orientation, shiftVoxels } = renderer.render(complex, { random: createRandom(i), snr: 1 });
    await writeFile(inFolder(`p${i}.mrc`), writeMrc(createVolume([EDGE, EDGE, EDGE], VOXEL, volume)));
    const { x, y, z } = shiftVoxels;
    const positionAngstrom = { x: x * VOXEL, y: y * VOXEL, z: z * VOXEL };
    truth.push({ positionAngstrom, orientation, imageName: `p${i}.mrc`, tomogramName: "T", extra: {} });
  }
  const particles = truth.map(({ orientation: _, ...rest }) => ({ ...rest, positionAngstrom: { x: 0, y: 0, z: 0 } }));
  await writeParticleListFile(
    inFolder("particles.star"),
    {
      ...{ particles, origin: "tomogram-centre", voxelSizeAngstrom: VOXEL, coordinatePixelSizeAngstrom: VOXEL },
      warnings: [],
    },
    { format: "relion5" },
  );
  const density = drawDensity(complex, { edge: EDGE, voxelSizeAngstrom: VOXEL, blurAngstrom: 7 });
  await writeFile(inFolder("map.mrc"), writeMrc(density));
  await writeFile(inFolder("dark.mrc"), writeMrc({ ...density, data: density.data.map((value) => -value) }));
});
afterAll(() => rm(folder, { recursive: true }));

const options = (output: string) => ({
  ...{ particlesPath: inFolder("particles.star"), reference: inFolder("map.mrc"), outputFolder: inFolder(output) },
  ...{ tiltRangeDegrees: [-60, 60] as const, threads: 1, command: "cosnet align" },
});

test("the list comes out with the poses the particles were drawn in; a stopped run ends with the same bytes", async () => {
  const controller = new AbortController();
  const stopped = align({
    ...options("stopped"),
    signal: controller.signal,
    onProgress: ({ stage, done }) => {
      if (stage === "aligning particles" && done === 2) controller.abort();
    },
  });
  await expect(stopped).rejects.toThrow(AbortError);
  const resumed = await align(options("stopped"));
  expect(resumed.resumed).toBe(2);
  const whole = await align(options("whole"));
  expect(whole).toMatchObject({ particles: COUNT, resumed: 0, confident: COUNT, hand: { asGiven: COUNT, of: COUNT } });
  const bytes = (name: string) => readFile(inFolder(`${name}/particles.star`), "utf8");
  expect(await bytes("stopped")).toBe(await bytes("whole"));
  const { list } = await readParticleListFile(whole.starPath);
  for (const [i, { orientation, positionAngstrom }] of list.particles.entries()) {
    // Pairs of this size and noise are right to 3 degrees and a quarter of a voxel.
    expect(angleBetweenQuaternions(orientation!, truth[i]!.orientation!)).toBeLessThan(8);
    for (const axis of ["x", "y", "z"] as const)
      expect(Math.abs(positionAngstrom![axis] - truth[i]!.positionAngstrom![axis])).toBeLessThan(0.7 * VOXEL);
  }
  const { particles, shells } = JSON.parse(await readFile(whole.jsonPath, "utf8"));
  expect(particles[0].poses.length).toBeGreaterThan(1);
  expect(shells[0].angstrom).toBe(EDGE * VOXEL);
  expect(await readFile(whole.reportPath, "utf8")).toContain("4 particles of 4 aligned with confidence");
}, 120_000);

test("a dark reference is found to be the negative, and said so; impossible options are refused", async () => {
  const warnings: string[] = [];
  const onWarning = (warning: string) => warnings.push(warning);
  await align({ ...options("dark"), reference: inFolder("dark.mrc"), particleDiameterAngstrom: 160, onWarning });
  expect(warnings.join()).toContain("protein is taken to be dark in the particles");
  const refused = (more: object) => expect(align({ ...options("no"), ...more })).rejects.toThrow(ConfigError);
  await refused({ symmetry: "Q7" });
  await refused({ lists: ["p.unknown"] });
  await refused({ lists: ["p.csv"] }); // counts from the first voxel, and the tomogram's size is not known
  await refused({ reference: "2" });
  await refused({ maximumResolutionAngstrom: -1 });
}, 120_000);

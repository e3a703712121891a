import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AbortError } from "../../errors.js";
import { loadComplexes } from "../../files/complexes/load.js";
import { openSubtomograms } from "../../files/particles/index.js";
import { readMrc, readParticles, writeMrc } from "../../io/index.js";
import { createRenderer, proceduralComplex } from "../../simulate/index.js";
import { angleBetweenQuaternions, createRandom, createVolume } from "../../volume/index.js";
import { simulateParticles } from "./simulate-particles.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-simulate-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const base = { source: { procedural: 2 }, particlesPerClass: 2, snr: 0.5, seed: 11 } as const;

test("what is written is what was drawn: volumes, masks, classes, poses, shifts", async () => {
  const outputFolder = join(folder, "first");
  const result = await simulateParticles({ ...base, outputFolder });
  expect(result).toMatchObject({ particleCount: 4, starFile: join(outputFolder, "particles.star") });
  const list = readParticles(await readFile(result.starFile, "utf8"));
  expect(list.origin).toBe("tomogram-centre");
  expect(list.voxelSizeAngstrom).toBe(10);
  expect(list.optics?.columns.get("rlnSphericalAberration")).toEqual(["2.7"]);
  expect(list.particles.map((particle) => particle.className)).toEqual(
    result.classNames.flatMap((name) => [name, name]),
  );

  const complexes = [0, 1].map((i) => proceduralComplex(createRandom(11).fork("class", i)));
  const random = createRandom(11).fork("particle", result.classNames[1]!, 0);
  const expected = createRenderer().render(complexes[1]!, { random, snr: 0.5, neighbours: complexes });
  const third = list.particles[2]!;
  expect(angleBetweenQuaternions(third.orientation!, expected.orientation)).toBeLessThan(1e-4);
  expect(third.positionAngstrom!.x).toBeCloseTo(10 * expected.shiftVoxels.x, 5);
  expect(third.positionAngstrom!.z).toBeCloseTo(10 * expected.shiftVoxels.z, 5);
  await using opened = await openSubtomograms(result.starFile);
  expect((await opened.read(2)).shiftVoxels.x).toBeCloseTo(expected.shiftVoxels.x, 5);
  expect((await opened.read(2)).shiftVoxels.z).toBeCloseTo(expected.shiftVoxels.z, 5);
  const bytes = async (name: string) => readMrc(Uint8Array.from(await readFile(join(outputFolder, name))));
  const particle = await bytes(third.imageName!);
  expect(particle.volume).toEqual(createVolume([32, 32, 32], 10, expected.volume));
  const mask = await bytes(third.extra.cosnetMaskName!);
  expect(mask.header.mode).toBe(0);
  expect(Uint8Array.from(mask.volume.data)).toEqual(expected.mask);
  const parameters = JSON.parse(await readFile(result.parametersFile, "utf8"));
  expect(parameters).toMatchObject({ seed: 11, snr: 0.5, particlesPerClass: 2, imaging: { tiltDegrees: 60 } });
});

test("examples are imaged at a given defocus and multiplied by their contrast transfer once more, and say so", async () => {
  const outputFolder = join(folder, "premultiplied");
  const imaging = { defocusMicrometre: [3.2, 3.2] } as const;
  const result = await simulateParticles({ ...base, imaging, ctfPremultiplied: true, outputFolder });
  const [first] = readParticles(await readFile(result.starFile, "utf8")).particles;
  expect(first!.extra.cosnetDefocusMicrometre).toBe("3.2000");
  const complexes = [0, 1].map((i) => proceduralComplex(createRandom(11).fork("class", i)));
  const random = createRandom(11).fork("particle", result.classNames[0]!, 0);
  const conditions = { ctfPremultiplied: true };
  const expected = createRenderer(imaging).render(complexes[0]!, {
    random,
    snr: 0.5,
    neighbours: complexes,
    conditions,
  });
  const { volume } = readMrc(Uint8Array.from(await readFile(join(outputFolder, first!.imageName!))));
  expect(volume.data).toEqual(expected.volume);
  expect(JSON.parse(await readFile(result.parametersFile, "utf8"))).toMatchObject({ ctfPremultiplied: true });
});

test("the same options give the same bytes; an earlier result is not replaced unasked", async () => {
  const digest = async (at: string) => {
    const hash = createHash("sha256");
    const names = (await readdir(at, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const files = names.map((entry) => join(entry.parentPath, entry.name)).sort();
    for (const file of files) hash.update(file.slice(at.length)).update(await readFile(file));
    return { files: files.length, sha256: hash.digest("hex") };
  };
  const again = join(folder, "again");
  await simulateParticles({ ...base, outputFolder: again });
  expect(await digest(again)).toEqual(await digest(join(folder, "first")));
  await expect(simulateParticles({ ...base, outputFolder: again })).rejects.toThrow("particles.star is there already");
  await simulateParticles({ ...base, outputFolder: again, seed: 12, overwrite: true });
  expect(await digest(again)).not.toEqual(await digest(join(folder, "first")));
});

test("an aborted job leaves nothing behind", async () => {
  const outputFolder = join(folder, "aborted");
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => {
    if (done === 2) controller.abort();
  };
  await expect(
    simulateParticles({ ...base, outputFolder, onProgress, signal: controller.signal }),
  ).rejects.toBeInstanceOf(AbortError);
  expect(existsSync(outputFolder)).toBe(false);
});

test("an aborted overwriting leaves the earlier result whole", async () => {
  const outputFolder = join(folder, "kept");
  await simulateParticles({ ...base, outputFolder });
  const before = await readdir(outputFolder, { recursive: true });
  const star = await readFile(join(outputFolder, "particles.star"), "utf8");
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => {
    if (done === 2) controller.abort();
  };
  const again = { ...base, outputFolder, seed: 99, overwrite: true, onProgress, signal: controller.signal };
  await expect(simulateParticles(again)).rejects.toBeInstanceOf(AbortError);
  expect(await readdir(outputFolder, { recursive: true })).toEqual(before);
  expect(await readFile(join(outputFolder, "particles.star"), "utf8")).toBe(star);
});

test("numbers that make no sense are refused before anything is written", async () => {
  const outputFolder = join(folder, "refused");
  await expect(simulateParticles({ ...base, outputFolder, snr: 0 })).rejects.toThrow("ratio of 0 is impossible");
  await expect(simulateParticles({ ...base, outputFolder, particlesPerClass: 1.5 })).rejects.toThrow("1.5 particles");
  await expect(simulateParticles({ ...base, outputFolder, source: { procedural: 0 } })).rejects.toThrow("0 complexes");
  expect(existsSync(outputFolder)).toBe(false);
});

test("a folder's structures and maps are loaded by name; a map's voxel size may be in its name", async () => {
  const structures = join(folder, "structures");
  await rm(structures, { recursive: true, force: true });
  await simulateParticles({ ...base, outputFolder: structures }); // any folder will do
  await expect(loadComplexes(join(folder, "absent"))).rejects.toThrow("there is no such file or folder");
  await expect(loadComplexes(structures)).rejects.toThrow("no structure or map found");

  const ball = createVolume([24, 24, 24], 1);
  for (let i = 0; i < ball.data.length; i++) {
    const [x, y, z] = [i % 24, Math.floor(i / 24) % 24, Math.floor(i / 576)];
    ball.data[i] = Math.hypot(x - 12, y - 12, z - 12) < 6 ? 1 : 0;
  }
  const atom = (serial: number, x: number) =>
    `ATOM  ${String(serial).padStart(5)}  CA  ALA A${String(serial).padStart(4)}    ${x.toFixed(3).padStart(8)}   0.000   0.000  1.00  0.00           C`;
  await writeFile(join(structures, "ball_10A.mrc"), writeMrc(ball));
  await writeFile(join(structures, "arow.pdb"), [1, 2, 3].map((i) => atom(i, 3.8 * i)).join("\n"));
  const complexes = await loadComplexes(structures);
  expect(complexes.map(({ name, source }) => [name, source])).toEqual([
    ["arow", "structure"],
    ["ball", "map"],
  ]);
  expect(complexes[1]!.massKilodalton).toBeGreaterThan(600); // a ball of 60 Å radius: 748 kDa, less its voxel steps
  expect(complexes[1]!.massKilodalton).toBeLessThan(800);

  await writeFile(join(structures, "ball.mrc"), writeMrc(ball));
  await expect(loadComplexes(structures)).rejects.toThrow(/ball\.mrc: at 1 Å a voxel this is 0\.\d kDa/);
});

const shared = join(import.meta.dirname, "../../../../shared/data/structures/benchmark/train");
test.skipIf(!existsSync(shared))(
  "the real training structures load with their known masses (needs ../shared)",
  async () => {
    const masses = new Map((await loadComplexes(shared)).map(({ name, massKilodalton }) => [name, massKilodalton]));
    expect(masses.size).toBe(14);
    // Sums over the deposited chains; the maps' true masses, whose surface at 10 Å is uncertain by a fraction of a voxel.
    for (const [name, kilodalton, tolerance] of [
      ["1OEL", 767, 0.02],
      ["2BUK", 1224, 0.02],
      ["1BXN", 516, 0.02],
      ["1F4A", 465, 0.2],
      ["2UV8", 2600, 0.2],
    ] as const)
      expect(Math.abs(masses.get(name)! / kilodalton - 1), name).toBeLessThan(tolerance);
  },
);

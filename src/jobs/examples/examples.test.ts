import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, FileError, FormatError } from "../../errors.js";
import { writeMrc, writeParticleList } from "../../io/index.js";
import { createRenderer, proceduralComplex } from "../../simulate/index.js";
import { createRandom, createVolume } from "../../volume/index.js";
import { readExampleArgument, readExampleList } from "./index.js";

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-examples-"));
  const particles = [10, 20].map((x) => ({ positionAngstrom: { x, y: 30, z: 40 }, extra: {} }));
  const list = { particles, origin: "first-voxel", voxelSizeAngstrom: 10, warnings: [] } as const;
  const clicks = { ...list, coordinatePixelSizeAngstrom: 10 };
  const imod = writeParticleList(clicks, { format: "imod", tomogramSizeAngstrom: { x: 100, y: 100, z: 100 } });
  await writeFile(at("clicks.dat"), imod.content);
  await writeFile(at("clicks.csv"), writeParticleList(clicks, { format: "csv" }).content);
  await writeFile(at("a=b.csv"), writeParticleList(clicks, { format: "csv" }).content);
  const classes = ["a", "b"].map((className, i) => ({ ...particles[i]!, className }));
  await writeFile(at("two.csv"), writeParticleList({ ...clicks, particles: classes }, { format: "csv" }).content);
  const random = createRandom(1);
  const renderer = createRenderer({ boxSize: 32, voxelSizeAngstrom: 10, contrastTransfer: false, tiltDegrees: 90 });
  const { volume } = renderer.render(proceduralComplex(random), { random, snr: Number.POSITIVE_INFINITY });
  const noisy = volume.map((value) => value + random.normal());
  const map = Float32Array.from(volume, (value) => Math.max(0, value));
  await writeFile(at("box.dat"), writeMrc(createVolume([32, 32, 32], 10, noisy)));
  await writeFile(at("map.dat"), writeMrc(createVolume([32, 32, 32], 10, map)));
  await writeFile(
    at("structure.txt"),
    "ATOM      1  CA  ALA A   1      11.104   6.134  -6.504  1.00  0.00           C  \n",
  );
  await writeFile(at("notes.txt"), "nothing of the kind\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ["clicks.dat", "list"],
  ["clicks.csv", "list"],
  ["box.dat", "image"],
  ["map.dat", "template"],
  ["structure.txt", "template"],
])("CLASS=%s is told by content: %s", async (name, kind) => {
  const path = at(name);
  expect(await readExampleArgument(`ribosome=${path}`)).toEqual({ kind, path, className: "ribosome" });
});

test("a list needs no class, and a file whose name has an equals sign is that file", async () => {
  expect(await readExampleArgument(at("clicks.csv"))).toMatchObject({ kind: "list", className: undefined });
  expect(await readExampleArgument(at("a=b.csv"))).toMatchObject({ kind: "list", path: at("a=b.csv") });
});

test("what cannot be an example says what to do", async () => {
  await expect(readExampleArgument(at("map.dat"))).rejects.toThrow(FormatError);
  await expect(readExampleArgument(`=${at("map.dat")}`)).rejects.toThrow(ConfigError);
  await expect(readExampleArgument("ribosome=")).rejects.toThrow(ConfigError);
  await expect(readExampleArgument(`ribosome=${at("none.csv")}`)).rejects.toThrow(FileError);
  await expect(readExampleArgument(`ribosome=${at("notes.txt")}`)).rejects.toThrow(FormatError);
});

test("the named class is that of every particle, and one name cannot stand for several classes", async () => {
  const { particles } = await readExampleList(await readExampleArgument(`ribosome=${at("clicks.dat")}`), {
    voxelSizeAngstrom: 10,
  });
  expect(particles.map(({ className }) => className)).toEqual(["ribosome", "ribosome"]);
  expect(particles[0]!.positionAngstrom!.x).toBeCloseTo(10, 3);
  const two = await readExampleArgument(`ribosome=${at("two.csv")}`);
  await expect(readExampleList(two, { voxelSizeAngstrom: 10 })).rejects.toThrow(/2 classes/);
  const box = await readExampleList(await readExampleArgument(`ribosome=${at("box.dat")}`), {});
  expect(box.particles).toMatchObject([{ imageName: at("box.dat"), className: "ribosome" }]);
});

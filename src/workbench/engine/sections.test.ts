import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeEm, writeMrc } from "../../io/index.js";
import { createRandom, createVolume, type Shape3, type Volume } from "../../volume/index.js";
import type { Axis, Section } from "../protocol/index.js";
import { type OpenEngine, openEngine } from "./index.js";

const folder = await mkdtemp(join(tmpdir(), "cosnet-engine-"));
afterAll(() => rm(folder, { recursive: true }));

function noise(shape: Shape3): Volume {
  const random = createRandom(1);
  const volume = createVolume(shape, 10);
  for (let i = 0; i < volume.data.length; i++) volume.data[i] = Math.floor(random.uniform(-100, 100));
  return volume;
}

/** The plane as its definition says, voxel by voxel. */
function planeOf({ data, shape: [nz, ny, nx] }: Volume, axis: Axis, index: number): number[][] {
  const at = (z: number, y: number, x: number) => data[(z * ny + y) * nx + x]!;
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  if (axis === "z") return range(ny).map((y) => range(nx).map((x) => at(index, y, x)));
  if (axis === "y") return range(nz).map((z) => range(nx).map((x) => at(z, index, x)));
  return range(nz).map((z) => range(ny).map((y) => at(z, y, index)));
}

function rowsOf({ width, height, values }: Section): number[][] {
  return Array.from({ length: height }, (_, y) => [...values.subarray(y * width, (y + 1) * width)]);
}

const FILES = {
  "odd.mrc": { shape: [9, 13, 21], write: (volume: Volume) => writeMrc(volume, { mode: 2 }) },
  "even-int16.mrc": { shape: [8, 10, 70], write: (volume: Volume) => writeMrc(volume, { mode: 1 }) },
  "deep-int8-big.mrc": {
    shape: [40, 5, 6],
    write: (volume: Volume) => writeMrc(volume, { mode: 0, byteOrder: "big" }),
  },
  "odd.em": { shape: [7, 9, 11], write: (volume: Volume) => writeEm(volume) },
} as const;

test("what a person says of a tomogram is believed, and contrast is measured", async () => {
  const volume = noise([32, 64, 64]);
  await writeFile(join(folder, "plain.mrc"), writeMrc({ ...volume, voxelSizeAngstrom: 1 }, { mode: 2 }));
  await using engine = await openEngine({
    ...{ projectFolder: join(folder, "plain.project"), openedFolders: [folder], runtime: "test", isLocal: true },
  });
  await engine.take({ type: "add-tomogram", path: "plain.mrc" });
  expect(await engine.tomogram("tomogram-1")).toMatchObject({
    ...{ voxelSizeAngstrom: 1, name: "plain", kind: "mrc" },
    warnings: [expect.stringContaining("the header says exactly 1 Å"), "give the true voxel size before a run"],
  });
  await engine.take({ type: "describe-tomogram", id: "tomogram-1", voxelSizeAngstrom: 12 });
  expect(await engine.tomogram("tomogram-1")).toMatchObject({
    ...{ voxelSizeAngstrom: 12, voxelSizeSource: "as you say, instead of the header's 1 Å", warnings: [] },
  });
  expect(await engine.measure("tomogram-1")).toMatchObject({
    contrast: expect.stringMatching(/^(dark|bright)$/),
    contrastText: expect.stringContaining("protein"),
  });
});

describe.each(Object.entries(FILES))("%s", (name, { shape, write }) => {
  const volume = noise(shape);
  let engine: OpenEngine;
  let id = "";
  beforeAll(async () => {
    await writeFile(join(folder, name), write(volume));
    engine = await openEngine({
      projectFolder: join(folder, `${name}.project`),
      openedFolders: [folder],
      runtime: "test",
      isLocal: true,
    });
    const { project } = await engine.take({ type: "add-tomogram", path: name });
    id = project.tomograms[0]!.id;
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  test("says what it is", async () => {
    expect(await engine.tomogram(id)).toMatchObject({ id, shape, voxelSizeAngstrom: 10 });
  });

  test.each(["x", "y", "z"] as const)("sections across %s are those of the volume", async (axis) => {
    const count = shape[{ z: 0, y: 1, x: 2 }[axis]];
    for (const index of new Set([0, 1, count >> 1, count - 1]))
      expect(rowsOf((await engine.sections({ tomogramId: id, axis, index }))[0]!)).toEqual(
        planeOf(volume, axis, index),
      );
  });

  test.each(["x", "y", "z"] as const)("slabs across %s are the mean of their sections", async (axis) => {
    const section = (await engine.sections({ tomogramId: id, axis, index: 2, thicknessVoxels: 4 }))[0]!;
    const planes = [1, 2, 3, 4].map((index) => planeOf(volume, axis, index));
    const mean = planes[0]!.map((row, y) =>
      row.map((_, x) => planes.reduce((sum, plane) => sum + plane[y]![x]!, 0) / 4),
    );
    expect(rowsOf(section)).toEqual(mean.map((row) => row.map(Math.fround)));
  });

  test("thumbnails are cut out of the sections through their positions; NaN is beyond", async () => {
    const [nz, ny, nx] = shape;
    const edgeVoxels = 4;
    const positions = [
      { x: 3, y: 2, z: nz >> 1 },
      { x: nx - 1, y: ny - 1.4, z: nz - 1 },
    ];
    const { values } = await engine.thumbnails({ tomogramId: id, positions, edgeVoxels });
    for (const [i, position] of positions.entries()) {
      const [x, y, z] = [position.x, Math.round(position.y), position.z];
      const centres = [
        ["z", z, y, x],
        ["y", y, z, x],
        ["x", x, z, y],
      ] as const;
      for (const [plane, [axis, index, row, column]] of centres.entries()) {
        const whole = planeOf(volume, axis, index);
        const cut = Array.from({ length: edgeVoxels ** 2 }, (_, at) => {
          const [dy, dx] = [Math.floor(at / edgeVoxels) - 2, (at % edgeVoxels) - 2];
          return whole[row + dy]?.[column + dx] ?? Number.NaN;
        });
        const start = (3 * i + plane) * edgeVoxels ** 2;
        expect([...values.subarray(start, start + edgeVoxels ** 2)]).toEqual(cut);
      }
    }
    const request = { tomogramId: id, positions, edgeVoxels: 0 };
    await expect(engine.thumbnails(request)).rejects.toThrow("pictures of 0 voxels are impossible");
  });

  test("sections that are not there are refused", async () => {
    const [nz] = shape;
    await expect(engine.sections({ tomogramId: id, axis: "z", index: nz })).rejects.toThrow(`they are 0 to ${nz - 1}`);
    await expect(engine.sections({ tomogramId: id, axis: "z", index: 0.5 })).rejects.toThrow("no section 0.5");
  });
});

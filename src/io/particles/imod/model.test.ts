import { expect, test } from "vitest";
import { readParticleList } from "../read.js";
import { writeParticleList } from "../write.js";
import type { ImodPoint } from "./model.js";
import { readImodModel } from "./read-model.js";
import { writeImodModel } from "./write-model.js";

const IMAGE = { x: 100, y: 80, z: 60 };

function model(points: ImodPoint[], name = "ribosome"): Uint8Array {
  return writeImodModel({ objects: [{ name, contours: [points] }], maximum: IMAGE, voxelSizeAngstrom: 10 });
}

/** The model with a chunk MINX before its end, and these flags besides its own. */
function drawnOn(bytes: Uint8Array, flags: number, vectors: readonly (readonly number[])[]): Uint8Array {
  const longer = new Uint8Array(bytes.length + 80);
  longer.set(bytes);
  const view = new DataView(longer.buffer);
  view.setUint32(152, view.getUint32(152) | flags);
  const at = bytes.length - 4;
  longer.set(new TextEncoder().encode("MINX"), at);
  view.setInt32(at + 4, 72);
  for (const [index, value] of vectors.flat().entries()) view.setFloat32(at + 8 + 4 * index, value);
  longer.set(new TextEncoder().encode("IEOF"), at + 80);
  return longer;
}

const NONE = [0, 0, 0];

test("every point keeps its score, in the chunk of general storage that IMOD's page describes", () => {
  const list = readParticleList(
    model([
      { x: 1, y: 2, z: 3, value: 0.75 },
      { x: 4, y: 5, z: 6 },
      { x: 7, y: 8, z: 9, value: -2 },
    ]),
  );
  expect(list.particles.map(({ score }) => score)).toEqual([0.75, undefined, -2]);
  const bytes = writeParticleList(list, { format: "imod", voxelSizeAngstrom: 10 }).content as Uint8Array;
  const at = 240 + 180 + 20 + 3 * 12;
  const view = new DataView(bytes.buffer);
  expect(new TextDecoder().decode(bytes.subarray(at, at + 4))).toBe("COST");
  expect(view.getInt32(at + 4)).toBe(24);
  // Type 10, an int as index, a float as value, for one point only; then the values.
  expect([view.getInt16(at + 8), view.getUint16(at + 10), view.getInt32(at + 12)]).toEqual([10, 0b10000100, 0]);
  expect([view.getFloat32(at + 16), view.getInt32(at + 24), view.getFloat32(at + 28)]).toEqual([0.75, 2, -2]);
  const range = at + 32;
  expect(new TextDecoder().decode(bytes.subarray(range, range + 4))).toBe("OBST");
  expect([view.getFloat32(range + 12), view.getFloat32(range + 16)]).toEqual([-2, 0.75]);
  expect(readParticleList(bytes).particles).toEqual(list.particles);
});

test("points of a model drawn on a part of its image are where the whole image has them", () => {
  // The image begins at 100, 200, 300 Å; the part that was loaded, 10 voxels of 10 Å further along x.
  const bytes = drawnOn(model([{ x: 1.5, y: 2.5, z: 3 }]), 1 << 14, [
    NONE,
    [100, 200, 300],
    NONE,
    [10, 10, 10],
    [0, 200, 300],
    NONE,
  ]);
  const { particles, warnings } = readParticleList(bytes);
  expect(particles[0].positionAngstrom).toEqual({ x: 110, y: 20, z: 30 });
  expect(warnings).toEqual([expect.stringContaining("begins at voxel 10, 0, 0")]);
});

test("y and z are exchanged back where the model was last seen with them exchanged", () => {
  const bytes = drawnOn(model([{ x: 1.5, y: 30, z: 20.5 }]), 1 << 16, [NONE, NONE, NONE, [10, 10, 10], NONE, NONE]);
  const { particles, warnings } = readParticleList(bytes);
  expect(particles[0].positionAngstrom).toEqual({ x: 10, y: 200, z: 300 });
  expect(warnings).toEqual([expect.stringContaining("exchanged back")]);
});

test("the image's spacing counts where the header has pixels as unit", () => {
  const plain = writeImodModel({ objects: [], maximum: IMAGE, voxelSizeAngstrom: undefined });
  const spaced = drawnOn(plain, 0, [NONE, NONE, NONE, [13.5, 13.5, 13.5], NONE, NONE]);
  expect(readImodModel(plain).voxelSizeAngstrom).toBeUndefined();
  expect(readImodModel(spaced).voxelSizeAngstrom).toBe(13.5);
});

test("a z scale is said", () => {
  const bytes = model([{ x: 1, y: 1, z: 1 }]);
  new DataView(bytes.buffer).setFloat32(192, 1.5);
  expect(readParticleList(bytes).warnings).toEqual(["the model's z scale is 1.5; positions take voxels as cubic"]);
});

test("names are kept in any script, as far as there is room", () => {
  expect(readImodModel(model([], "Ribosom µ")).objects[0].name).toBe("Ribosom µ");
  expect(readImodModel(model([], "ä".repeat(40))).objects[0].name).toBe("ä".repeat(31));
});

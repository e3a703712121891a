import { describe, expect, it } from "vitest";
import { ShapeError } from "../../errors.js";
import {
  centreIndex,
  createRandom,
  type Pose,
  randomQuaternion,
  rotateVector,
  type Vector3,
  wedgeMask,
} from "../../volume/index.js";
import { createSubtomogramMaker } from "../align/subtomogram.js";
import { createFourierSum } from "./fourier-sum.js";

const blobs: readonly Vector3[] = [
  { x: 4, y: -1, z: 0 },
  { x: -2, y: 3, z: 2 },
  { x: 0, y: 0, z: -4 },
];
const still: Pose = { rotation: { w: 1, x: 0, y: 0, z: 0 }, shiftVoxels: { x: 0, y: 0, z: 0 } };

/** Three Gaussians of a deviation of 1.5 voxels and rising heights in a pose, not interpolated. */
function boxOf(edge: number, { rotation, shiftVoxels }: Pose): Float32Array {
  const centre = centreIndex(edge);
  const places = blobs.map((blob) => {
    const { x, y, z } = rotateVector(rotation, blob);
    return { x: centre + x + shiftVoxels.x, y: centre + y + shiftVoxels.y, z: centre + z + shiftVoxels.z };
  });
  const box = new Float32Array(edge ** 3);
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, at++)
        for (const [i, place] of places.entries())
          box[at] += (i + 1) * Math.exp(-((x - place.x) ** 2 + (y - place.y) ** 2 + (z - place.z) ** 2) / 4.5);
  return box;
}

/** Root mean square of the difference over that of the truth. */
function relativeError(volume: Float32Array, truth: Float32Array): number {
  const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(squares(volume.map((value, i) => value - truth[i])) / squares(truth));
}

function posesOf(count: number): Pose[] {
  const random = createRandom(7);
  const shift = () => random.uniform(-2, 2);
  return Array.from({ length: count }, () => ({
    rotation: randomQuaternion(random),
    shiftVoxels: { x: shift(), y: shift(), z: shift() },
  }));
}

describe.each([24, 27])("a Fourier sum of boxes of %i^3 voxels", (edge) => {
  const make = createSubtomogramMaker(edge);
  const shape = [edge, edge, edge] as const;
  const truth = boxOf(edge, still);
  const wedge = Float32Array.from(wedgeMask(shape, 60));

  it("gives back what lies in its particles, turned and shifted, each with its missing wedge", () => {
    const sum = createFourierSum(edge);
    for (const pose of posesOf(60)) sum.add(make(boxOf(edge, pose), wedge), pose);
    expect(relativeError(sum.volume(), truth)).toBeLessThan(0.05); // linear interpolation
  });

  it("takes a weight for what the spectrum was multiplied by", () => {
    const random = createRandom(2);
    const sum = createFourierSum(edge);
    for (const pose of posesOf(60)) {
      const { spectrum } = make(boxOf(edge, pose), new Float32Array(wedge.length).fill(1));
      const weight = wedge.map((measured) => measured * random.uniform(0, 1));
      sum.add(
        { edge, spectrum: spectrum.map((value, i) => value * weight[i >> 1]), weight },
        pose,
        random.uniform(0, 1),
      );
    }
    expect(relativeError(sum.volume(), truth)).toBeLessThan(0.05);
  });

  it("goes on from its state, and merges, as if it had gathered everything", () => {
    const [whole, first, second] = [createFourierSum(edge), createFourierSum(edge), createFourierSum(edge)];
    for (const [i, pose] of posesOf(8).entries()) {
      const particle = make(boxOf(edge, pose), wedge);
      for (const sum of [whole, i < 4 ? first : second]) sum.add(particle, pose);
    }
    const { cells, ...rest } = first.state();
    const goesOn = createFourierSum(edge, { state: { ...rest, cells: cells.slice() } });
    goesOn.merge(second.state());
    expect(relativeError(goesOn.volume(), whole.volume())).toBeLessThan(1e-5); // single precision
  });

  it("fills what one particle leaves between its frequencies", () => {
    const sum = createFourierSum(edge);
    const [pose] = posesOf(1);
    sum.add(make(boxOf(edge, pose), new Float32Array(wedge.length).fill(1)), pose);
    expect(relativeError(sum.volume(), truth)).toBeLessThan(0.1); // linear interpolation
  });

  it("stays finite with the least there can be: nothing, one particle, noise against no signal", () => {
    const sum = createFourierSum(edge);
    expect(sum.volume().every((value) => value === 0)).toBe(true);
    sum.add(make(truth, wedge), still);
    const largest = truth.reduce((most, value) => Math.max(most, value));
    expect(sum.volume().every((value) => Math.abs(value) < 2 * largest)).toBe(true);
    const faded = sum.volume({ noiseToSignal: [Infinity] });
    expect(faded.every((value) => value === 0)).toBe(true);
  });
});

it("counts a particle that was measured everywhere as one in every shell", () => {
  const sum = createFourierSum(24);
  const make = createSubtomogramMaker(24);
  for (const pose of posesOf(30)) sum.add(make(boxOf(24, pose), new Float32Array(24 * 24 * 13).fill(1)), pose);
  const weights = sum.shellWeights();
  for (const weight of weights.subarray(0, 11)) expect(Math.abs(weight - 30)).toBeLessThan(3); // few cells in the first shells
});

it("refuses particles of another edge, and sums of another radius", () => {
  const sum = createFourierSum(24);
  expect(() =>
    sum.add(createSubtomogramMaker(16)(new Float32Array(16 ** 3), new Float32Array(16 * 16 * 9)), still),
  ).toThrow(ShapeError);
  expect(() => sum.merge(createFourierSum(24, { radius: 6 }).state())).toThrow(ShapeError);
});

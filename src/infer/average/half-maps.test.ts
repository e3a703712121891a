import { expect, it } from "vitest";
import { createRandom, type Pose, randomQuaternion, rotateVector, wedgeMask } from "../../volume/index.js";
import { createSubtomogramMaker } from "../align/subtomogram.js";
import { createFourierSum } from "./fourier-sum.js";
import { joinHalves } from "./half-maps.js";
import { sphereMask } from "./sphere-mask.js";

const EDGE = 24;
const random = createRandom(8);
const make = createSubtomogramMaker(EDGE);
const wedge = Float32Array.from(wedgeMask([EDGE, EDGE, EDGE], 60));

/** Two Gaussians of a deviation of 2 voxels in a pose, with white noise. */
function particle({ rotation }: Pose, noise: number): Float32Array {
  const places = [
    { x: 4, y: 0, z: 0 },
    { x: -1, y: 3, z: -3 },
  ].map((place) => rotateVector(rotation, place));
  return Float32Array.from({ length: EDGE ** 3 }, (_, at) => {
    const [x, y, z] = [(at % EDGE) - 12, (Math.floor(at / EDGE) % EDGE) - 12, Math.floor(at / EDGE ** 2) - 12];
    const density = places.map((p) => Math.exp(-((x - p.x) ** 2 + (y - p.y) ** 2 + (z - p.z) ** 2) / 8));
    return density[0] + density[1] + noise * random.normal();
  });
}

function sumsOf(noise: number) {
  const sums = [createFourierSum(EDGE), createFourierSum(EDGE)] as const;
  for (let i = 0; i < 40; i++) {
    const pose = { rotation: randomQuaternion(random), shiftVoxels: { x: 0, y: 0, z: 0 } };
    sums[i % 2].add(make(particle(pose, noise), wedge), pose);
  }
  return sums;
}

it("filters the joined volume by what the halves have in common: nearer to the truth than either and than their mean", () => {
  const truth = particle({ rotation: { w: 1, x: 0, y: 0, z: 0 }, shiftVoxels: { x: 0, y: 0, z: 0 } }, 0);
  const error = (volume: Float32Array) => Math.hypot(...volume.map((value, at) => value - truth[at]));
  const { volume, halves } = joinHalves(sumsOf(1.5), sphereMask(EDGE, 9, 3), createRandom(1));
  const mean = halves[0].map((value, at) => (value + halves[1][at]) / 2);
  expect(error(mean)).toBeLessThan(error(halves[0]));
  expect(error(volume)).toBeLessThan(error(mean) / 2);
});

it("leaves noiseless sums as they are, and next to nothing where halves have nothing in common", () => {
  const clean = joinHalves(sumsOf(0), sphereMask(EDGE, 9, 3), createRandom(1));
  expect(clean.correlation.corrected.byShell[4]).toBeGreaterThan(0.99);
  const noise = joinHalves(sumsOf(1000), sphereMask(EDGE, 9, 3), createRandom(1));
  const size = (volume: Float32Array) => Math.hypot(...volume);
  expect(size(noise.volume)).toBeLessThan(size(noise.halves[0]) / 3);
});

import { expect, test } from "vitest";
import { meanAndDeviation } from "../volume/index.js";
import { mixParticles } from "./particle-batches.js";

const EDGE = 8;
const VOXELS = EDGE ** 3;

/** Particle k is a wave of k + 1 periods along z: half turns and shifts change its phase only. */
const wave = (periods: number): number[] =>
  Array.from({ length: VOXELS }, (_, i) => Math.cos((2 * Math.PI * periods * Math.floor(i / EDGE ** 2)) / EDGE));
const particles = { volumes: Float32Array.from([1, 2, 3].flatMap(wave)), labels: [0, 0, 1], edge: EDGE };

function periodsOf(volume: Float32Array): number {
  const powers = [1, 2, 3].map((periods) => {
    let [re, im] = [0, 0];
    volume.forEach((value, i) => {
      const angle = (2 * Math.PI * periods * Math.floor(i / EDGE ** 2)) / EDGE;
      re += value * Math.cos(angle);
      im += value * Math.sin(angle);
    });
    return re * re + im * im;
  });
  return 1 + powers.indexOf(Math.max(...powers));
}

const simulated = {
  volumes: Float32Array.from({ length: 4 * VOXELS }, (_, i) => 1 + Math.floor(i / VOXELS)), // 2 classes, 2 views
  masks: new Float32Array(4 * VOXELS).fill(1),
};
const view = (volumes: Float32Array, index: number) => volumes.subarray(index * VOXELS, (index + 1) * VOXELS);

test("each view holds the simulated classes, then the user's; only simulated masks are known", () => {
  const { volumes, masks, maskKnown } = mixParticles(particles, { seed: 1, classes: 2, shots: 1 })(0, simulated);
  expect([...maskKnown!]).toEqual([1, 1, 0, 0, 1, 1, 0, 0]);
  expect([0, 1, 4, 5].map((index) => view(volumes, index)[0])).toEqual([1, 2, 3, 4]);
  expect([0, 2, 4, 6].map((index) => view(masks, index)[0])).toEqual([1, 0, 1, 0]);
});

test("the two views of a class are of two particles of that class where there are two", () => {
  const mix = mixParticles(particles, { seed: 1, classes: 2, shots: 1 });
  const firstViews = new Set<number>();
  for (let step = 0; step < 8; step++) {
    const { volumes } = mix(step, simulated);
    for (const place of [2, 3]) {
      const periods = [periodsOf(view(volumes, place)), periodsOf(view(volumes, 4 + place))];
      expect([...periods].sort()).toEqual(periods[0] === 3 ? [3, 3] : [1, 2]);
      firstViews.add(periods[0]);
      const { mean, deviation } = meanAndDeviation(view(volumes, place));
      expect(mean).toBeCloseTo(0, 5);
      expect(deviation).toBeCloseTo(1, 4);
    }
  }
  expect([...firstViews].sort()).toEqual([1, 2, 3]); // every particle is query at some time
});

test("a batch is a function of seed and step; fewer classes than there are take turns", () => {
  const mix = mixParticles(particles, { seed: 1, classes: 1, shots: 1 });
  const again = mixParticles(particles, { seed: 1, classes: 1, shots: 1 });
  again(2, simulated);
  expect(again(5, simulated).volumes).toEqual(mix(5, simulated).volumes);
  expect(mix(6, simulated).volumes).not.toEqual(mix(5, simulated).volumes);
  const classes = new Set(
    Array.from({ length: 12 }, (_, step) => (periodsOf(view(mix(step, simulated).volumes, 2)) === 3 ? 1 : 0)),
  );
  expect(classes.size).toBe(2);
});

import { expect, test } from "vitest";
import type { ParticleBoxReader } from "../../files/particles/boxes.js";
import { boxOfMask, cropMask, pasteMasks } from "../../infer/index.js";
import { refineTogether } from "./joint.js";
import type { SegmentedParticle } from "./particles.js";

const EDGE = 12;

/** A box of `EDGE` voxels around x: whatever lies left of `border` is bright, the rest dark. */
function particleAt(x: number, probability: (placeX: number) => number): SegmentedParticle {
  const values = Float32Array.from({ length: EDGE ** 3 }, (_, i) => {
    const [bx, by, bz] = [(i % EDGE) - 6, (Math.floor(i / EDGE) % EDGE) - 6, Math.floor(i / EDGE ** 2) - 6];
    return Math.hypot(by, bz) < 3.5 ? probability(bx + x) : 0.001;
  });
  return {
    classIndex: 0,
    classification: undefined,
    mask: cropMask(values, EDGE, { centreAngstrom: { x: 10 * x, y: 0, z: 0 }, voxelSizeAngstrom: 10 }),
    grid: { shape: [EDGE, EDGE, EDGE], voxelSizeAngstrom: 10 },
    voxelsBefore: values.filter((p) => p > 0.5).length,
    voxels: values.filter((p) => p > 0.5).length,
    crf: undefined,
    embedding: new Float32Array(0),
    cutOff: false,
  };
}

/** The intensity of every box is that of one world, in which `bright` says what is where along x. */
function readerOf(particles: readonly SegmentedParticle[], bright: (placeX: number) => number): ParticleBoxReader {
  return {
    path: "test.star",
    list: {
      particles: [],
      origin: "first-voxel",
      voxelSizeAngstrom: 10,
      coordinatePixelSizeAngstrom: 10,
      warnings: [],
    },
    warnings: () => [],
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
    async read(from, to) {
      const volumes = new Float32Array((to - from) * EDGE ** 3);
      for (let index = from; index < to; index++)
        for (let i = 0; i < EDGE ** 3; i++)
          volumes[(index - from) * EDGE ** 3 + i] = bright(
            (i % EDGE) - 6 + particles[index]!.mask.centreAngstrom.x / 10,
          );
      return { volumes, grids: particles.slice(from, to).map(({ grid }) => grid) };
    },
  };
}

const PARAMETERS = {
  appearanceWeight: 3,
  appearanceSigmaAngstrom: 60,
  intensitySigma: 0.5,
  smoothnessWeight: 0,
  smoothnessSigmaAngstrom: 10,
  iterations: 5,
};
const task = { edge: EDGE, voxelSizeAngstrom: 10, parameters: PARAMETERS };

/** Where along x, on the axis through the centres, each voxel's owner changes: the first place that is the second's. */
function borderBetween(particles: readonly SegmentedParticle[]): number {
  const region = boxOfMask(particles[0]!.mask, 2 * EDGE);
  const { owner } = pasteMasks(
    particles.map(({ mask }, i) => [i, mask] as const),
    region,
  );
  const row = Array.from({ length: 2 * EDGE }, (_, i) => owner[(EDGE * 2 * EDGE + EDGE) * 2 * EDGE + i]!);
  return row.indexOf(1) - EDGE + particles[0]!.mask.centreAngstrom.x / 10;
}

test("intensities decide where two particles meet", async () => {
  // Both are unsure between places 3 and 6, the second a little less so; the world changes its brightness at 5.
  const first = particleAt(1, (x) => (x < 3 ? 0.95 : x <= 6 ? 0.55 : 0.05));
  const second = particleAt(8, (x) => (x < 3 ? 0.05 : x <= 6 ? 0.56 : 0.95));
  const particles = [first, second];
  expect(borderBetween(particles)).toBe(3);
  const refined = await refineTogether(
    particles,
    readerOf(particles, (x) => (x < 5 ? 1 : -1)),
    task,
  );
  expect(borderBetween(refined)).toBe(5);
  expect(refined.map(({ crf }) => crf?.flagged)).toEqual([false, false]);
});

test("a refinement that takes most of a particle away is not used", async () => {
  const weak = particleAt(1, (x) => (x < 2 ? 0.52 : 0.1));
  const [refined] = await refineTogether(
    [weak],
    readerOf([weak], () => 0),
    {
      ...task,
      parameters: { ...PARAMETERS, appearanceWeight: 0, smoothnessWeight: 30, smoothnessSigmaAngstrom: 60 },
    },
  );
  expect(refined!.crf?.flagged).toBe(true);
  expect(refined!.mask).toBe(weak.mask);
  expect(refined!.voxels).toBe(weak.voxels);
});

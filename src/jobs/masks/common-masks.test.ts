import { beforeAll, expect, test } from "vitest";
import { dice } from "../../evaluate/index.js";
import { insideMask } from "../../infer/index.js";
import { createRenderer, proceduralComplex, type RenderedParticle } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { combineMasksOf } from "./common-masks.js";

const EDGE = 32;
const VOXELS = EDGE ** 3;
/** Views of one complex, a small one with an embedding like theirs, one of them with another embedding, too few of a second class. */
const [VIEWS, SMALL, ODD, FEW] = [7, 1, 1, 3] as const;
const COUNT = VIEWS + SMALL + ODD + FEW;
const labels = Array.from({ length: COUNT }, (_, i) => (i < COUNT - FEW ? 3 : 0));

const random = createRandom("common masks");
const renderer = createRenderer({ shiftVoxels: 4 });
const [large, small] = [
  proceduralComplex(random.fork("large"), { minimumKilodalton: 800 }),
  proceduralComplex(random.fork("small"), { minimumKilodalton: 100, maximumKilodalton: 150 }),
];
const particles = labels.map((_, i) =>
  renderer.render(i < VIEWS || i === VIEWS + SMALL ? large : small, { random: random.fork("view", i), snr: 2 }),
);
const volumes = new Float32Array(COUNT * VOXELS);
const masks = new Float32Array(COUNT * VOXELS);
particles.forEach((particle, i) => {
  volumes.set(particle.volume, i * VOXELS);
  masks.set(bitten(particle, i), i * VOXELS);
});
const embedded = { embeddings: Float32Array.from(labels.flatMap((_, i) => [1, i < VIEWS + SMALL ? 0 : 1])), size: 2 };
const names = ["few", "", "", "views"];
const result = {} as Awaited<ReturnType<typeof combineMasksOf>>;

/** A mask of which a side is lost, another in each box. */
function bitten({ mask, shiftVoxels: shift }: RenderedParticle, seed: number): Float32Array {
  const stream = random.fork("bite", seed);
  const direction = [0, 1, 2].map(() => stream.normal());
  const [x, y, z] = direction.map((value) => value / Math.hypot(...direction)) as [number, number, number];
  return Float32Array.from(mask, (inside, i) => {
    const [px, py, pz] = [i % EDGE, Math.floor(i / EDGE) % EDGE, Math.floor(i / EDGE ** 2)].map((at) => at - 16) as [
      number,
      number,
      number,
    ];
    const along = x * (px - shift.x) + y * (py - shift.y) + z * (pz - shift.z);
    return inside ? (along < 2 ? 0.95 : 0.3) : 0.05;
  });
}

const boxOf = (boxes: Float32Array, i: number) => boxes.subarray(i * VOXELS, (i + 1) * VOXELS);
const diceOf = (boxes: Float32Array, i: number) => dice(insideMask(boxOf(boxes, i)), particles[i]!.mask);

beforeAll(async () => {
  const geometry = { beamAxis: "z", tiltAxis: "y", tiltDegrees: 60 } as const;
  const options = { edge: EDGE, voxelSizeAngstrom: 10, geometry };
  Object.assign(result, await combineMasksOf({ volumes, masks, labels, names, embedded }, options));
});

test("what one mask lacks comes from those of like particles", () => {
  expect(result.combined).toBe(VIEWS);
  const mean = (boxes: Float32Array) =>
    Array.from({ length: VIEWS }, (_, i) => diceOf(boxes, i)).reduce((sum, value) => sum + value / VIEWS, 0);
  expect(mean(masks)).toBeLessThan(0.85);
  expect(mean(result.masks)).toBeGreaterThan(0.9);
});

test("masks that are not like those of the class, of particles that are not, and of a class with too few stay as they are", () => {
  const from = VIEWS * VOXELS;
  expect(result.masks.subarray(from).every((value, i) => value === masks[from + i])).toBe(true);
});

test("a class of different things keeps its masks, with a warning that names it", async () => {
  const different = Float32Array.from({ length: COUNT * COUNT }, (_, i) => (i % (COUNT + 1) === 0 ? 1 : 0));
  const warnings: string[] = [];
  const { combined } = await combineMasksOf(
    { volumes, masks, labels: labels.map(() => 3), names, embedded: { embeddings: different, size: COUNT } },
    { edge: EDGE, voxelSizeAngstrom: 10, geometry: undefined, onWarning: (warning) => warnings.push(warning) },
  );
  expect(combined).toBe(0);
  expect(warnings).toEqual([expect.stringContaining("class views look like different things")]);
});

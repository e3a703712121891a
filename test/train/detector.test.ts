import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../src/files/model/onnx-runtime.js";
import {
  type DetectorConfig,
  decodeDetectorDescription,
  detectorStep,
  detectorStepDefaults,
  encodeDetector,
  encodeTileDetector,
} from "../../src/model/index.js";
import {
  createSession,
  probeBlockedConvolution,
  readModelConstants,
  readModelMetadata,
} from "../../src/runtime/index.js";
import { createTrainer, type DetectorBatch, detectorGraph, initialState, stateValues } from "../../src/train/index.js";
import { createRandom } from "../../src/volume/index.js";

const tiny: DetectorConfig = { widths: [4, 8, 8], blocks: [1, 1, 1] };
const EDGE = 16;

function randomModel(edge: number, provenance = {}): Uint8Array {
  const { layout } = detectorStep(tiny, { ...detectorStepDefaults, edge: EDGE });
  return encodeDetector(tiny, stateValues(layout, initialState(layout, 3)), { edge, provenance });
}

async function run(edge: number, volumes: Float32Array, batch = 1) {
  const session = await createSession(nodeRuntime, randomModel(edge), { threads: 1 });
  try {
    return await session.run({ volumes: { data: volumes, shape: [batch, edge, edge, edge] } });
  } finally {
    await session.release();
  }
}

function noise(length: number): Float32Array {
  const random = createRandom(11);
  return Float32Array.from({ length }, () => random.normal());
}

/** Sums in another order: the last bits differ. */
function expectAlike(values: Float32Array, expected: Float32Array): void {
  for (const [i, value] of expected.entries())
    expect(Math.abs(values[i]! - value)).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(value)));
}

describe("the detector's file", () => {
  test("describes itself, and only itself", () => {
    const description = decodeDetectorDescription(readModelMetadata(randomModel(EDGE, { seed: 3 })));
    expect(description).toMatchObject({
      format: "cosnet-detector-1",
      config: tiny,
      edge: EDGE,
      cellVoxels: 2,
      voxelSizeAngstrom: 10,
      provenance: { seed: 3 },
    });
    expect(decodeDetectorDescription(new Map([["cosnet", '{"format":"cosnet-model-1"}']]))).toBeUndefined();
    expect(decodeDetectorDescription(new Map())).toBeUndefined();
  });

  test("takes any batch, and a volume's answers do not depend on its neighbours in the batch", async () => {
    const voxels = EDGE ** 3;
    const volumes = noise(2 * voxels);
    const both = await run(EDGE, volumes, 2);
    const second = await run(EDGE, volumes.slice(voxels));
    expect(both.centre!.shape).toEqual([2, EDGE / 2, EDGE / 2, EDGE / 2]);
    expect(both.particle!.shape).toEqual([2, EDGE, EDGE, EDGE]);
    expect(both.radius!.shape).toEqual([2, EDGE / 2, EDGE / 2, EDGE / 2]);
    for (const name of ["centre", "particle", "radius"]) {
      const half = both[name]!.data.length / 2;
      expect([...both[name]!.data.subarray(half)]).toEqual([...second[name]!.data]);
    }
    expect(both.radius!.data.every((radius) => radius > 0)).toBe(true);
    expect(both.particle!.data.every((probability) => probability > 0 && probability < 1)).toBe(true);
  });

  test("for tiles of another shape it is the same network", async () => {
    const model = randomModel(EDGE);
    const description = decodeDetectorDescription(readModelMetadata(model))!;
    const cube = noise(EDGE ** 3);
    const ofFile = await run(EDGE, cube);
    await using same = await sessionOf([EDGE, EDGE, EDGE]);
    const ofTile = await same.run({ volumes: { data: cube, shape: [1, EDGE, EDGE, EDGE] } });
    for (const name of ["centre", "radius", "features"]) {
      expect(ofTile[name]!.shape).toEqual(ofFile[name]!.shape);
      expectAlike(ofTile[name]!.data, ofFile[name]!.data);
    }
    const shape = [24, 16, 40] as const;
    await using flat = await sessionOf(shape);
    const answer = await flat.run({ volumes: { data: noise(24 * 16 * 40), shape: [1, ...shape] } });
    expect(answer.centre!.shape).toEqual([1, 12, 8, 20]);
    expect(answer.features!.shape).toEqual([1, description.featureChannels, 3, 2, 5]);

    function sessionOf(tile: readonly [number, number, number]) {
      return createSession(nodeRuntime, encodeTileDetector(description, readModelConstants(model), tile), {
        threads: 1,
      });
    }
  });

  test("in the blocked layout its answers are the same", async () => {
    const block = await probeBlockedConvolution(nodeRuntime);
    if (block === undefined) return; // this machine's ONNX Runtime has no blocked operators
    const config: DetectorConfig = { widths: [block, 2 * block, block], blocks: [1, 2, 1] };
    const { layout } = detectorStep(config, { ...detectorStepDefaults, edge: EDGE });
    const model = encodeDetector(config, stateValues(layout, initialState(layout, 5)), { edge: EDGE });
    const description = decodeDetectorDescription(readModelMetadata(model))!;
    const shape = [16, 24, 32] as const;
    const answers = async (blockedChannels?: number) => {
      const graph = encodeTileDetector(description, readModelConstants(model), shape, { blockedChannels });
      await using session = await createSession(nodeRuntime, graph, { threads: 1 });
      return await session.run({ volumes: { data: noise(16 * 24 * 32), shape: [1, ...shape] } });
    };
    const [plain, blocked] = [await answers(), await answers(block)];
    for (const name of ["centre", "radius", "features"]) expectAlike(blocked[name]!.data, plain[name]!.data);
  });

  test("input is cut off at eight deviations, so gold counts for no more than the brightest protein", async () => {
    const volumes = noise(EDGE ** 3);
    volumes[1234] = 8;
    const bright = await run(EDGE, volumes);
    volumes[1234] = 500;
    const gold = await run(EDGE, volumes);
    expect([...gold.centre!.data]).toEqual([...bright.centre!.data]);
  });

  test("a voxel beyond the receptive field changes nothing: there is no pooling over the tile", async () => {
    const edge = 96;
    const volumes = noise(edge ** 3);
    const before = await run(edge, volumes);
    volumes[0] = -5; // corner (0, 0, 0)
    const after = await run(edge, volumes);
    // One block at each level sees 2 + 4 + 2 + 8 + 4 + 16 + 4 + 2 = 42 voxels to each side.
    const last = before.particle!.data.length - 1;
    const changed = (a: Float32Array, b: Float32Array) => a.some((value, i) => value !== b[i]);
    expect(after.particle!.data[last]).toBe(before.particle!.data[last]);
    expect(changed(after.particle!.data.subarray(60 * edge ** 2), before.particle!.data.subarray(60 * edge ** 2))).toBe(
      false,
    );
    expect(changed(after.particle!.data, before.particle!.data)).toBe(true);
  });
});

describe("the detector's training", () => {
  /** One bright ball in noise for each patch. */
  function balls(patches: number): DetectorBatch {
    const random = createRandom(5);
    const volumes = noise(patches * EDGE ** 3).map((value) => 0.3 * value);
    const particles = new Float32Array(patches * EDGE ** 3);
    const centres = new Float32Array(patches * (EDGE / 2) ** 3);
    const logRadii = new Float32Array(centres.length).fill(Math.log(3));
    for (let patch = 0; patch < patches; patch++) {
      const [cx, cy, cz] = [0, 1, 2].map(() => 4 + random.integer(8)) as [number, number, number];
      for (let z = 0, at = patch * EDGE ** 3; z < EDGE; z++)
        for (let y = 0; y < EDGE; y++)
          for (let x = 0; x < EDGE; x++, at++)
            if (Math.hypot(x - cx, y - cy, z - cz) <= 3) {
              particles[at] = 1;
              volumes[at]! += 3;
            }
      for (let z = 0, at = patch * (EDGE / 2) ** 3; z < EDGE / 2; z++)
        for (let y = 0; y < EDGE / 2; y++)
          for (let x = 0; x < EDGE / 2; x++, at++)
            centres[at] = Math.exp(
              -((2 * x + 0.5 - cx) ** 2 + (2 * y + 0.5 - cy) ** 2 + (2 * z + 0.5 - cz) ** 2) / (2 * 1.5 ** 2),
            );
    }
    return { volumes, particles, centres, logRadii };
  }

  test("lowers every loss on a batch it sees again, and the same seed gives the same bytes", async () => {
    const batch = balls(2);
    const learn = async () => {
      const trainer = await createTrainer(
        nodeRuntime,
        detectorGraph(tiny, { patches: 2, edge: EDGE, borderVoxels: 0, statisticsMomentum: 0.9 }),
        { threads: 1 },
      );
      const state = initialState(trainer.layout, 1);
      const reports = [];
      for (let step = 0; step < 30; step++) reports.push(await trainer.step(state, batch, 1e-2));
      await trainer.fetch(state);
      await trainer.release();
      return { state, first: reports[0]!, last: reports.at(-1)! };
    };
    const { state, first, last } = await learn();
    expect(last.centreLoss).toBeLessThan(0.5 * first.centreLoss);
    expect(last.particleLoss).toBeLessThan(0.8 * first.particleLoss);
    expect(last.radiusLoss).toBeLessThan(0.5 * first.radiusLoss);
    expect(first.gradientNorm).toBeGreaterThan(0);
    expect(state.step).toBe(30);
    expect((await learn()).state.parameters).toEqual(state.parameters);
  });
});

import * as onnxruntime from "onnxruntime-node";
import { expect, test } from "vitest";
import { fourierShellCorrelation, resolutionAt } from "../../../evaluate/index.js";
import type { OnnxRuntime } from "../../../runtime/index.js";
import { createRenderer, proceduralComplex } from "../../../simulate/index.js";
import {
  conjugateQuaternion,
  createRandom,
  createVolume,
  multiplyQuaternions,
  rotateVolume,
  wedgeMask,
} from "../../../volume/index.js";
import { createFrequencies } from "../../align/frequencies.js";
import { createSubtomogramMaker } from "../../align/subtomogram.js";
import { powerFraction, sphereMask } from "../sphere-mask.js";
import { averageWithoutReference } from "./average-without-reference.js";
import type { AveragingState, ParticleSource } from "./averaging.js";
import { createAverager, type IterationPart, type IterationSteps } from "./iteration.js";
import { readParticleBand } from "./particle-band.js";
import { type RefineOptions, type RefinePart, refineOnce } from "./refine.js";
import { stagesFor } from "./stages.js";
import { bestStart } from "./starts.js";

const runtime = onnxruntime as unknown as OnnxRuntime;
const EDGE = 16;
const VOXEL_SIZE_ANGSTROM = 15;
const DIAMETER_ANGSTROM = 130;

/** Particles of one complex in random poses with a missing wedge, contrast transfer left out. */
function particles(count: number, snr: number) {
  const complex = proceduralComplex(createRandom("averaged complex"), {
    minimumKilodalton: 300,
    maximumKilodalton: 400,
  });
  const renderer = createRenderer({
    ...{ boxSize: EDGE, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM, contrastTransfer: false },
  });
  const weight = Float32Array.from(wedgeMask([EDGE, EDGE, EDGE], 60));
  const make = createSubtomogramMaker(EDGE);
  const rendered = Array.from({ length: count }, (_, i) =>
    renderer.render(complex, { random: createRandom("averaged").fork(i), snr }),
  );
  const source: ParticleSource = {
    ...{ count, edge: EDGE, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM },
    read: (index) => make(rendered[index].volume, weight),
  };
  const whole = createRenderer({
    ...{
      boxSize: EDGE,
      voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM,
      contrastTransfer: false,
      tiltDegrees: 90,
      shiftVoxels: 0,
    },
  }).render(complex, { random: createRandom("truth"), snr: Infinity });
  return { source, rendered, truth: whole };
}

const options = { diameterAngstrom: DIAMETER_ANGSTROM, seed: 3, finestAngstrom: 40, threads: 1 } as const;

test("particles in unknown poses average to what they are of, and both halves say so", async () => {
  const { source, rendered, truth } = particles(40, 5);
  const { averages, particles: found } = await averageWithoutReference(runtime, source, options);
  expect(averages).toHaveLength(1);
  expect(averages[0].isConfirmed).toBe(true);
  expect(found.filter(({ isSetAside }) => isSetAside).length).toBeLessThan(4);
  // The frame is any: that of the truth, as most particles' poses have it.
  const frames = found.map(({ rotation }, i) =>
    multiplyQuaternions(
      conjugateQuaternion(rotation),
      multiplyQuaternions(rendered[i].orientation, conjugateQuaternion(truth.orientation)),
    ),
  );
  const best = Math.max(
    ...frames.slice(0, 20).map((frame) => {
      const turned = rotateVolume(createVolume([EDGE, EDGE, EDGE], VOXEL_SIZE_ANGSTROM, truth.volume), frame);
      const correlation = fourierShellCorrelation(averages[0].volume, turned.data, EDGE);
      return Array.from(correlation.byShell.slice(1, 6)).reduce((sum, value) => sum + value / 5, 0);
    }),
  );
  expect(best).toBeGreaterThan(0.85); // to 48 Å; the frame is that of one particle, some degrees off
  const resolution = resolutionAt(averages[0].correlation.unmasked, VOXEL_SIZE_ANGSTROM, 0.143);
  expect(resolution?.resolutionAngstrom).toBeLessThan(50);
});

test("averages begin from a map that is given, in whatever unit, and stay in its frame", async () => {
  const { source, truth } = particles(20, 5);
  const everything = new Float32Array(EDGE * EDGE * (EDGE / 2 + 1)).fill(1);
  const map = createSubtomogramMaker(EDGE)(
    truth.volume.map((value) => 1000 * value),
    everything,
  );
  const start = [{ subtomogram: map, isMap: true }];
  const { averages } = await averageWithoutReference(runtime, source, { ...options, start, symmetry: "C1" });
  expect(averages[0].isConfirmed).toBe(true);
  const { byShell } = fourierShellCorrelation(averages[0].volume, truth.volume, EDGE);
  expect(Array.from(byShell.slice(1, 6)).reduce((sum, value) => sum + value / 5, 0)).toBeGreaterThan(0.85);
});

test("what averages of noise show is said not to be in the particles", async () => {
  const { source } = particles(20, 1e-6);
  const { truth } = particles(0, 5);
  const map = createSubtomogramMaker(EDGE)(truth.volume, new Float32Array(EDGE * EDGE * (EDGE / 2 + 1)).fill(1));
  for (const start of [undefined, [{ subtomogram: map, isMap: true }]]) {
    const { averages } = await averageWithoutReference(runtime, source, { ...options, start });
    expect(averages.map(({ isConfirmed }) => isConfirmed)).toEqual([false]);
  }
});

test("what is stopped goes on to the same end", async () => {
  const { source } = particles(20, 5);
  const states: AveragingState[] = [];
  const onState = (state: AveragingState) => void states.push(structuredClone(state));
  const whole = await averageWithoutReference(runtime, source, { ...options, onState });
  const tried = [
    states.find(({ second }) => second !== undefined),
    states.find(({ refined }) => refined?.symmetries !== undefined), // one half has been looked at everywhere
    states.find(({ refined }) => refined?.rounds === 3),
  ];
  const looked = (state?: AveragingState) => state?.refined?.poses.filter(({ likelyPoses }) => likelyPoses).length;
  expect(tried.map(looked)).toEqual([undefined, 10, 20]);
  for (const state of tried) {
    const again = await averageWithoutReference(runtime, source, { ...options, state });
    expect(again.averages[0].volume).toEqual(whole.averages[0].volume);
    expect(again.particles).toEqual(whole.particles);
  }
});

test("iterations and rounds over many particles are taken up in their midst", async () => {
  const count = 600; // more than are kept together
  const make = createSubtomogramMaker(EDGE);
  const everything = new Float32Array(EDGE * EDGE * (EDGE / 2 + 1)).fill(1);
  const random = createRandom("parts");
  const noise = () => Float32Array.from({ length: EDGE ** 3 }, () => random.normal());
  const mask = sphereMask(EDGE, 5, 3);
  const frequencies = createFrequencies(EDGE, 2);
  const band = await readParticleBand({ frequencies, mask, count, read: () => make(noise(), everything) });
  await using averager = createAverager(runtime, { band, mask, threads: 1 });
  const rows = Array.from({ length: count }, (_, row) => row);
  const [stage] = stagesFor({
    ...{ edge: EDGE, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM, diameterAngstrom: DIAMETER_ANGSTROM },
    ...{ largestShiftVoxels: 1, largestShell: 2 },
  });
  const left = powerFraction(mask);
  const starting = { band, stage, rows: rows.slice(0, 20), left, references: 1, random: createRandom("start") };
  const before = await bestStart(averager, starting);

  const parts: IterationPart[] = [];
  const iterate = (steps: IterationSteps) => averager.iterate(before, stage, createRandom("iteration"), rows, steps);
  const whole = await iterate({ onPart: async (part) => void parts.push(structuredClone(part)) });
  expect(parts.map(({ done }) => done)).toEqual([512]);
  expect(await iterate({ from: parts[0] })).toEqual(whole);

  const ofRound: RefinePart[] = [];
  const refine = (steps: Pick<RefineOptions, "from" | "onPart">) =>
    refineOnce(
      averager,
      { poses: whole.poses, noise: whole.powers.noise },
      {
        ...{ band, mask, left, operators: [[{ w: 1, x: 0, y: 0, z: 0 }]], ...steps },
        halves: [rows.slice(0, 300), rows.slice(300)],
      },
    );
  const refined = await refine({ onPart: async (part) => void ofRound.push(structuredClone(part)) });
  expect(ofRound.map(({ done }) => done)).toEqual([512]);
  expect(await refine({ from: ofRound[0] })).toEqual(refined);
});

test("a box smaller than the particle, and too few particles, are refused", async () => {
  const { source } = particles(12, 1);
  await expect(averageWithoutReference(runtime, source, { ...options, diameterAngstrom: 300 })).rejects.toThrow(
    "a particle of 300 Å does not fit into boxes of 240 Å",
  );
  await expect(averageWithoutReference(runtime, { ...source, count: 5 }, options)).rejects.toThrow(
    "5 particles are too few",
  );
});

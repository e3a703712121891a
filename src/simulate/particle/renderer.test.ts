import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { createFft3, createRandom, meanAndDeviation, rotateVector, wedgeMask } from "../../volume/index.js";
import { type Complex, createComplex } from "../complexes/complex.js";
import { proceduralComplex } from "../complexes/procedural.js";
import { augment, type LabelledVolume } from "./augment.js";
import { contrastTransfer, electronWavelengthAngstrom } from "./imaging.js";
import { createRenderer, type RenderRequest } from "./renderer.js";

const N = 32;
const fft = createFft3([N, N, N]);
const renderer = createRenderer();
let complexes: Complex[];

beforeAll(() => {
  complexes = Array.from({ length: 8 }, (_, i) => proceduralComplex(createRandom(`test ${i}`)));
});

const seed = fc.integer({ min: 0, max: 1e6 });
const request = (seed: string | number, rest: Partial<RenderRequest> = {}): RenderRequest => ({
  random: createRandom(seed),
  snr: Infinity,
  ...rest,
});

/** Equality to the bit; vitest's own deep comparison takes a second for a volume. */
function expectSame(actual: Float32Array | Uint8Array, expected: Float32Array | Uint8Array): void {
  expect(actual.length).toBe(expected.length);
  expect(actual.findIndex((value: number, i: number) => !Object.is(value, expected[i]))).toBe(-1);
}

function powerSpectrum(volume: Float32Array): Float64Array {
  const spectrum = fft.createSpectrum();
  fft.forward(volume, spectrum);
  return Float64Array.from({ length: spectrum.length / 2 }, (_, i) => spectrum[2 * i] ** 2 + spectrum[2 * i + 1] ** 2);
}

/** Squared radius in Fourier pixels of a half-spectrum index. */
function squaredRadius(index: number): number {
  const signed = (k: number) => (k <= N / 2 ? k : k - N);
  const kx = index % fft.halfWidth;
  const ky = signed(Math.floor(index / fft.halfWidth) % N);
  const kz = signed(Math.floor(index / (fft.halfWidth * N)));
  return kx ** 2 + ky ** 2 + kz ** 2;
}

test("contrast transfer vanishes where theory says and starts at the amplitude contrast, protein positive", () => {
  expect(electronWavelengthAngstrom(300)).toBeCloseTo(0.0197, 4);
  expect(electronWavelengthAngstrom(200)).toBeCloseTo(0.0251, 4);
  const optics = { kilovolt: 300, sphericalAberrationMillimetre: 0, amplitudeContrast: 0, defocusMicrometre: 5 };
  for (const order of [1, 2, 3]) {
    const zero = Math.sqrt(order / (electronWavelengthAngstrom(300) * 5e4)); // lambda dz s^2 = order
    expect(contrastTransfer(zero, optics)).toBeCloseTo(0, 9);
    expect(contrastTransfer(0.97 * zero, optics) * contrastTransfer(1.03 * zero, optics)).toBeLessThan(0);
  }
  expect(contrastTransfer(0, { ...optics, amplitudeContrast: 0.1 })).toBeCloseTo(0.1, 9);
  expect(contrastTransfer(0.01, optics)).toBeGreaterThan(0);
});

test("a particle has zero mean and unit variance, with and without noise", () => {
  fc.assert(
    fc.property(seed, fc.constantFrom(Infinity, 1000, 0.5, 0.05), (s, snr) => {
      const { volume } = renderer.render(complexes[s % 8], request(s, { snr, neighbours: complexes }));
      const { mean, deviation } = meanAndDeviation(volume);
      expect(mean).toBeCloseTo(0, 5);
      expect(deviation).toBeCloseTo(1, 4);
    }),
    { numRuns: 20 },
  );
});

test("the measured signal-to-noise ratio is the one asked for, within 3 %", () => {
  fc.assert(
    fc.property(seed, fc.constantFrom(1000, 10, 0.5, 0.05), fc.boolean(), (s, snr, crowded) => {
      const { volume, noiseFree } = renderer.render(
        complexes[s % 8],
        request(s, { snr, withNoiseFree: true, neighbours: crowded ? complexes : [] }),
      );
      const noise = volume.map((value, i) => value - noiseFree![i]);
      const ratio = (meanAndDeviation(noiseFree!).deviation / meanAndDeviation(noise).deviation) ** 2;
      expect(Math.abs(ratio / snr - 1)).toBeLessThan(0.03);
    }),
    { numRuns: 25 },
  );
});

test("nothing is outside the sampled region, signal and noise alike, at any tilt", () => {
  for (const tiltDegrees of [40, 60]) {
    const mask = wedgeMask([N, N, N], tiltDegrees);
    for (const snr of [Infinity, 0.5]) {
      const { volume } = createRenderer({ tiltDegrees }).render(
        complexes[0],
        request(1, { snr, neighbours: complexes }),
      );
      let [inside, outside] = [0, 0];
      powerSpectrum(volume).forEach((power, i) => {
        if (mask[i]) inside += power;
        else outside += power;
      });
      expect(outside / inside).toBeLessThan(1e-10); // single-precision rounding of the voxels
    }
  }
});

test("the signal's power is changed by the contrast transfer function and by nothing else", () => {
  const optics = { defocusMicrometre: [5, 5], tiltDegrees: 90 } as const;
  const withIt = createRenderer(optics).render(complexes[1], request(2));
  const without = createRenderer({ ...optics, contrastTransfer: false }).render(complexes[1], request(2));
  const [imaged, plain] = [powerSpectrum(withIt.volume), powerSpectrum(without.volume)];
  const squares = new Map<number, number>();
  for (let i = 1; i < plain.length; i++) {
    const r2 = squaredRadius(i);
    // The two are normalised differently; where power is too small rounding takes over.
    if (plain[i] > 1) squares.set(r2, imaged[i] / plain[i]);
  }
  const transfer = (r2: number) =>
    contrastTransfer(Math.sqrt(r2) / (N * 10), { ...withIt, ...renderer.options, defocusMicrometre: 5 });
  const scale = squares.get(25)! / transfer(25) ** 2;
  expect(squares.size).toBeGreaterThan(100);
  for (const [r2, ratio] of squares) expect(Math.abs(ratio / scale - transfer(r2) ** 2)).toBeLessThan(0.01);
});

test("noise is coloured like the detector: its amplitude falls as exp(-(f / f0)^2)", () => {
  const shells = new Map<number, { power: number; count: number }>();
  const mask = wedgeMask([N, N, N], 60);
  for (let s = 0; s < 6; s++) {
    const { volume, noiseFree } = renderer.render(complexes[0], request(s, { snr: 0.01, withNoiseFree: true }));
    powerSpectrum(volume.map((value, i) => value - noiseFree![i])).forEach((power, i) => {
      if (!mask[i] || i === 0) return;
      const shell = Math.round(Math.sqrt(squaredRadius(i)));
      const entry = shells.get(shell) ?? { power: 0, count: 0 };
      const expected = Math.exp((-2 * squaredRadius(i)) / (N * 0.3) ** 2);
      shells.set(shell, { power: entry.power + power / expected, count: entry.count + 1 });
    });
  }
  const levels = [...shells]
    .filter(([shell]) => shell >= 3 && shell <= 16)
    .map(([, { power, count }]) => power / count);
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  expect(levels).toHaveLength(14);
  for (const level of levels) expect(Math.abs(level / mean - 1)).toBeLessThan(0.15); // shell 3: 600 values, 4 % each
});

test("one seed is one particle, whatever the noise; the same request gives the same bytes", () => {
  const draw = (snr: number) =>
    renderer.render(complexes[2], request(7, { snr, neighbours: complexes, withNoiseFree: true }));
  const [one, again, noisy] = [draw(1000), draw(1000), draw(0.5)];
  for (const array of ["volume", "mask", "noiseFree"] as const) expectSame(again[array]!, one[array]!);
  expect(again.orientation).toEqual(one.orientation);
  expectSame(noisy.mask, one.mask);
  expect(noisy.orientation).toEqual(one.orientation);
  expect(noisy.neighbourCount).toBe(one.neighbourCount);
  const scale = noisy.noiseFree![5000] / one.noiseFree![5000];
  const difference = noisy.noiseFree!.map((value, i) => Math.abs(value - one.noiseFree![i] * scale));
  expect(Math.max(...difference)).toBeLessThan(1e-4);
  const other = renderer.render(complexes[2], request(8));
  expect(other.volume[5000]).not.toBe(draw(Infinity).volume[5000]);
});

test("the noise of different seeds is independent", () => {
  const noiseOf = (s: number) => {
    const { volume, noiseFree } = renderer.render(complexes[0], request(s, { snr: 0.5, withNoiseFree: true }));
    return volume.map((value, i) => value - noiseFree![i]);
  };
  const [a, b] = [noiseOf(1), noiseOf(2)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] ** 2;
    bb += b[i] ** 2;
  }
  expect(Math.abs(ab / Math.sqrt(aa * bb))).toBeLessThan(0.05);
});

/** Balls of 70 kDa at the ends of three unequal arms: any wrong sign, order or hand of the pose would show. */
function tripod(): Complex {
  const arms = [
    { x: 90, y: 0, z: 0 },
    { x: 0, y: 60, z: 0 },
    { x: 0, y: 0, z: 30 },
  ];
  const random = createRandom("tripod");
  const positions = arms.flatMap(({ x, y, z }) =>
    Array.from({ length: 120 }, () => [
      x + 8 * random.normal(),
      y + 8 * random.normal(),
      z + 8 * random.normal(),
    ]).flat(),
  );
  const beads = { positions: Float32Array.from(positions), weights: new Float32Array(360).fill(0.58) };
  return createComplex(beads, { name: "tripod", source: "procedural" });
}

test.each([false, true])("the stated pose puts every part where the mask shows it (mirrored: %s)", (mirrored) => {
  const complex = tripod();
  for (let s = 0; s < 5; s++) {
    const { mask, orientation, shiftVoxels } = renderer.render(complex, request(s, { mirrored }));
    for (let arm = 0; arm < 3; arm++) {
      const part = complex.positionsAngstrom.subarray(360 * arm, 360 * arm + 360);
      const mean = [0, 1, 2].map((axis) => part.reduce((sum, v, i) => sum + (i % 3 === axis ? v / 120 : 0), 0));
      const turned = rotateVector(orientation, { x: mirrored ? -mean[0] : mean[0], y: mean[1], z: mean[2] });
      const [x, y, z] = (["x", "y", "z"] as const).map((axis) =>
        Math.round(16 + shiftVoxels[axis] + turned[axis] / 10),
      );
      expect(mask[(z! * N + y!) * N + x!]).toBe(1);
    }
    expect(mask.reduce((sum, value) => sum + value, 0)).toBeLessThan(500); // three balls, not most of the box
  }
});

test("the mask marks the target's density and leaves neighbours out", () => {
  fc.assert(
    fc.property(seed, (s) => {
      const alone = renderer.render(complexes[s % 8], request(s));
      const crowded = renderer.render(complexes[s % 8], request(s, { neighbours: complexes }));
      expectSame(crowded.mask, alone.mask);
      let [inside, outside, count] = [0, 0, 0];
      alone.volume.forEach((value, i) => {
        if (alone.mask[i]) {
          inside += value;
          count++;
        } else outside += value;
      });
      expect(count).toBeGreaterThan(20);
      expect(inside / count).toBeGreaterThan(1); // a standard deviation above the mean of the box
      expect(outside / (alone.mask.length - count)).toBeLessThan(0);
    }),
    { numRuns: 16 },
  );
});

test("neighbours come in the mean number asked for and do not run into the target", () => {
  const plain = createRenderer({ contrastTransfer: false, tiltDegrees: 90, mtfFrequency: 1e3, blurAngstrom: [0, 0] });
  let neighbours = 0;
  let [target, excess] = [0, 0];
  for (let s = 0; s < 60; s++) {
    const alone = plain.render(complexes[s % 8], request(s));
    const crowded = plain.render(complexes[s % 8], request(s, { neighbours: complexes }));
    neighbours += crowded.neighbourCount / 60;
    // Without optics, density inside the mask can grow only by overlap; undo the normalisation by matching the peak.
    const peak = alone.volume.indexOf(Math.max(...alone.volume));
    const floor = alone.volume[0];
    const crowdedFloor = Math.min(...crowded.volume);
    const scale = (crowded.volume[peak] - crowdedFloor) / (alone.volume[peak] - floor);
    alone.mask.forEach((inside, i) => {
      if (!inside) return;
      target += alone.volume[i] - floor;
      excess += (crowded.volume[i] - crowdedFloor) / scale - (alone.volume[i] - floor);
    });
  }
  expect(neighbours).toBeGreaterThan(4.5); // mean 6, less those that found no room; s.e. 0.6
  expect(neighbours).toBeLessThan(7.5);
  expect(excess / target).toBeLessThan(0.02);
});

test("a particle can be written into views of a batch, and only into ones that fit", () => {
  const batch = new Float32Array(2 * N ** 3);
  const masks = new Uint8Array(2 * N ** 3);
  const into = { volume: batch.subarray(N ** 3), mask: masks.subarray(N ** 3) };
  const particle = renderer.render(complexes[3], request(1, { into }));
  expect(particle.volume.buffer).toBe(batch.buffer);
  expectSame(batch.subarray(N ** 3), renderer.render(complexes[3], request(1)).volume);
  expect(batch.subarray(0, N ** 3).every((value) => value === 0)).toBe(true);
  const short = { volume: new Float32Array(8), mask: new Uint8Array(8) };
  expect(() => renderer.render(complexes[3], request(1, { into: short }))).toThrow(
    "a particle of 32^3 voxels cannot go into 8 and 8 values",
  );
});

test("augmentation keeps volume and mask together, and the wedge", () => {
  const source = renderer.render(complexes[4], request(3, { snr: 0.5 }));
  const random = createRandom(9);
  const mask = wedgeMask([N, N, N], 60);
  const seen = new Set<number>();
  for (const mirrored of [false, true])
    for (let i = 0; i < 12; i++) {
      const target = { volume: new Float32Array(N ** 3), mask: new Uint8Array(N ** 3) };
      augment(random, source, target, { shape: [N, N, N], mirrored });
      seen.add(target.volume[0]);
      const score = (particle: LabelledVolume) => particle.volume.reduce((sum, v, k) => sum + v * particle.mask[k], 0);
      expect(score(target)).toBeCloseTo(score(source), 1);
      const outside = powerSpectrum(target.volume).reduce((sum, power, k) => (mask[k] ? sum : sum + power), 0);
      expect(outside).toBeLessThan(1e-3);
    }
  expect(seen.size).toBe(8);
});

test.each([
  [{ tiltDegrees: 95 }, "imaging option tiltDegrees cannot be 95"],
  [{ defocusMicrometre: [6, 4] as const }, "imaging option defocusMicrometre cannot be [6,4]"],
  [{ boxSize: 7 }, "imaging option boxSize cannot be 7"],
  [{ crowding: -1 }, "imaging option crowding cannot be -1"],
])("options that cannot be used are named: %o", (options, message) => {
  expect(() => createRenderer(options)).toThrow(message);
});

test("other boxes, odd and even, and other voxel sizes work too", () => {
  for (const boxSize of [20, 27]) {
    const other = createRenderer({ boxSize, voxelSizeAngstrom: 16 });
    const { volume, noiseFree } = other.render(complexes[0], request(1, { snr: 2, withNoiseFree: true }));
    expect(meanAndDeviation(volume).deviation).toBeCloseTo(1, 4);
    const noise = meanAndDeviation(volume.map((value, i) => value - noiseFree![i]));
    expect((meanAndDeviation(noiseFree!).deviation / noise.deviation) ** 2).toBeCloseTo(2, 3);
  }
});

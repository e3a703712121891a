import { expect, test } from "vitest";
import {
  createFft3,
  createRandom,
  createVolume,
  gaussianFilterInPlace,
  type Volume,
  wedgeMask,
} from "../../../volume/index.js";
import { planTiltSeries, type TiltPlan, type TiltSeries } from "../imaging/tilt-imaging.js";
import { projectRows } from "../imaging/tilt-series.js";
import { type ReconstructOptions, reconstruct, reconstructRows } from "./reconstruct.js";
import { reconstructionWeights } from "./reconstruct-weights.js";

function planOf(tiltDegrees: readonly number[]): TiltPlan {
  const { imaging, tilts } = planTiltSeries({ alignmentDeviationAngstrom: 0 }, createRandom(1));
  return { imaging, tilts: tiltDegrees.map((tilt) => ({ ...tilts[0], tiltDegrees: tilt, trueTiltDegrees: tilt })) };
}

const steps = (low: number, high: number, step: number) =>
  Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step);

/** Bare projections of a density, no optics. */
function projections(density: Volume, tiltDegrees: readonly number[]): TiltSeries {
  const [, ny, nx] = density.shape;
  const plan = planOf(tiltDegrees);
  const images = new Float32Array(tiltDegrees.length * ny * nx);
  projectRows(density.data, density.shape, plan, images, { first: 0, end: ny });
  return { images, shape: [tiltDegrees.length, ny, nx], pixelSizeAngstrom: density.voxelSizeAngstrom, plan };
}

/** Random bumps inside a ball of 0.33 of the edge: everything is seen at every tilt. */
function phantom(n: number, sigma: number): Volume {
  const density = createVolume([n, n, n], 10);
  const random = createRandom("phantom");
  for (let i = 0; i < 60; i++) {
    const at = () => Math.round(n / 2 + n * random.uniform(-0.19, 0.19));
    density.data[(at() * n + at()) * n + at()] = random.uniform(0.5, 1.5);
  }
  gaussianFilterInPlace(density.data, density.shape, sigma);
  return density;
}

/** Fades to zero towards the box's edge; a sharp edge would spread power over all frequencies. */
function underWindow({ data, shape: [n] }: Volume): Float32Array {
  return data.map((value, i) => {
    const [x, y, z] = [i % n, Math.floor(i / n) % n, Math.floor(i / n ** 2)].map((c) => (c - n / 2) / (n / 2));
    const radius = Math.min(1, Math.hypot(x!, y!, z!));
    return value * Math.cos((Math.PI / 2) * radius) ** 2;
  });
}

/** Correlation of the spectra over frequencies that `keep` admits (cycles per voxel, mask index). */
function correlation(a: Float32Array, b: Float32Array, n: number, keep: (frequency: number, index: number) => boolean) {
  const fft = createFft3([n, n, n]);
  const [fa, fb] = [fft.createSpectrum(), fft.createSpectrum()];
  fft.forward(a, fa);
  fft.forward(b, fb);
  let [cross, powerA, powerB] = [0, 0, 0];
  for (let index = 0; index < fa.length / 2; index++) {
    const kx = index % fft.halfWidth;
    const signed = (k: number) => (k <= n / 2 ? k : k - n);
    const ky = signed(Math.floor(index / fft.halfWidth) % n);
    const kz = signed(Math.floor(index / fft.halfWidth / n));
    if (!keep(Math.hypot(kx, ky, kz) / n, index)) continue;
    const [re, im, ore, oim] = [fa[2 * index], fa[2 * index + 1], fb[2 * index], fb[2 * index + 1]];
    cross += re * ore + im * oim;
    powerA += re * re + im * im;
    powerB += ore * ore + oim * oim;
  }
  return { correlation: cross / Math.sqrt(powerA * powerB), ratio: Math.sqrt(powerA / powerB), powerA };
}

const everything = { nz: 48, filter: "ramp", hannFrequency: Infinity } as const;

test("tilts all around give the density back, in its own scale", () => {
  const density = phantom(48, 1.6);
  const series = projections(density, steps(-88.5, 90, 1.5));
  for (const filter of ["ramp", "exact"] as const) {
    const volume = reconstruct(series, { ...everything, filter });
    const shells = [
      [0.02, 0.1],
      [0.1, 0.2],
      [0.2, 0.3],
    ] as const;
    for (const [low, high] of shells) {
      const shell = correlation(volume.data, density.data, 48, (f) => f > low && f <= high);
      expect(shell.correlation).toBeGreaterThan(0.985);
      expect(shell.ratio).toBeGreaterThan(filter === "ramp" ? 0.9 : 0.6);
      expect(shell.ratio).toBeLessThan(1.1);
    }
  }
});

test("FSC of a phantom from 41 tilts of 60 degrees: above 0.95 where sampled, up to 0.3 cycles a voxel", () => {
  const density = phantom(48, 1.2);
  const series = projections(density, steps(-60, 60, 3));
  const volume = reconstruct(series, everything);
  const wedge = wedgeMask([48, 48, 48], 57); // a little inside, as windows blur the wedge's edge
  for (const [low, high] of [
    [0.06, 0.12],
    [0.12, 0.2],
    [0.2, 0.3],
  ] as const) {
    const shell = correlation(
      underWindow(volume),
      underWindow(density),
      48,
      (f, index) => f > low && f <= high && wedge[index] === 1,
    );
    expect(shell.correlation).toBeGreaterThan(0.95);
  }
});

test("no power outside the sampled wedge, more than the window's width of two Fourier pixels away", () => {
  const [n, edge] = [48, (60 * Math.PI) / 180];
  const density = phantom(n, 1.2);
  const volume = underWindow(reconstruct(projections(density, steps(-60, 60, 3)), everything));
  const width = Math.floor(n / 2) + 1;
  /** Distance from the steepest sampled planes in Fourier pixels, positive outside. */
  const distance = (index: number) => {
    const kz = Math.floor(index / width / n);
    return Math.min(kz, n - kz) * Math.cos(edge) - (index % width) * Math.sin(edge);
  };
  const power = (data: Float32Array, keep: (distance: number) => boolean) =>
    correlation(data, data, n, (f, index) => f > 0.06 && f < 0.45 && keep(distance(index))).powerA;
  const outside = (d: number) => d > 2;
  const inside = (d: number) => d <= 0;
  expect(power(volume, outside) / power(volume, inside)).toBeLessThan(1e-3);
  const truth = underWindow(density);
  expect(power(truth, outside) / power(truth, inside)).toBeGreaterThan(0.05); // the density does have power there
});

test("points come back where they were: positions and sides are kept", () => {
  const n = 40;
  const density = createVolume([n, n, n], 10);
  const points = [
    { x: 27, y: 12, z: 16 },
    { x: 11, y: 22, z: 25 },
    { x: 20, y: 31, z: 20 },
  ];
  for (const { x, y, z } of points) density.data[(z * n + y) * n + x] = 1;
  for (const method of ["wbp", "sirt"] as const) {
    const { data } = reconstruct(projections(density, steps(-60, 60, 3)), { method, nz: n, iterations: 8 });
    for (const { x, y, z } of points) {
      let best = -1;
      for (let k = z - 4; k <= z + 4; k++)
        for (let j = y - 4; j <= y + 4; j++)
          for (let i = x - 4; i <= x + 4; i++) {
            const at = (k * n + j) * n + i;
            if (best < 0 || data[at] > data[best]) best = at;
          }
      expect(best).toBe((z * n + y) * n + x);
    }
  }
});

test("SIRT comes closer to the projections with every iteration and is linear", () => {
  const density = phantom(32, 1.5);
  const tilts = steps(-60, 60, 6);
  const series = projections(density, tilts);
  const residual = (iterations: number) => {
    const volume = reconstruct(series, { method: "sirt", iterations, nz: 32 });
    const again = projections(volume, tilts).images;
    return again.reduce((sum, value, i) => sum + (value - series.images[i]) ** 2, 0);
  };
  const [one, five, twenty] = [residual(1), residual(5), residual(20)];
  const power = series.images.reduce((sum, value) => sum + value ** 2, 0);
  expect(five).toBeLessThan(0.5 * one);
  expect(twenty).toBeLessThan(0.5 * five);
  expect(twenty).toBeLessThan(0.01 * power);
  const doubled = { ...series, images: series.images.map((value) => 2 * value) };
  const [once, twice] = [series, doubled].map((s) => reconstruct(s, { method: "sirt", iterations: 4, nz: 32 }).data);
  expect(twice!.every((value, i) => Math.abs(value - 2 * once![i]) < 1e-5)).toBe(true);
});

test("the exact filter is the ramp between the frequencies that all tilts share and those that none does", () => {
  const tilts = steps(-60, 60, 3);
  const options = { hannFrequency: Infinity, thickness: 100 };
  const exact = reconstructionWeights(tilts, 256, { ...options, filter: "exact" })[20];
  const ramp = reconstructionWeights(tilts, 256, { ...options, filter: "ramp" })[20];
  expect(exact[0]).toBeCloseTo(1 / (41 * 100), 9); // all tilts share the zero frequency
  for (const k of [12, 16, 20]) expect(Math.abs(exact[k] / ramp[k] - 1)).toBeLessThan(0.06);
  expect(exact[120]).toBeCloseTo(1 / 100, 9); // beyond Crowther's limit every tilt stands alone
  expect(ramp[64]).toBeCloseTo((0.25 * 3 * Math.PI) / 180, 4); // |f| times three degrees
  const windowed = reconstructionWeights(tilts, 256, { ...options, filter: "ramp", hannFrequency: 0.25 })[20];
  expect(windowed[32] / ramp[32]).toBeCloseTo(0.5, 9);
  expect(windowed[64]).toBe(0);
});

test("any division into rows in fours gives the same bytes, with both methods", () => {
  const shape = [9, 7, 14] as const;
  const tiltDegrees = [-50, -20, 0, 15, 42];
  const random = createRandom(8);
  const images = Float32Array.from({ length: 5 * 7 * 14 }, () => random.normal());
  for (const method of ["wbp", "sirt"] as const) {
    const options: Partial<ReconstructOptions> = { method, iterations: 3 };
    const [whole, parts] = [new Float32Array(9 * 7 * 14), new Float32Array(9 * 7 * 14)];
    reconstructRows({ images, tiltDegrees, shape, volume: whole, options }, { first: 0, end: 7 });
    for (const [first, end] of [
      [4, 7],
      [0, 4],
    ] as const)
      reconstructRows({ images, tiltDegrees, shape, volume: parts, options }, { first, end });
    expect(parts).toEqual(whole);
  }
});

test.each([
  [{ hannFrequency: 0 }, "Hann window cannot end at 0"],
  [{ iterations: 0 }, "0 iterations are impossible"],
  [{ iterations: 2.5 }, "2.5 iterations are impossible"],
])("options that cannot be used are named: %o", (options, message) => {
  const job = {
    images: new Float32Array(16),
    tiltDegrees: [0],
    shape: [4, 4, 4] as const,
    volume: new Float32Array(64),
  };
  expect(() => reconstructRows({ ...job, options }, { first: 0, end: 4 })).toThrow(message);
});

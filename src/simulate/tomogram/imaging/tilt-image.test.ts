import fc from "fast-check";
import { expect, test } from "vitest";
import { createFft3, createRandom, createVolume, gaussianFilterInPlace } from "../../../volume/index.js";
import { reconstruct } from "../projection/reconstruct.js";
import { contrastZeros, imageContrastTransfer, interactionConstant } from "./ctf-image.js";
import { detectorValue } from "./detector.js";
import { criticalExposure, damageTransfer } from "./dose.js";
import { type NoiseAtSnrOptions, noiseAtSnr, noiseSeries } from "./noise.js";
import { addScaled, fieldVariance, medianVariance, noiseFactor } from "./noise-level.js";
import { poissonDeviate } from "./noise-poisson.js";
import { createImageFormer } from "./tilt-image.js";
import { planTiltSeries } from "./tilt-imaging.js";
import { tiltScheme } from "./tilt-scheme.js";
import { simulateTiltSeries } from "./tilt-series.js";

/** One image at zero tilt through ideal optics, but for what is given. */
function singleImage(
  imaging: Parameters<typeof planTiltSeries>[0],
  { n = 256, pixelSizeAngstrom = 4, thicknessAngstrom = 1000 } = {},
) {
  const plan = planTiltSeries(
    {
      scheme: { lowestDegrees: 0, highestDegrees: 0, totalDoseElectronPerSquareAngstrom: 2 },
      defocusDeviationMicrometre: 0,
      astigmatismMicrometre: 0,
      alignmentDeviationAngstrom: 0,
      radiationDamage: false,
      detector: { mtf: { kind: "none" }, noiseShareBefore: 0.5 },
      ...imaging,
    },
    createRandom(3),
  );
  return createImageFormer({ shape: [plan.tilts.length, n, n], pixelSizeAngstrom, plan }, thicknessAngstrom);
}

/** Rows and columns of the spectrum of an n x n image, real parts, zero frequency first. */
function spectrumOf(image: Float32Array, n: number) {
  const fft = createFft3([1, n, n]);
  const spectrum = fft.createSpectrum();
  fft.forward(image, spectrum);
  const at = (kx: number, ky: number) => 2 * (((ky + n) % n) * fft.halfWidth + kx);
  return {
    real: (kx: number, ky: number) => spectrum[at(kx, ky)],
    power: (kx: number, ky: number) => spectrum[at(kx, ky)] ** 2 + spectrum[at(kx, ky) + 1] ** 2,
  };
}

test("the contrast transfer function crosses zero where theory puts it, to one Fourier pixel, in any direction", () => {
  const [n, pixel] = [256, 4];
  const former = singleImage({ defocusMicrometre: 3, astigmatismMicrometre: 1, astigmatismDegrees: 30 });
  const image = new Float32Array(n * n);
  image[(n / 2) * n + n / 2] = 1; // a point
  former.form(image, 0);
  const spectrum = spectrumOf(image, n);
  const wavelength = 0.0196876; // Å at 300 kV
  const constant = Math.asin(0.07);
  let found = 0;
  for (const direction of [0, 30, 75, 120]) {
    const radians = (direction * Math.PI) / 180;
    const defocus = (3 + 0.5 * Math.cos(2 * (radians - Math.PI / 6))) * 1e4;
    // pi lambda dz s^2 - pi/2 Cs lambda^3 s^4 + constant = m pi, solved for s^2
    const zeros = [1, 2, 3, 4, 5].map((m) => {
      const [a, b, c] = [
        (Math.PI / 2) * 2.7e7 * wavelength ** 3,
        Math.PI * wavelength * defocus,
        constant - m * Math.PI,
      ];
      return Math.sqrt((b - Math.sqrt(b * b + 4 * a * c)) / (2 * a)) * n * pixel;
    });
    const value = (radius: number) => {
      // Bilinear in the spectrum; the point's centre turns the phase by pi at every step, which cancels in the product.
      const [x, y] = [radius * Math.cos(radians), radius * Math.sin(radians)];
      const [sx, sy] = x < 0 ? [-x, -y] : [x, y];
      const [ix, iy] = [Math.floor(sx), Math.floor(sy)];
      let sum = 0;
      for (const [kx, ky] of [
        [ix, iy],
        [ix + 1, iy],
        [ix, iy + 1],
        [ix + 1, iy + 1],
      ] as const)
        sum +=
          (1 - Math.abs(sx - kx)) * (1 - Math.abs(sy - ky)) * spectrum.real(kx, ky) * ((kx + ky) % 2 === 0 ? 1 : -1);
      return sum;
    };
    const crossings: number[] = [];
    for (let radius = 3; radius < 0.45 * n; radius += 0.05)
      if (Math.sign(value(radius)) !== Math.sign(value(radius + 0.05))) crossings.push(radius);
    for (const zero of zeros.filter((radius) => radius < 0.44 * n)) {
      found++;
      expect(Math.min(...crossings.map((radius) => Math.abs(radius - zero)))).toBeLessThan(1);
    }
  }
  expect(found).toBeGreaterThanOrEqual(12);
});

test("low frequencies of protein are positive, and a phase plate makes them strong", () => {
  const optics = {
    kilovolt: 300,
    sphericalAberrationMillimetre: 2.7,
    amplitudeContrast: 0.07,
    defocusMicrometre: 0,
    astigmatismMicrometre: 0,
    astigmatismDegrees: 0,
  };
  const underfocus = { ...optics, phaseShiftDegrees: 20, defocusMicrometre: 3 };
  const zeros = contrastZeros(underfocus, 4);
  expect(zeros).toHaveLength(9);
  for (const zero of zeros) expect(Math.abs(imageContrastTransfer(underfocus)(zero / 4, 0))).toBeLessThan(1e-9);
  expect(imageContrastTransfer({ ...optics, phaseShiftDegrees: 0 })(0, 0)).toBeCloseTo(0.07, 9);
  expect(imageContrastTransfer({ ...optics, phaseShiftDegrees: 90 })(1e-4, 0)).toBeCloseTo(Math.sqrt(1 - 0.07 ** 2), 4);
  expect(interactionConstant(300)).toBeCloseTo(6.526e-4, 6); // Reimer's table: 0.00653 rad / (V nm)
});

test("the damage filter is Grant and Grigorieff's curve, averaged over each exposure", () => {
  expect(criticalExposure(0.1)).toBeCloseTo(0.245 * 0.1 ** -1.665 + 2.81, 9); // 14.1 electrons at 10 Å
  expect(criticalExposure(1 / 3)).toBeCloseTo(4.336, 2); // and 4.3 at 3 Å
  expect(criticalExposure(0.1, 200)).toBeCloseTo(0.8 * criticalExposure(0.1), 9);
  const frequency = 0.07;
  const halfLife = 2 * criticalExposure(frequency);
  expect(damageTransfer(frequency, { priorDose: 30, dose: 1e-9 })).toBeCloseTo(Math.exp(-30 / halfLife), 9);
  let mean = 0;
  for (let i = 0; i < 1000; i++) mean += Math.exp(-(20 + (i + 0.5) * 0.004) / halfLife) / 1000;
  expect(damageTransfer(frequency, { priorDose: 20, dose: 4 })).toBeCloseTo(mean, 6);
  expect(damageTransfer(0, { priorDose: 100, dose: 4 })).toBe(1);
});

test("damage and MTF reach the image: a point's spectrum is their product", () => {
  const n = 64;
  const imaging = {
    contrastTransfer: false,
    radiationDamage: true,
    scheme: { lowestDegrees: 0, highestDegrees: 0, totalDoseElectronPerSquareAngstrom: 30 },
    detector: { mtf: { kind: "gaussian", frequency: 0.3 }, noiseShareBefore: 0.5 },
  } as const;
  const former = singleImage(imaging, { n });
  const image = new Float32Array(n * n);
  image[(n / 2) * n + n / 2] = 1;
  former.form(image, 0);
  const spectrum = spectrumOf(image, n);
  for (const k of [0, 4, 11, 23]) {
    const expected = Math.exp(-((k / n / 0.3) ** 2)) * damageTransfer(k / n / 4, { priorDose: 0, dose: 30 });
    // The image is cut out of a larger one, so that wings beyond it are missing.
    expect(Math.abs(Math.abs(spectrum.real(k, 0) / spectrum.real(0, 0)) - expected)).toBeLessThan(0.01);
  }
});

test.each([
  [{ kind: "none" }, 0.4, 1],
  [{ kind: "pixel" }, 0.5, 2 / Math.PI],
  [{ kind: "gaussian", frequency: 0.25 }, 0.25, Math.exp(-1)],
  [{ kind: "table", frequencies: [0, 0.2, 0.5], values: [1, 0.8, 0.2] }, 0.35, 0.5],
  [{ kind: "table", frequencies: [0.1, 0.2], values: [0.9, 0.8] }, 0, 0.9],
  [{ kind: "table", frequencies: [0.1, 0.2], values: [0.9, 0.8] }, 0.4, 0.8],
] as const)("the detector curve %o at %f is %f", (curve, frequency, value) => {
  expect(detectorValue(curve, frequency)).toBeCloseTo(value, 9);
});

test("noise has the variance of the dose, half before and half after the detector", () => {
  const n = 256;
  const mtf = { kind: "gaussian", frequency: 0.3 } as const;
  const noiseOf = (noiseShareBefore: number, kind: "gaussian" | "poisson") => {
    const former = singleImage({ detector: { mtf, noiseShareBefore }, inelasticPathAngstrom: Infinity }, { n });
    expect(former.electronsPerPixel(0)).toBeCloseTo(32, 9); // 2 electrons per Å^2 and 16 Å^2
    const image = new Float32Array(n * n);
    former.noise(image, 0, { seed: 5, kind, noiseFree: new Float32Array(n * n) });
    return image;
  };
  for (const kind of ["gaussian", "poisson"] as const) {
    const [shot, both] = [noiseOf(1, kind), noiseOf(0.5, kind)];
    const variances = [shot, both].map((image) => fieldVariance(image, [1, n, n]));
    expect(Math.abs(variances[1] / variances[0] - 2)).toBeLessThan(0.05);
    // Shot noise at low frequency is not attenuated: 1 / 32 for each pixel, and its spectrum is MTF^2.
    const spectrum = spectrumOf(shot, n);
    const meanPower = (low: number, high: number) => {
      let [sum, count] = [0, 0];
      for (let ky = -n / 2 + 1; ky < n / 2; ky++)
        for (let kx = 1; kx < n / 2; kx++) {
          const radius = Math.hypot(kx, ky) / n;
          if (radius < low || radius >= high) continue;
          sum += spectrum.power(kx, ky) / n ** 2 / Math.exp(-2 * (radius / 0.3) ** 2);
          count++;
        }
      return sum / count;
    };
    for (const [low, high] of [
      [0.01, 0.1],
      [0.2, 0.25],
      [0.35, 0.4],
    ] as const)
      expect(Math.abs(meanPower(low, high) * 32 - 1)).toBeLessThan(0.08);
  }
});

test("thick ice and high tilt cost electrons, and the DQE curve sets the noise that the detector adds", () => {
  const plan = planTiltSeries({ scheme: { lowestDegrees: -60, highestDegrees: 60, stepDegrees: 60 } }, createRandom(1));
  const former = createImageFormer({ shape: [plan.tilts.length, 8, 8], pixelSizeAngstrom: 10, plan }, 1975);
  expect(former.electronsPerPixel(0) / former.electronsPerPixel(1)).toBeCloseTo(Math.exp(-0.5), 6);
  const n = 128;
  const noisy = (dqe: number) => {
    const curve = { kind: "table", frequencies: [0, 0.5], values: [dqe, dqe] } as const;
    const image = new Float32Array(n * n);
    const own = singleImage({ detector: { mtf: { kind: "none" }, dqe: curve, noiseShareBefore: 0 } }, { n });
    own.noise(image, 0, { seed: 1, kind: "gaussian" });
    return fieldVariance(image, [1, n, n]);
  };
  expect(noisy(0.25) / noisy(1)).toBeCloseTo(4, 5);
});

test("Poisson deviates have their mean as variance, small and large", () => {
  const random = createRandom(2);
  for (const mean of [0.3, 11, 13, 40, 200, 3000, 2e4]) {
    const values = Float64Array.from({ length: 20000 }, () => poissonDeviate(random, mean));
    const average = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - average) ** 2, 0) / values.length;
    expect(Math.abs(average - mean)).toBeLessThan(4.5 * Math.sqrt(mean / values.length));
    expect(Math.abs(variance / mean - 1)).toBeLessThan(0.07);
    expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
  }
  // The whole distribution near its mean: PTRS at 20 against the formula.
  const counts = new Map<number, number>();
  for (let i = 0; i < 40000; i++) {
    const k = poissonDeviate(random, 20);
    counts.set(k, (counts.get(k) ?? 0) + 1);
  }
  for (const k of [12, 17, 20, 24, 30]) {
    let probability = Math.exp(-20);
    for (let i = 1; i <= k; i++) probability *= 20 / i;
    expect(Math.abs((counts.get(k) ?? 0) - 40000 * probability)).toBeLessThan(4.5 * Math.sqrt(40000 * probability));
  }
});

test("tilt schemes: order, dose and its history", () => {
  const order = (options: Parameters<typeof tiltScheme>[0]) =>
    tiltScheme(options)
      .sort((a, b) => a.acquisition - b.acquisition)
      .map((tilt) => tilt.tiltDegrees);
  const range = { lowestDegrees: -9, highestDegrees: 9, stepDegrees: 3 };
  expect(order({ ...range, order: "continuous" })).toEqual([-9, -6, -3, 0, 3, 6, 9]);
  expect(order({ ...range, order: "bidirectional" })).toEqual([0, 3, 6, 9, -3, -6, -9]);
  expect(order({ ...range, order: "dose-symmetric", groupSize: 1 })).toEqual([0, 3, -3, 6, -6, 9, -9]);
  expect(order({ ...range, order: "dose-symmetric", groupSize: 2 })).toEqual([0, 3, 6, -3, -6, 9, -9]);
  expect(order({ ...range, order: "bidirectional", startDegrees: -6 })).toEqual([-6, -3, 0, 3, 6, 9, -9]);
  fc.assert(
    fc.property(
      fc.constantFrom("continuous", "bidirectional", "dose-symmetric" as const),
      fc.constantFrom("even", "inverse-cosine" as const),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: -70, max: 70 }),
      (order, doseDistribution, groupSize, startDegrees) => {
        const tilts = tiltScheme({ order, doseDistribution, groupSize, startDegrees });
        expect(tilts.map((tilt) => tilt.tiltDegrees)).toEqual(Array.from({ length: 41 }, (_, i) => -60 + 3 * i));
        const inTime = [...tilts].sort((a, b) => a.acquisition - b.acquisition);
        let prior = 0;
        inTime.forEach((tilt, i) => {
          expect(tilt.acquisition).toBe(i);
          expect(tilt.priorDoseElectronPerSquareAngstrom).toBeCloseTo(prior, 9);
          prior += tilt.doseElectronPerSquareAngstrom;
        });
        expect(prior).toBeCloseTo(100, 9);
      },
    ),
  );
  expect(() => tiltScheme({ lowestDegrees: -95 })).toThrow("tilt option lowestDegrees cannot be -95");
  expect(() => tiltScheme({ stepDegrees: 0 })).toThrow("tilt option stepDegrees cannot be 0");
});

test("alignment errors move images by what the plan says", () => {
  const n = 64;
  const former = singleImage({ contrastTransfer: false, alignmentDeviationAngstrom: 12 }, { n });
  const { tilts } = planTiltSeries(
    { scheme: { lowestDegrees: 0, highestDegrees: 0 }, alignmentDeviationAngstrom: 12, defocusDeviationMicrometre: 0 },
    createRandom(3),
  );
  const image = new Float32Array(n * n);
  image[(n / 2) * n + n / 2] = 1;
  gaussianFilterInPlace(image, [1, n, n], 2);
  former.form(image, 0);
  let [sum, x, y] = [0, 0, 0];
  image.forEach((value, at) => {
    sum += value;
    x += value * ((at % n) - n / 2);
    y += value * (Math.floor(at / n) - n / 2);
  });
  expect(Math.hypot(tilts[0].shiftAngstrom.x, tilts[0].shiftAngstrom.y)).toBeGreaterThan(1);
  expect(x / sum).toBeCloseTo(tilts[0].shiftAngstrom.x / 4, 2);
  expect(y / sum).toBeCloseTo(tilts[0].shiftAngstrom.y / 4, 2);
});

const specimen = createVolume([24, 48, 48], 10);
{
  const random = createRandom("specimen");
  for (let i = 0; i < 40; i++) specimen.data[random.integer(specimen.data.length)] = random.uniform(50, 400);
  gaussianFilterInPlace(specimen.data, specimen.shape, 1.3);
}
const plan = planTiltSeries({ scheme: { stepDegrees: 6 } }, createRandom(4));
const series = simulateTiltSeries(specimen, plan);
const signal = reconstruct(series, { nz: 24 });

/** Tomogram and images at a ratio. */
async function atSnr(options: Omit<NoiseAtSnrOptions, "signalVariance" | "nz">) {
  const signalVariance = medianVariance(signal.data, signal.shape, options.boxes);
  const { images, field, factor } = await noiseAtSnr(series, { ...options, signalVariance, nz: 24 });
  addScaled(series.images, images, factor, images);
  addScaled(signal.data, field.data, factor, field.data);
  return { images, tomogram: field };
}

test("the signal-to-noise ratio measured in the reconstruction is the one asked for, within 3 %", async () => {
  for (const kind of ["gaussian", "poisson"] as const)
    for (const snr of [1000, 0.5, 0.05]) {
      const { tomogram, images } = await atSnr({ snr, seed: "a", kind });
      const noise = tomogram.data.map((value, i) => value - signal.data[i]);
      const measured = fieldVariance(signal.data, signal.shape) / fieldVariance(noise, signal.shape);
      expect(Math.abs(measured / snr - 1)).toBeLessThan(0.03);
      // The images belong to the tomogram: reconstructing them gives it again.
      const again = reconstruct({ ...series, images }, { nz: 24 }).data;
      const worst = again.reduce((most, value, i) => Math.max(most, Math.abs(value - tomogram.data[i])), 0);
      const scale = Math.sqrt(fieldVariance(tomogram.data, tomogram.shape));
      expect(worst).toBeLessThan(1e-4 * scale);
    }
});

test("within boxes, the ratio is of the variances inside them", async () => {
  const boxes = {
    size: 8,
    centres: [
      { x: 20.4, y: 30, z: 12 },
      { x: 30, y: 9, z: 13 },
      { x: 1, y: 9, z: 13 },
    ],
  };
  const { tomogram } = await atSnr({ snr: 2, seed: 1, boxes });
  const noise = tomogram.data.map((value, i) => value - signal.data[i]);
  const ratio = fieldVariance(signal.data, signal.shape, boxes) / fieldVariance(noise, signal.shape, boxes);
  expect(ratio).toBeCloseTo(2, 3);
  const edge = fieldVariance(signal.data, signal.shape, { size: 8, centres: boxes.centres.slice(0, 2) });
  expect(fieldVariance(signal.data, signal.shape, boxes)).toBe(edge); // the third does not fit
  expect(() => fieldVariance(signal.data, signal.shape, { size: 32, centres: boxes.centres })).toThrow(
    "none of 3 boxes",
  );
});

test("the same seed gives the same noise; another seed, other noise; infinite ratio, none", () => {
  const [one, same, other] = [7, 7, 8].map((seed) => noiseSeries(series, { seed, thicknessAngstrom: 240 }).images);
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
  expect(noiseFactor(3, 2, Infinity)).toBe(0);
  expect(() => noiseFactor(3, 2, 0)).toThrow("signal-to-noise ratio of 0");
  expect(() => noiseFactor(0, 2, 1)).toThrow("needs signal and noise");
});

test.each([
  [{ kilovolt: 0 }, "kilovolt"],
  [{ defocusMicrometre: Number.NaN }, "defocusMicrometre"],
  [{ amplitudeContrast: 2 }, "amplitudeContrast"],
  [{ tiltDeviationDegrees: -1 }, "tiltDeviationDegrees"],
  [{ iceThicknessAngstrom: -1 }, "iceThicknessAngstrom"],
  [{ inelasticPathAngstrom: 0 }, "inelasticPathAngstrom"],
  [{ detector: { mtf: { kind: "gaussian", frequency: 0 }, noiseShareBefore: 0.5 } }, "mtf cannot fall to 1/e at 0"],
  [{ detector: { mtf: { kind: "none" }, noiseShareBefore: 2 } }, "fraction of noise before it cannot be 2"],
  [
    { detector: { mtf: { kind: "table", frequencies: [0.2, 0.1], values: [1, 1] }, noiseShareBefore: 0.5 } },
    "mtf table is not a table",
  ],
] as const)("options that cannot be used are named: %o", (options, message) => {
  expect(() => planTiltSeries(options, createRandom(1))).toThrow(message);
});

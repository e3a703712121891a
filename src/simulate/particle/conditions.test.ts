import { expect, test } from "vitest";
import { createFft3, createRandom } from "../../volume/index.js";
import { proceduralComplex } from "../complexes/procedural.js";
import { drawReconstructedConditions, drawVariedConditions, type ImagingConditions } from "./conditions.js";
import { contrastTransfer } from "./imaging.js";
import { createRenderer } from "./renderer.js";

const N = 32;
const fft = createFft3([N, N, N]);
const renderer = createRenderer({ defocusMicrometre: [5, 5], tiltDegrees: 90 });
const complex = proceduralComplex(createRandom("conditions"));

/** By how much the conditions change the amplitude at frequencies (x, y, z) in Fourier pixels, relative to that at (5, 0, 0). */
function gains(conditions: Partial<ImagingConditions>, snr: number, frequencies: readonly [number, number, number][]) {
  const spectrumUnder = (given: Partial<ImagingConditions>) => {
    const { volume } = renderer.render(complex, { random: createRandom("one"), snr, conditions: given });
    const spectrum = fft.createSpectrum();
    fft.forward(volume, spectrum);
    return spectrum;
  };
  const [changed, plain] = [spectrumUnder(conditions), spectrumUnder({})];
  const gain = (x: number, y: number, z: number): number => {
    const at = 2 * ((z * N + y) * fft.halfWidth + x);
    return (changed[at] * plain[at] + changed[at + 1] * plain[at + 1]) / (plain[at] ** 2 + plain[at + 1] ** 2);
  };
  return frequencies.map(([x, y, z]) => gain(x, y, z) / gain(5, 0, 0));
}

const frequencies: [number, number, number][] = [
  [1, 0, 0],
  [0, 2, 0],
  [3, 2, 1],
  [0, 6, 4],
];
/** Their ratio is what is asked for after all of this, so the two are compared each by itself. */
const SIGNAL_ALONE_NOISE_ALONE = [Infinity, 1e-7];
const radius = (x: number, y: number, z: number) => Math.hypot(x, y, z);

test("an image multiplied by its contrast transfer has it squared, signal and noise alike", () => {
  const transfer = (r: number) => contrastTransfer(r / (N * 10), { ...renderer.options, defocusMicrometre: 5 });
  for (const snr of SIGNAL_ALONE_NOISE_ALONE)
    for (const [i, gain] of gains({ ctfPremultiplied: true }, snr, frequencies).entries())
      expect(gain).toBeCloseTo(transfer(radius(...frequencies[i])) / transfer(5), 3);
});

test("a reconstruction without weights has amplitudes over the frequency, signal and noise alike", () => {
  for (const amplitudeExponent of [-1, 0.4])
    for (const snr of SIGNAL_ALONE_NOISE_ALONE)
      for (const [i, gain] of gains({ amplitudeExponent }, snr, frequencies).entries())
        expect(gain).toBeCloseTo((radius(...frequencies[i]) / 5) ** amplitudeExponent, 3);
});

test("reconstructed conditions are varied ones, a third of those with contrast transfer premultiplied, some weighted", () => {
  const drawn = Array.from({ length: 2000 }, (_, i) => drawReconstructedConditions(createRandom(i)));
  for (const [i, { ctfPremultiplied, amplitudeExponent, ...rest }] of drawn.slice(0, 20).entries())
    expect({ ...rest, ctfPremultiplied: false, amplitudeExponent: 0 }).toEqual(drawVariedConditions(createRandom(i)));
  expect(drawn.some((one) => one.ctfPremultiplied && !one.contrastTransfer)).toBe(false);
  const transferred = drawn.filter((one) => one.contrastTransfer);
  const premultiplied = transferred.filter((one) => one.ctfPremultiplied);
  expect(premultiplied.length / transferred.length).toBeCloseTo(0.35, 1);
  const weighted = drawn.filter((one) => one.amplitudeExponent !== 0).map((one) => one.amplitudeExponent);
  expect(weighted.length / drawn.length).toBeCloseTo(0.4, 1);
  expect(Math.min(...weighted)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...weighted)).toBeLessThanOrEqual(0.4);
});

import { describe, expect, it } from "vitest";
import { ShapeError } from "../errors.js";
import { createFft3, createRandom } from "../volume/index.js";
import { fourierShellCorrelation, resolutionAt } from "./fsc.js";

const random = createRandom(4);
const noise = (edge: number) => Float32Array.from({ length: edge ** 3 }, () => random.normal());

describe.each([16, 15])("the correlation of shells of volumes of %i^3 voxels", (edge) => {
  it("is 1 with itself and with any multiple, -1 with its negative", () => {
    const one = noise(edge);
    for (const value of fourierShellCorrelation(
      one,
      one.map((v) => 3 * v),
      edge,
    ).byShell)
      expect(value).toBeCloseTo(1, 6);
    for (const value of fourierShellCorrelation(
      one,
      one.map((v) => -v),
      edge,
    ).byShell)
      expect(value).toBeCloseTo(-1, 6);
  });

  it("is that of its definition over whole spectra", () => {
    const [one, other] = [noise(edge), noise(edge)];
    const { byShell } = fourierShellCorrelation(one, other, edge);
    const shell = 3;
    // A band-passed volume holds a shell's power: its scalar products are the sums over the whole shell (Parseval).
    const passed = [one, other].map((volume) => bandPassed(volume, edge, shell));
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const [a, b] = passed;
    expect(byShell[shell]).toBeCloseTo(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), 5);
  });
});

function bandPassed(volume: Float32Array, edge: number, shell: number): Float32Array {
  const fft = createFft3([edge, edge, edge]);
  const spectrum = fft.createSpectrum();
  fft.forward(volume, spectrum);
  const signed = (k: number) => (k <= edge / 2 ? k : k - edge);
  for (let k = 0; k < spectrum.length / 2; k++) {
    const x = k % fft.halfWidth;
    const y = signed(Math.floor(k / fft.halfWidth) % edge);
    const z = signed(Math.floor(k / fft.halfWidth / edge));
    if (Math.round(Math.hypot(x, y, z)) !== shell) spectrum[2 * k] = spectrum[2 * k + 1] = 0;
  }
  const passed = new Float32Array(volume.length);
  fft.inverse(spectrum, passed);
  return passed;
}

it("refuses volumes of another edge", () => {
  expect(() => fourierShellCorrelation(noise(8), noise(9), 8)).toThrow(ShapeError);
});

describe("resolution", () => {
  const at = (byShell: number[], threshold = 0.5) =>
    resolutionAt({ edge: 10, byShell: Float64Array.from(byShell) }, 10, threshold);

  it("lies between the shells around the threshold", () => {
    expect(at([1, 1, 1, 0.75, 0.25, 0])).toEqual({ resolutionAngstrom: 100 / 3.5, isLimitedByVoxels: false });
  });

  it("is where the threshold is crossed first, whatever comes behind", () => {
    expect(at([1, 0.9, 0.1, 0.9, 0.9, 0.9])?.resolutionAngstrom).toBeCloseTo(100 / 1.5);
  });

  it("is the voxels' where nothing falls below, and none where everything does", () => {
    expect(at([1, 1, 1, 1, 1, 0.9])).toEqual({ resolutionAngstrom: 20, isLimitedByVoxels: true });
    expect(at([1, 0.4, 0.9, 0.9, 0.9, 0.9])).toBeUndefined();
    expect(at([1, Number.NaN, 0.9, 0.9, 0.9, 0.9])).toBeUndefined();
  });
});

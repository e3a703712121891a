import { createFft3, createRandom, type Random } from "../../../volume/index.js";
import { CUBIC_ANGSTROM_PER_KILODALTON } from "../../complexes/complex.js";
import { imageContrastTransfer, interactionConstant } from "./ctf-image.js";
import { detectorTables } from "./detector-tables.js";
import { damageTransfer } from "./dose.js";
import { poissonDeviate } from "./noise-poisson.js";
import type { TiltSeries } from "./tilt-imaging.js";

/**
 * Mean inner potential of protein above that of ice, volts: 47.88 V Å^2 times the sum of the atoms' electron scattering
 * factors at zero angle over the volume. 8.07 for an average residue (C4.9 H7.8 N1.35 O1.45 S0.04, 22.5 Å in 133 Å^3) less
 * 4.53 for water at 0.93 g/cm^3 (3.04 Å in 32.2 Å^3).
 */
const PROTEIN_POTENTIAL_VOLT = 3.54;

/** Which noise: shot noise as normal deviates of the same variance, or as true counts whose mean follows the image. */
export type NoiseKind = "gaussian" | "poisson";

/** Forms the images of one tilt series from projections, and draws their noise. */
export interface ImageFormer {
  /** Turns the projection of one tilt (kilodalton per pixel) into its noise-free image (contrast), in place. */
  form(projection: Float32Array, tilt: number): void;
  /**
   * Writes the noise that the planned dose times `doseFactor` gives in the image of one tilt, as contrast. The same seed and
   * tilt give the same noise. `noiseFree` is the image without noise; only counts need it.
   */
  noise(
    into: Float32Array,
    tilt: number,
    options: {
      readonly seed: string | number;
      readonly kind: NoiseKind;
      readonly doseFactor?: number;
      readonly noiseFree?: Float32Array;
    },
  ): void;
  /** Electrons recorded in a pixel of the image of one tilt. */
  electronsPerPixel(tilt: number): number;
}

/**
 * Forms the images of one series. Images are extended by their mirror image to a power of two before they are filtered, so
 * that no edge wraps around. `thicknessAngstrom` is the specimen's; the ice is as thick unless the plan says otherwise. Owns
 * its scratch: use one per thread.
 *
 * Contrast is that of a weak phase object, `2 phase CTF`, phase = interaction constant x potential x thickness of the
 * protein. Filters: contrast transfer, damage, detector, and the shift of the alignment error.
 *
 * Noise has two parts. Shot noise of variance 1 / electrons, white before the detector, passes the detector's MTF; the
 * detector then adds its own. By default both have the same variance in the recorded image ("half before, half after the
 * detector", Pei et al. 2016); with a DQE curve the second has the spectrum MTF^2 (1 / DQE - 1).
 */
export function createImageFormer(
  { shape: [, ny, nx], pixelSizeAngstrom, plan: { imaging, tilts } }: Omit<TiltSeries, "images">,
  thicknessAngstrom: number,
): ImageFormer {
  const { detector, kilovolt } = imaging;
  const [py, px] = [paddedLength(ny), paddedLength(nx)];
  const fft = createFft3([1, py, px]);
  const padded = new Float32Array(py * px);
  const spectrum = fft.createSpectrum();
  const { halfWidth } = fft;
  const contrastPerKilodalton =
    (2 * interactionConstant(kilovolt) * PROTEIN_POTENTIAL_VOLT * CUBIC_ANGSTROM_PER_KILODALTON) /
    pixelSizeAngstrom ** 2;
  const ice = imaging.iceThicknessAngstrom ?? thicknessAngstrom;
  const { mtf, shot, added } = detectorTables(detector, [py, px]);

  /** Cycles per pixel of a row of the spectrum. */
  function rowFrequency(row: number): number {
    return (row <= py / 2 ? row : row - py) / py;
  }

  /** The damage over frequency in cycles per pixel, tabulated: it is smooth, and its powers are slow. */
  function damageTable(exposure: Parameters<typeof damageTransfer>[1]): (frequency: number) => number {
    const steps = 2048;
    const scale = steps / Math.SQRT1_2;
    const table = Float64Array.from({ length: steps + 2 }, (_, i) =>
      damageTransfer(i / scale / pixelSizeAngstrom, exposure),
    );
    return (frequency) => {
      const exact = frequency * scale;
      const below = exact | 0;
      return table[below] + (exact - below) * (table[below + 1] - table[below]);
    };
  }

  /** The factors exp(-2 pi i s shift) of a shift along one axis of `period` samples, real and imaginary part in turn. */
  function phases(count: number, period: number, shiftAngstrom: number): Float64Array {
    const factors = new Float64Array(2 * count);
    for (let k = 0; k < count; k++) {
      const cycles = (k <= period / 2 ? k : k - period) / period;
      const angle = (-2 * Math.PI * cycles * shiftAngstrom) / pixelSizeAngstrom;
      factors[2 * k] = Math.cos(angle);
      factors[2 * k + 1] = Math.sin(angle);
    }
    return factors;
  }

  function applyGain(gainAt: (at: number) => number): void {
    for (let at = 0; at < py * halfWidth; at++) {
      const gain = gainAt(at);
      spectrum[2 * at] *= gain;
      spectrum[2 * at + 1] *= gain;
    }
  }

  function electronsPerPixel(tilt: number): number {
    const { doseElectronPerSquareAngstrom: dose, trueTiltDegrees } = tilts[tilt];
    const path = ice / Math.max(0.05, Math.cos((trueTiltDegrees * Math.PI) / 180));
    return dose * pixelSizeAngstrom ** 2 * Math.exp(-path / imaging.inelasticPathAngstrom);
  }

  return {
    electronsPerPixel,
    form(projection, tilt) {
      const { optics, shiftAngstrom, ...planned } = tilts[tilt];
      const exposure = {
        priorDose: planned.priorDoseElectronPerSquareAngstrom,
        dose: planned.doseElectronPerSquareAngstrom,
        kilovolt,
      };
      const contrast = imageContrastTransfer(optics);
      const damage = damageTable(exposure);
      const [alongX, alongY] = [phases(halfWidth, px, shiftAngstrom.x), phases(py, py, shiftAngstrom.y)];
      extendByMirror(projection, [ny, nx], padded, [py, px]);
      fft.forward(padded, spectrum);
      for (let row = 0; row < py; row++) {
        const fy = rowFrequency(row);
        for (let k = 0; k < halfWidth; k++) {
          const fx = k / px;
          const at = row * halfWidth + k;
          let gain = contrastPerKilodalton * mtf[at];
          if (imaging.contrastTransfer) gain *= contrast(fx / pixelSizeAngstrom, fy / pixelSizeAngstrom);
          if (imaging.radiationDamage) gain *= damage(Math.sqrt(fx * fx + fy * fy));
          const cos = gain * (alongX[2 * k] * alongY[2 * row] - alongX[2 * k + 1] * alongY[2 * row + 1]);
          const sin = gain * (alongX[2 * k] * alongY[2 * row + 1] + alongX[2 * k + 1] * alongY[2 * row]);
          const re = spectrum[2 * at];
          const im = spectrum[2 * at + 1];
          spectrum[2 * at] = re * cos - im * sin;
          spectrum[2 * at + 1] = re * sin + im * cos;
        }
      }
      fft.inverse(spectrum, padded);
      crop(padded, px, projection, nx);
    },
    noise(into, tilt, { seed, kind, doseFactor = 1, noiseFree }) {
      const random = createRandom(seed).fork("noise", tilt);
      const electrons = electronsPerPixel(tilt) * doseFactor;
      const deviation = Math.sqrt(1 / electrons);
      if (kind === "gaussian" || !noiseFree) {
        // The sum of two normal fields is one normal field with the sum of their spectra: one transform for both.
        fillWhite(deviation, random);
        applyGain((at) => Math.sqrt(shot[at] ** 2 + added[at] ** 2));
      } else {
        extendByMirror(noiseFree, [ny, nx], padded, [py, px]);
        for (let i = 0; i < padded.length; i++) {
          // Protein scatters electrons away from the bright field: its contrast is negative on the detector.
          const mean = electrons * Math.max(0, 1 - padded[i]);
          padded[i] = (mean - poissonDeviate(random, mean)) / electrons;
        }
        fft.forward(padded, spectrum);
        applyGain((at) => shot[at]);
        const counted = spectrum.slice();
        fillWhite(deviation, random);
        applyGain((at) => added[at]);
        for (let i = 0; i < spectrum.length; i++) spectrum[i] += counted[i];
      }
      fft.inverse(spectrum, padded);
      crop(padded, px, into, nx);
    },
  };

  /** The spectrum of white noise: both parts of every value have half the power, but those of self-mirrored columns all. */
  function fillWhite(deviation: number, random: Random): void {
    random.fillNormal(spectrum);
    const amplitude = deviation * Math.sqrt((py * px) / 2);
    for (let row = 0; row < py; row++)
      for (let k = 0; k < halfWidth; k++) {
        const at = 2 * (row * halfWidth + k);
        const gain = k === 0 || 2 * k === px ? amplitude * Math.SQRT2 : amplitude;
        spectrum[at] *= gain;
        spectrum[at + 1] *= gain;
      }
  }
}

/** A power of two at least an eighth longer than the image, so that its mirrored margins hide the seam. */
function paddedLength(length: number): number {
  let padded = 8;
  while (padded < 1.125 * length) padded *= 2;
  return padded;
}

type Size = readonly [ny: number, nx: number];

/** Puts the image into the corner of a larger, periodic one; the rest shows its mirror images at both sides. */
function extendByMirror(image: Float32Array, [ny, nx]: Size, padded: Float32Array, [py, px]: Size): void {
  const source = (i: number, length: number, period: number) => {
    if (i < length) return i;
    const beyond = i < (length + period) / 2 ? 2 * length - 1 - i : period - 1 - i;
    return Math.max(0, Math.min(length - 1, beyond));
  };
  const columns = Int32Array.from({ length: px }, (_, x) => source(x, nx, px));
  for (let y = 0; y < py; y++) {
    const from = source(y, ny, py) * nx;
    const to = y * px;
    for (let x = 0; x < px; x++) padded[to + x] = image[from + columns[x]];
  }
}

/** Copies the rows of `image`, `nx` long, from the corner of a larger one. */
function crop(padded: Float32Array, px: number, image: Float32Array, nx: number): void {
  for (let y = 0; y < image.length / nx; y++) image.set(padded.subarray(y * px, y * px + nx), y * nx);
}

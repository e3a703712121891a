/** Which way a tilt series looked at a tomogram, measured from the region of Fourier space that it left empty. */
import { forEachFrequency, meanPower, shellMeans } from "./mean-power.js";

/** An axis of a volume. */
export type Axis = "x" | "y" | "z";

/** How a tilt series was taken, as its missing wedge shows. */
export interface TiltGeometry {
  /** The axis along which the untilted specimen was looked at: z in most files. */
  readonly beamAxis: Axis;
  /** The axis about which it was tilted: y in most files. */
  readonly tiltAxis: Axis;
  /** Maximum tilt angle, to about 2 degrees; of an uneven series the mean of both ends. */
  readonly tiltDegrees: number;
  /** Power where nothing was measured over power where something was: 0 is a clean wedge, 1 means that there is no wedge. */
  readonly emptiness: number;
}

const AXES = ["z", "y", "x"] as const; // in the order of a volume's axes
const BIN_DEGREES = 2;
const BINS = 90 / BIN_DEGREES;
/** Emptier than this is a missing wedge; filters, membranes and fibres move power about by less. */
const EMPTY = 0.2;

/**
 * Measures beam axis, tilt axis and maximum tilt angle from cubes cut out of a tomogram (a few dozen of 32^3 do); undefined when
 * none of the six geometries leaves an empty wedge, as in denoised, wedge-filled or complete volumes.
 * @param cubes `[count, n, n, n]`.
 * @throws ShapeError when the length is not a multiple of n^3.
 */
export function measureTiltGeometry(cubes: Float32Array, n: number): TiltGeometry | undefined {
  const power = meanPower(cubes, n);
  let best: TiltGeometry | undefined;
  for (const beamAxis of AXES) {
    for (const tiltAxis of AXES) {
      const acrossAxis = AXES.find((axis) => axis !== beamAxis && axis !== tiltAxis);
      if (tiltAxis === beamAxis || !acrossAxis) continue;
      const profile = angularProfile(power, n, beamAxis, acrossAxis);
      const mean = (from: number, to: number): number => {
        const bins = profile.slice(from / BIN_DEGREES, to / BIN_DEGREES);
        return bins.reduce((sum, value) => sum + value, 0) / bins.length;
      };
      const measured = mean(0, 30);
      const emptiness = mean(78, 90) / measured;
      if (!(emptiness < (best?.emptiness ?? EMPTY))) continue;
      // The edge of the wedge: where the power falls below half of what was measured.
      const edge = profile.findLastIndex((value) => value > measured / 2);
      best = { beamAxis, tiltAxis, tiltDegrees: (edge + 1) * BIN_DEGREES, emptiness };
    }
  }
  return best;
}

/**
 * Mean power, over the mean of its shell of equal frequency, by the angle between a frequency's part along the beam and its
 * part across beam and tilt axis: 0 degrees is the untilted image, 90 the beam.
 */
function angularProfile(power: Float64Array, n: number, beamAxis: Axis, acrossAxis: Axis): number[] {
  const shells = shellMeans(power, n);
  const sums = new Float64Array(BINS);
  const counts = new Float64Array(BINS);
  forEachFrequency(n, (index, frequency, radius) => {
    const [along, across] = [Math.abs(frequency[beamAxis]), Math.abs(frequency[acrossAxis])];
    if (radius < 0.1 * n || radius > 0.45 * n || Math.hypot(along, across) < 3) return;
    const angle = (Math.atan2(along, across) * 180) / Math.PI;
    const bin = Math.min(BINS - 1, Math.floor(angle / BIN_DEGREES));
    sums[bin] += power[index] / (shells[Math.round(radius)] || 1);
    counts[bin]++;
  });
  return Array.from(sums, (sum, bin) => (counts[bin] > 0 ? sum / counts[bin] : 0));
}

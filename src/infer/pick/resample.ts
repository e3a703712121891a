import type { Shape3 } from "../../volume/index.js";

/** Lobes of the kernel on each side: passes 90 % of the band almost flat, with ringing too small to see. */
const LOBES = 3;

/** Interpolation weights along one axis: new sample j is `sum_k weights[j * taps + k] * old[first[j] + k]`. */
export interface AxisWeights {
  readonly count: number;
  readonly taps: number;
  readonly first: Int32Array;
  readonly weights: Float32Array;
}

/** How many samples a grid of spacing `step` (in old samples) has that starts at the same point and stays inside. */
export function resampledLength(length: number, step: number): number {
  return Math.floor((length - 1) / step + 1e-6) + 1;
}

/**
 * Weights for new samples at j * `step` old samples, j from 0: both grids share their first point, so a position in
 * Ångström is the same in both. The kernel is Lanczos's, `sinc(t) sinc(t / 3)`, stretched by `step` when samples get
 * fewer, which removes what the new grid could not hold. Its reach is finite: a piece of a volume resamples as in the whole.
 */
export function axisWeights(length: number, step: number): AxisWeights {
  const count = resampledLength(length, step);
  const stretch = Math.max(1, step);
  const taps = Math.min(length, 2 * Math.ceil(LOBES * stretch) + 1);
  const first = new Int32Array(count);
  const weights = new Float32Array(count * taps);
  for (let j = 0; j < count; j++) {
    const position = j * step;
    first[j] = Math.max(0, Math.min(length - taps, Math.ceil(position - LOBES * stretch)));
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += weights[j * taps + k] = lanczos((first[j] + k - position) / stretch);
    for (let k = 0; k < taps; k++) weights[j * taps + k] /= sum;
  }
  return { count, taps, first, weights };
}

function lanczos(t: number): number {
  if (Math.abs(t) < 1e-9) return 1;
  if (Math.abs(t) >= LOBES) return 0;
  const angle = Math.PI * t;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

/** One section `[ny, nx]` on the new grid along y and x. */
function resampleSection(section: Float32Array, rowLength: number, y: AxisWeights, x: AxisWeights): Float32Array {
  const rows = section.length / rowLength;
  const narrow = new Float32Array(rows * x.count);
  for (let row = 0; row < rows; row++)
    for (let j = 0, out = row * x.count; j < x.count; j++, out++) {
      let sum = 0;
      for (let k = 0, at = row * rowLength + x.first[j], w = j * x.taps; k < x.taps; k++)
        sum += x.weights[w++] * section[at++];
      narrow[out] = sum;
    }
  const result = new Float32Array(y.count * x.count);
  for (let j = 0; j < y.count; j++)
    for (let k = 0; k < y.taps; k++)
      addRow(result, j * x.count, narrow, (y.first[j] + k) * x.count, x.count, y.weights[j * y.taps + k]);
  return result;
}

function addRow(to: Float32Array, at: number, from: Float32Array, start: number, count: number, weight: number): void {
  if (weight === 0) return;
  for (let i = 0; i < count; i++) to[at + i] += weight * from[start + i];
}

/**
 * A volume that comes section by section, on a grid of another spacing, again section by section. Holds as many sections
 * as the kernel is long, each asked for once.
 * @param section the values `[ny, nx]` of section z.
 * @param firstSection new sections before it are left out, and what only they need is not asked for.
 */
export async function* resampleSections(
  shape: Shape3,
  step: number,
  section: (z: number) => Promise<Float32Array>,
  firstSection = 0,
): AsyncGenerator<Float32Array> {
  const [z, y, x] = shape.map((length) => axisWeights(length, step)) as [AxisWeights, AxisWeights, AxisWeights];
  const held = new Map<number, Float32Array>();
  for (let j = firstSection; j < z.count; j++) {
    const start = z.first[j];
    for (const index of held.keys()) if (index < start) held.delete(index);
    const plane = new Float32Array(y.count * x.count);
    for (let k = 0; k < z.taps; k++) {
      let own = held.get(start + k);
      if (!own) held.set(start + k, (own = resampleSection(await section(start + k), shape[2], y, x)));
      addRow(plane, 0, own, 0, plane.length, z.weights[j * z.taps + k]);
    }
    yield plane;
  }
}

import { centreIndex, type Shape3, valueOfRank } from "../../volume/index.js";
import type { Picture } from "./png.js";

/** The axis that a slice is perpendicular to: "z" shows x to the right and y down, "y" x and z, "x" y and z. */
export type SliceAxis = "z" | "y" | "x";

/** A plane cut out of a volume, `[height, width]`, row 0 on top. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** The slice through the volume's centre index. */
export function centralSlice(data: ArrayLike<number>, shape: Shape3, axis: SliceAxis): Plane {
  const [nz, ny, nx] = shape;
  const [width, height] = axis === "z" ? [nx, ny] : axis === "y" ? [nx, nz] : [ny, nz];
  const at = { z: centreIndex(nz), y: centreIndex(ny), x: centreIndex(nx) };
  const plane = new Float32Array(width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const z = axis === "z" ? at.z : row;
      const y = axis === "y" ? at.y : axis === "z" ? row : column;
      const x = axis === "x" ? at.x : column;
      plane[row * width + column] = data[(z * ny + y) * nx + x];
    }
  return { width, height, data: plane };
}

/** Grey values for black and white: the given percentiles of all finite voxels, so that one view fits all slices of a box. */
export function contrastRange(
  data: ArrayLike<number>,
  { lowPercent = 1, highPercent = 99.6 } = {},
): readonly [low: number, high: number] {
  const finite = new Float32Array(data).filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const at = (percent: number) => valueOfRank(finite, Math.round((percent / 100) * (finite.length - 1)))!;
  const [low, high] = [at(lowPercent), at(highPercent)];
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}

/** A grey picture of a plane, `scale` pixels a voxel, Catmull-Rom interpolated so that it has no blocky look. */
export function slicePicture(plane: Plane, range: readonly [number, number], { scale = 3 } = {}): Picture {
  const [low, high] = range;
  const across = resample(
    plane.data,
    { count: plane.height, length: plane.width, step: 1, stride: plane.width },
    scale,
  );
  const width = plane.width * scale;
  const height = plane.height * scale;
  const full = resample(across, { count: width, length: plane.height, step: width, stride: 1 }, scale);
  const pixels = new Uint8Array(width * height);
  for (let column = 0; column < width; column++)
    for (let row = 0; row < height; row++) {
      const grey = (255 * (full[column * height + row] - low)) / (high - low);
      pixels[row * width + column] = Math.max(0, Math.min(255, Math.round(grey))) || 0; // NaN shows as black
    }
  return { width, height, channels: 1, pixels };
}

/** Catmull-Rom samples along `count` lines: line k starts at k * stride and goes on by `step`. Output lines are contiguous. */
function resample(
  data: Float32Array,
  { count, length, step, stride }: { count: number; length: number; step: number; stride: number },
  scale: number,
): Float32Array {
  const out = new Float32Array(count * length * scale);
  for (let line = 0; line < count; line++)
    for (let i = 0; i < length * scale; i++) {
      const position = (i + 0.5) / scale - 0.5;
      const whole = Math.floor(position);
      const t = position - whole;
      const value = (offset: number) => data[line * stride + Math.max(0, Math.min(length - 1, whole + offset)) * step];
      const [a, b, c, d] = [value(-1), value(0), value(1), value(2)];
      out[line * length * scale + i] =
        b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }
  return out;
}

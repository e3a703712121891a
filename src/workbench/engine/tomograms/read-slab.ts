/** Neighbouring planes, read together: what lies side by side in the file costs little more than one of them. */
import type { Tomogram } from "../../../files/tomogram/index.js";
import { breathe } from "../../../progress.js";
import type { Shape3 } from "../../../volume/index.js";
import type { Axis } from "../../protocol/index.js";
import { planeShape } from "./plane.js";

/** Planes across x touch every row of the file, so as many as fit into these bytes are taken along; across y a few rows. */
const SLAB_BYTES = 1 << 26;
const MOST_PLANES: Readonly<Record<Axis, number>> = { z: 1, y: 8, x: 64 };

/** The planes that are read together with plane `index`: a fixed division of the axis, so that slabs do not overlap. */
export function slabOf(shape: Shape3, axis: Axis, index: number): { readonly first: number; readonly count: number } {
  const { count, width, height } = planeShape(shape, axis);
  const together = Math.max(1, Math.min(MOST_PLANES[axis], Math.floor(SLAB_BYTES / (4 * width * height))));
  const first = index - (index % together);
  return { first, count: Math.min(together, count - first) };
}

/** Sections along z read at a time, so that other requests are served between. */
const SECTIONS_AT_ONCE = 8;

/** Planes `first` to `first + count - 1` across an axis, each `[height, width]`. @throws FileError, FormatError */
export async function readSlab(
  { shape: [nz, ny, nx], read }: Pick<Tomogram, "shape" | "read">,
  axis: Axis,
  { first, count }: { readonly first: number; readonly count: number },
): Promise<Float32Array[]> {
  if (axis === "z") return Promise.all(Array.from({ length: count }, (_, i) => read([first + i, 0, 0], [1, ny, nx])));
  const width = axis === "y" ? nx : ny;
  const planes = Array.from({ length: count }, () => new Float32Array(nz * width));
  for (let z = 0; z < nz; z += SECTIONS_AT_ONCE) {
    const depth = Math.min(SECTIONS_AT_ONCE, nz - z);
    if (axis === "y") {
      const block = await read([z, first, 0], [depth, count, nx]);
      for (let i = 0; i < depth; i++)
        for (let y = 0; y < count; y++)
          planes[y]!.set(block.subarray((i * count + y) * nx, (i * count + y + 1) * nx), (z + i) * nx);
    } else {
      const block = await read([z, 0, first], [depth, ny, count]);
      for (let x = 0; x < count; x++) copyColumn(block, x, count, planes[x]!.subarray(z * ny, (z + depth) * ny));
    }
    await breathe(undefined);
  }
  return planes;
}

/** Every `stride`-th value of `block`, from `offset` on. */
function copyColumn(block: Float32Array, offset: number, stride: number, into: Float32Array): void {
  for (let i = 0, at = offset; i < into.length; i++, at += stride) into[i] = block[at]!;
}

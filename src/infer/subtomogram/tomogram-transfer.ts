import { contrastTransferFunction } from "../../volume/index.js";
import { createFourierPlanes } from "./fourier-planes.js";
import type { TiltImage } from "./tilt-images.js";

/**
 * The contrast transfer of a box of a tomogram that was reconstructed without correcting it: at each frequency the mean of the
 * images that measured it, without their scale; 0 where none did.
 * @returns `[edge, edge, floor(edge / 2) + 1]` in the order of `Fft3`
 */
export function tomogramTransfer(
  edge: number,
  voxelSizeAngstrom: number,
  images: readonly Pick<TiltImage, "rotation" | "transfer">[],
): Float32Array {
  const planes = createFourierPlanes(edge);
  const step = 1 / (edge * voxelSizeAngstrom);
  const radius = edge / 2 - 1;
  // Half a grid step from line to line: no grid point near a plane is missed.
  for (const { rotation, transfer } of images) {
    if (!transfer || transfer.scale === 0) continue;
    const [ax, ay, az, bx, by, bz] = rotation;
    const transferAt = contrastTransferFunction({ ...transfer, scale: 1 });
    for (let v = -radius; v <= radius; v += 0.5)
      for (let u = 0; u <= radius; u += 0.5) {
        if (u * u + v * v > radius * radius) continue;
        planes.add(u * ax + v * bx, u * ay + v * by, u * az + v * bz, transferAt(u * step, v * step), 0, 1);
      }
  }
  const { spectrum, weight } = planes;
  return Float32Array.from(weight, (count, at) => (count > 0 ? spectrum[2 * at] / count : 0));
}

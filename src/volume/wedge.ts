import { ConfigError } from "../errors.js";
import type { Shape3 } from "./volume.js";

/**
 * The region of Fourier space that a tilt series samples, as 0 and 1 over the half spectrum of `createFft3`. The tilt
 * axis is y and the beam z: the image at tilt t fills the plane kz = tan(t) kx, so the sampled region is
 * `|kz| <= tan(tilt) |kx|`, widened by half a Fourier pixel because a box's finite size blurs its spectrum by that much.
 *
 * `tiltDegrees` is the maximum tilt angle of a symmetric series, or the two ends `[lowest, highest]` of any series.
 * @throws ConfigError when the tilts are not between -90 and 90 degrees in rising order.
 */
export function wedgeMask(shape: Shape3, tiltDegrees: number | readonly [number, number]): Uint8Array {
  const [lowest, highest] = typeof tiltDegrees === "number" ? [-tiltDegrees, tiltDegrees] : tiltDegrees;
  if (!(lowest >= -90 && highest <= 90 && lowest <= highest))
    throw new ConfigError(`a tilt range from ${lowest} to ${highest} degrees is impossible`, {
      hint: "Tilts lie between -90 and 90 degrees, the lowest first.",
    });
  const [nz, ny, nx] = shape;
  const halfWidth = Math.floor(nx / 2) + 1;
  const half = 0.5 / nz;
  const steepest = highest >= 90 ? Infinity : Math.tan((highest * Math.PI) / 180);
  const shallowest = lowest <= -90 ? -Infinity : Math.tan((lowest * Math.PI) / 180);
  const sampled = (kz: number, kx: number) =>
    kz <= (kx === 0 ? 0 : steepest * kx) + half && kz >= (kx === 0 ? 0 : shallowest * kx) - half;
  const everything = lowest <= -90 && highest >= 90;
  const mask = new Uint8Array(nz * ny * halfWidth);
  for (let z = 0; z < nz; z++) {
    const kz = (z <= nz / 2 ? z : z - nz) / nz;
    for (let x = 0; x < halfWidth; x++) {
      // The planes kx = 0, kx = 1/2 and kz = 1/2 hold a frequency and its mirror image: both are kept or neither.
      const own =
        sampled(kz, x / nx) || (2 * z === nz && sampled(-kz, x / nx)) || (2 * x === nx && sampled(-kz, x / nx));
      if (!own && !everything) continue;
      for (let y = 0; y < ny; y++) mask[(z * ny + y) * halfWidth + x] = 1;
    }
  }
  return mask;
}

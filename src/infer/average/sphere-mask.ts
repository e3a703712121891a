import { centreIndex } from "../../volume/index.js";

/**
 * A ball about the box centre `[edge, edge, edge]`: 1 up to the radius, then a cosine down to 0 over `fadeVoxels`. A hard edge
 * would ring through all of Fourier space.
 */
export function sphereMask(edge: number, radiusVoxels: number, fadeVoxels: number): Float32Array {
  const centre = centreIndex(edge);
  const mask = new Float32Array(edge ** 3);
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, at++)
        mask[at] = fade(Math.hypot(x - centre, y - centre, z - centre) - radiusVoxels, fadeVoxels);
  return mask;
}

/** 1 where the distance beyond a surface is not positive, a cosine down to 0 over `fadeVoxels`. */
export function fade(beyondVoxels: number, fadeVoxels: number): number {
  if (beyondVoxels <= 0) return 1;
  return beyondVoxels < fadeVoxels ? 0.5 + 0.5 * Math.cos((Math.PI * beyondVoxels) / fadeVoxels) : 0;
}

/** Fraction of white noise's power that a mask leaves. */
export function powerFraction(mask: Float32Array): number {
  return mask.reduce((sum, value) => sum + value * value, 0) / mask.length;
}

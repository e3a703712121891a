/**
 * Where in a pane a voxel is, and which voxel is at a pixel. Pixels are the device's, counted from the pane's left or upper edge, so
 * pixel p covers p to p + 1 and its middle is at p + 1/2; voxel v covers v - 1/2 to v + 1/2.
 */

/** One direction of a pane. */
export interface LineFrame {
  /** Where voxel 0 begins; a whole number, so that voxels of whole pixels have sharp edges. */
  readonly originPixel: number;
  readonly pixelsPerVoxel: number;
}

export interface PaneFrame {
  readonly horizontal: LineFrame;
  readonly vertical: LineFrame;
}

/** The line whose middle is at voxel position `centre`. */
export function lineFrame(centre: number, pixels: number, pixelsPerVoxel: number): LineFrame {
  return { originPixel: Math.round(pixels / 2 - (centre + 0.5) * pixelsPerVoxel), pixelsPerVoxel };
}

/** Where a voxel position is: whole numbers at the middle of their voxels. */
export function pixelOf(voxel: number, { originPixel, pixelsPerVoxel }: LineFrame): number {
  return originPixel + (voxel + 0.5) * pixelsPerVoxel;
}

/** What position is there, to any fraction of a voxel. */
export function voxelPositionAt(pixel: number, { originPixel, pixelsPerVoxel }: LineFrame): number {
  return (pixel - originPixel) / pixelsPerVoxel - 0.5;
}

/** CSS lengths such as 10.6667 are 16 pixels of a device that has 1.5 for each, and a bit less than that. */
const ROUNDING_PIXELS = 1e-3;

/** The middle of the device's pixel that a pointer at `cssPixels` is on. */
export function pointerPixel(cssPixels: number, pixelRatio: number): number {
  return Math.floor(cssPixels * pixelRatio + ROUNDING_PIXELS) + 0.5;
}

/** The voxel that is drawn at a pixel; it need not be one of the tomogram's. */
export function voxelAt(pixel: number, frame: LineFrame): number {
  // Not -0, which is no index.
  return Math.floor((pixel - frame.originPixel) / frame.pixelsPerVoxel) + 0;
}

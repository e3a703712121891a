import type { PickedParticle } from "../../evaluate/index.js";
import { planTiles, suppressNeighbours, type TileDetector, tilePeaks } from "../../infer/index.js";
import { breathe } from "../../progress.js";
import type { TrainingSpecimen } from "../../train/index.js";

export type ScoredPick = PickedParticle & { readonly score: number };

/** Of the specimens, whatever they were simulated at: the detector takes them for this. */
export const VOXEL_ANGSTROM = 10;
/** Two centres are not nearer than this fraction of the sum of their radii. */
const SPACING = 0.6;
const LEAST_SCORE = 0.05;

/** Searches a specimen, `[nz, ny, nx]` and standardised, tile by tile. @throws AbortError */
export async function search(
  volume: Float32Array,
  { shape }: TrainingSpecimen,
  detector: TileDetector,
  { tomogram, signal }: { readonly tomogram: string; readonly signal: AbortSignal | undefined },
): Promise<ScoredPick[]> {
  const { cellVoxels } = detector;
  const [nz, ny, nx] = shape;
  const placed: { position: { x: number; y: number; z: number }; score: number; radius: number }[] = [];
  for (const tile of planTiles(shape, detector)) {
    await breathe(signal);
    const [depth, height, width] = tile.shape;
    const block = new Float32Array(depth * height * width);
    const [z0, y0, x0] = tile.corner;
    const from = Math.max(0, -x0);
    const to = Math.min(width, nx - x0);
    for (let z = Math.max(0, -z0); z < Math.min(depth, nz - z0); z++)
      for (let y = Math.max(0, -y0); y < Math.min(height, ny - y0); y++) {
        const row = ((z0 + z) * ny + y0 + y) * nx + x0;
        block.set(volume.subarray(row + from, row + to), (z * height + y) * width + from);
      }
    const answer = await detector.detect(block, tile.shape);
    const peaks = tilePeaks(answer, tile, { cellVoxels, minimumScore: LEAST_SCORE });
    for (const { positionVoxels, score, radiusVoxels } of peaks)
      placed.push({ position: positionVoxels, score, radius: radiusVoxels });
  }
  const inAngstrom = (voxels: number): number => voxels * VOXEL_ANGSTROM;
  return suppressNeighbours(placed, { spacing: SPACING }).map(({ position: { x, y, z }, score }) => ({
    tomogram,
    score,
    positionAngstrom: { x: inAngstrom(x), y: inAngstrom(y), z: inAngstrom(z) },
  }));
}

import { voxelCount } from "../volume/index.js";
import { breathe } from "./progress.js";
import type { Labeller, TomogramGrid } from "./segment-volumes.js";
import { writeOmeZarr } from "./simulate-tomogram-zarr.js";

const SECTIONS = 16;

/**
 * The probability as an OME-Zarr 0.5 image, with the labels `classes` and `instances`. All three are in memory: up to ten bytes
 * a voxel of the tomogram.
 * @throws FileError, AbortError
 */
export async function writeLabelZarr(
  path: string,
  labeller: Labeller,
  grid: TomogramGrid,
  { signal }: { readonly signal: AbortSignal | undefined },
): Promise<void> {
  const [nz, ny, nx] = grid.shape;
  const count = voxelCount(grid.shape);
  const probability = new Float32Array(count);
  const classes = new Uint16Array(count);
  const instances = new Uint32Array(count);
  for (let z = 0; z < nz; z += SECTIONS) {
    const slab = labeller.sections(z, Math.min(nz, z + SECTIONS));
    probability.set(slab.probability, z * ny * nx);
    classes.set(slab.labels, z * ny * nx);
    instances.set(slab.instances, z * ny * nx);
    await breathe(signal);
  }
  await writeOmeZarr(
    path,
    { data: probability, ...grid },
    { name: "segmentation", labels: { classes, instances }, signal },
  );
}

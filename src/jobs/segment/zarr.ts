import { writeOmeZarr } from "../../files/tomogram/index.js";
import type { VoxelGrid } from "../../volume/index.js";
import type { LabelledSections, Labeller } from "./labels.js";

/** Sections that are worked out together: fewer than a layer of chunks, because the labeller holds ten bytes a voxel. */
const SECTIONS = 16;

/**
 * The probability as an OME-Zarr 0.5 image, with the labels `classes` and `instances`. In memory are a layer of chunks, and the
 * coarser levels of one of the three: at most half a byte a voxel of the tomogram, and 256 bytes for each voxel of a section.
 * @throws FileError, AbortError
 */
export async function writeLabelZarr(
  path: string,
  labeller: Labeller,
  grid: VoxelGrid,
  { signal }: { readonly signal: AbortSignal | undefined },
): Promise<void> {
  const size = grid.shape[1] * grid.shape[2];
  /** Fills what `allocate` gives with some sections, a few at a time. */
  const layer =
    <T extends LabelledSections[keyof LabelledSections]>(
      allocate: (length: number) => T,
      valuesOf: (labelled: LabelledSections) => T,
    ) =>
    (from: number, to: number): T => {
      const values = allocate((to - from) * size);
      for (let z = from; z < to; z += SECTIONS)
        values.set(valuesOf(labeller.sections(z, Math.min(to, z + SECTIONS))), (z - from) * size);
      return values;
    };
  const probability = layer(
    (length) => new Float32Array(length),
    (labelled) => labelled.probability,
  );
  const classes = layer(
    (length) => new Uint16Array(length),
    ({ labels }) => labels,
  );
  const instances = layer(
    (length) => new Uint32Array(length),
    (labelled) => labelled.instances,
  );
  await writeOmeZarr(
    path,
    { ...grid, sections: probability },
    { name: "segmentation", labels: { classes, instances }, signal },
  );
}

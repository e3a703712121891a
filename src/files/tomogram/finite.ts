import type { VolumeReader } from "../../io/index.js";
import type { Shape3 } from "../../volume/index.js";

/** Sections that the mean is measured on, spread over the depth. */
const MEASURED_SECTIONS = 9;

/**
 * Gives the mean of the volume for voxels that hold no number, so that no NaN or infinity comes out of the door. The mean is that of the
 * finite values of nine sections, measured when the first such voxel turns up.
 */
export function finiteReader({
  shape,
  read,
  readNumbers = read,
}: Pick<VolumeReader, "shape" | "read" | "readNumbers">): Required<Pick<VolumeReader, "read" | "readNumbers">> {
  let mean: Promise<number> | undefined;
  const filled = async <Values extends Float32Array | Float64Array>(values: Values): Promise<Values> => {
    if (!holdsNonNumber(values)) return values;
    mean ??= meanOfSections(shape, read);
    const filling = await mean;
    return values.map((value) => (value - value === 0 ? value : filling)) as Values; // map keeps the type
  };
  return {
    read: async (first, size) => filled(await read(first, size)),
    async readNumbers(first, size) {
      const values = await readNumbers(first, size);
      return values instanceof Float32Array || values instanceof Float64Array ? filled(values) : values;
    },
  };
}

/** A loop, because every voxel that is read comes by here. */
function holdsNonNumber(values: Float32Array | Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return true;
  return false;
}

async function meanOfSections([nz, ny, nx]: Shape3, read: VolumeReader["read"]): Promise<number> {
  const sections = Math.min(nz, MEASURED_SECTIONS);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < sections; i++)
    for (const value of await read([Math.floor(((i + 0.5) * nz) / sections), 0, 0], [1, ny, nx])) {
      if (value - value !== 0) continue;
      sum += value;
      count++;
    }
  return count > 0 ? sum / count : 0;
}

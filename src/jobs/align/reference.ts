import { ConfigError } from "../../errors.js";
import { fileExists } from "../../files/disk/index.js";
import type { SubtomogramReader } from "../../files/particles/index.js";
import { createSubtomogramMaker, type Subtomogram } from "../../infer/index.js";
import { type BoxGrid, readMapOnGrid } from "../subtomograms/index.js";
import type { AlignSettings } from "./options.js";

/** What particles are aligned to. */
export interface Reference {
  readonly subtomogram: Subtomogram;
  /** Half of the diameter that was given, or of what the reference shows. */
  readonly radiusVoxels: number;
  /** What it is, in words. */
  readonly label: string;
  /** Its hand and contrast need no test: it is of the particles. */
  readonly isParticle: boolean;
}

/**
 * A map, a structure or a particle of the list on the grid of the boxes.
 * @throws ConfigError for a map without a voxel size, a particle that is not there, or where the diameter has to be given;
 * FileError, FormatError.
 */
export async function readReference(
  reader: SubtomogramReader,
  grid: BoxGrid,
  settings: AlignSettings,
): Promise<Reference> {
  const { reference, particleDiameterAngstrom } = settings;
  const given = particleDiameterAngstrom === undefined ? undefined : particleDiameterAngstrom / 2;
  if (/^[1-9]\d*$/.test(reference) && !(await fileExists(reference))) {
    if (given === undefined)
      throw new ConfigError("a particle as reference does not say how large it is", {
        hint: "Give its largest diameter in Å with --particle-diameter.",
      });
    const { subtomogram } = await reader.read(Number(reference) - 1);
    const radiusVoxels = given / grid.voxelSizeAngstrom;
    return { subtomogram, radiusVoxels, label: `particle ${reference} of the list`, isParticle: true };
  }
  const { referenceVoxelSizeAngstrom, onWarning, onProgress, signal } = settings;
  const { map, radiusAngstrom } = await readMapOnGrid(reference, grid, {
    ...{ mapVoxelSizeAngstrom: referenceVoxelSizeAngstrom, radiusAngstrom: given, onWarning, onProgress, signal },
    voxelSizeHint: "Give it with --reference-voxel-size.",
  });
  const everything = new Float32Array(grid.edge ** 2 * (Math.floor(grid.edge / 2) + 1)).fill(1);
  return {
    subtomogram: createSubtomogramMaker(grid.edge)(map.data, everything),
    radiusVoxels: radiusAngstrom / grid.voxelSizeAngstrom,
    label: reference,
    isParticle: false,
  };
}

/** The mirror image: z reversed about the box centre. */
export function mirrored({ edge, spectrum, weight }: Subtomogram): Subtomogram {
  const halfWidth = Math.floor(edge / 2) + 1;
  const [turned, weights] = [new Float32Array(spectrum.length), new Float32Array(weight.length)];
  for (let z = 0; z < edge; z++)
    for (let row = 0; row < edge; row++) {
      const [to, from] = [(z * edge + row) * halfWidth, (((edge - z) % edge) * edge + row) * halfWidth];
      turned.set(spectrum.subarray(2 * from, 2 * (from + halfWidth)), 2 * to);
      weights.set(weight.subarray(from, from + halfWidth), to);
    }
  return { edge, spectrum: turned, weight: weights };
}

/** Density turned into its negative. */
export function negative({ edge, spectrum, weight }: Subtomogram): Subtomogram {
  return { edge, spectrum: spectrum.map((value) => -value), weight };
}

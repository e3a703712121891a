/** Masks of picks as surfaces. */
import { join } from "node:path";
import { ConfigError } from "../../../errors.js";
import { readVolumeFile } from "../../../files/tomogram/index.js";
import { type Particle, type ParticleList, positionsFromFirstVoxel } from "../../../io/index.js";
import { centreIndex, gaussianFilterInPlace, placeMesh, type SurfaceMesh, surfaceMesh } from "../../../volume/index.js";
import { isSameCandidate, type Surface, type VoxelPosition } from "../../protocol/index.js";
import type { RunTomogram } from "./example-lists.js";
import { type ReadResults, sizeAngstrom } from "./results.js";
import type { DoneRun } from "./run-file.js";

/** Takes the steps off the voxels of a mask. */
const SMOOTHING_VOXELS = 0.8;

/**
 * The surface of the mask of the pick at a position.
 * @throws ConfigError when there is no pick, or the run wrote no masks; FileError.
 */
export async function surfaceAt(
  run: DoneRun,
  { list, rows, results }: ReadResults,
  tomogramId: string,
  position: VoxelPosition,
): Promise<Surface> {
  const tomogram = run.tomograms.find(({ id }) => id === tomogramId);
  const table = results.tables.find((other) => other.tomogramId === tomogramId);
  if (!tomogram || !table) throw new ConfigError(`${tomogramId} was not in ${run.record.id}`);
  const first = results.tables.slice(0, results.tables.indexOf(table)).reduce((sum, { count }) => sum + count, 0);
  const found = Array.from({ length: table.count }, (_, i) => i).find((i) => {
    const [x = 0, y = 0, z = 0] = table.positions.subarray(3 * i, 3 * i + 3);
    return isSameCandidate({ x, y, z }, position);
  });
  const particle = found === undefined ? undefined : list.particles[rows[first + found]!];
  if (particle?.extra.cosnetMaskName === undefined)
    throw new ConfigError("there is no mask of a pick here", {
      hint: "Masks are written for picks, when a run is asked for them.",
    });
  const { positions, triangles } = await maskSurface(run, tomogram, particle);
  return { positions, indices: triangles };
}

/** In voxels of the tomogram's file. @param particle a row of the run's list of picks. @throws FileError, FormatError */
export async function maskSurface(
  { folder }: Pick<DoneRun, "folder">,
  tomogram: RunTomogram,
  particle: Particle,
): Promise<SurfaceMesh> {
  const { volume } = await readVolumeFile(join(folder, particle.extra.cosnetMaskName ?? ""));
  const { data, shape, voxelSizeAngstrom } = volume;
  gaussianFilterInPlace(data, shape, SMOOTHING_VOXELS);
  // RELION 5 counts from the tomogram's centre. The box was cut around the searched voxel that is nearest to the position.
  const list: ParticleList = {
    ...{ particles: [particle], origin: "tomogram-centre", warnings: [] },
    ...{ voxelSizeAngstrom: undefined, coordinatePixelSizeAngstrom: undefined },
  };
  const [at] = positionsFromFirstVoxel(list, { tomogramSizeAngstrom: sizeAngstrom(tomogram) });
  const step = voxelSizeAngstrom / tomogram.takenVoxelSizeAngstrom;
  const first = (angstrom: number, edge: number) =>
    (Math.round(angstrom / voxelSizeAngstrom) - centreIndex(edge)) * step;
  return placeMesh(surfaceMesh(data, shape, 0.5), step, {
    x: first(at!.x, shape[2]),
    y: first(at!.y, shape[1]),
    z: first(at!.z, shape[0]),
  });
}

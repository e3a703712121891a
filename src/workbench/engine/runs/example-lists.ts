/** Particles of a project's tomograms as lists that `cosnet pick` reads. */
import { join } from "node:path";
import { writeFileAtomic } from "../../../files/disk/index.js";
import { type Particle, writeParticles } from "../../../io/index.js";
import type { Quaternion } from "../../../volume/index.js";
import type { Project, ProjectTomogram, VoxelPosition } from "../../protocol/index.js";
import { type KnownParticle, knownParticles } from "./known-particles.js";

/** A tomogram of a run, as it was understood when the run began. */
export interface RunTomogram extends ProjectTomogram {
  /** What lists call it. */
  readonly name: string;
  readonly shape: readonly [number, number, number];
  readonly takenVoxelSizeAngstrom: number;
}

export interface ExampleLists {
  readonly examples: readonly string[];
  readonly negatives: readonly string[];
}

/** Writes a list for each tomogram with examples, and one for each with negatives. @throws FileError */
export async function writeExampleLists(
  folder: string,
  project: Project,
  tomograms: readonly RunTomogram[],
): Promise<ExampleLists> {
  const known = knownParticles(project);
  const examples: string[] = [];
  const negatives: string[] = [];
  for (const tomogram of tomograms) {
    const own = known.filter(({ tomogramId }) => tomogramId === tomogram.id);
    const write = async (name: string, particles: readonly KnownParticle[], into: string[]) => {
      if (particles.length === 0) return;
      const path = join(folder, `${name}-${into.length + 1}.star`);
      const rows = particles.map(({ position, className = "none" }) => ({ position, className }));
      await writeFileAtomic(path, listIn(tomogram, rows, "Clicked in the workbench of cosnet"));
      into.push(path);
    };
    await write(
      "examples",
      own.filter(({ className }) => className !== undefined),
      examples,
    );
    await write(
      "negatives",
      own.filter(({ className }) => className === undefined),
      negatives,
    );
  }
  return { examples, negatives };
}

interface Row {
  readonly position: VoxelPosition;
  readonly className?: string | undefined;
  readonly orientation?: Quaternion | undefined;
}

/** Positions in voxels, which the list says the size of; what a person has said of the tomogram is in columns of its own. */
export function listIn(tomogram: RunTomogram, rows: readonly Row[], comment: string): string {
  const { path, voxelSizeAngstrom, takenVoxelSizeAngstrom: size, contrast } = tomogram;
  const extra = {
    ...(contrast && { cosnetContrast: contrast }),
    ...(voxelSizeAngstrom !== undefined && { cosnetTomogramVoxelSizeAngst: String(voxelSizeAngstrom) }),
  };
  const particles = rows.map(
    ({ position: { x, y, z }, className, orientation }): Particle => ({
      positionAngstrom: { x: x * size, y: y * size, z: z * size },
      tomogramName: path,
      ...(className !== undefined && { className }),
      ...(orientation && { orientation }),
      extra,
    }),
  );
  const list = { particles, origin: "first-voxel", voxelSizeAngstrom: size, warnings: [] } as const;
  return writeParticles({ ...list, coordinatePixelSizeAngstrom: size }, { format: "relion4", comments: [comment] });
}

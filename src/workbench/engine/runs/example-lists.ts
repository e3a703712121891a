/** A project's examples as lists that `cosnet pick` reads. */
import { join } from "node:path";
import { writeFileAtomic } from "../../../files/disk/index.js";
import { type Particle, writeParticles } from "../../../io/index.js";
import type { Project, ProjectTomogram } from "../../protocol/index.js";
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
      await writeFileAtomic(path, listOf(tomogram, particles));
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

/** Positions in voxels, which the list says the size of; what a person has said of the tomogram is in columns of its own. */
function listOf(tomogram: RunTomogram, particles: readonly KnownParticle[]): string {
  const { path, voxelSizeAngstrom, takenVoxelSizeAngstrom: size, contrast } = tomogram;
  const extra = {
    ...(contrast && { cosnetContrast: contrast }),
    ...(voxelSizeAngstrom !== undefined && { cosnetTomogramVoxelSizeAngst: String(voxelSizeAngstrom) }),
  };
  const rows = particles.map(
    ({ position: { x, y, z }, className = "none" }): Particle => ({
      positionAngstrom: { x: x * size, y: y * size, z: z * size },
      tomogramName: path,
      className,
      extra,
    }),
  );
  const list = { particles: rows, origin: "first-voxel", voxelSizeAngstrom: size, warnings: [] } as const;
  return writeParticles(
    { ...list, coordinatePixelSizeAngstrom: size },
    { format: "relion4", comments: ["Clicked in the workbench of cosnet"] },
  );
}

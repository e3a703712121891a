/** Particles of a list, or of a copick project, as examples. */
import { ConfigError } from "../../errors.js";
import { readParticleListFile } from "../../files/particles/index.js";
import { classNameOf, isNegativeClass, isSameTomogram, positionsFromFirstVoxel } from "../../io/index.js";
import { plainName } from "../../plain-name.js";
import { isSameCandidate, type Project, type Step, type VoxelPosition } from "../protocol/index.js";
import type { RunTomogram } from "./runs/example-lists.js";

/** Examples are few; whoever has more wants them compared with a run, not shown as clicks. */
const MOST_PARTICLES = 500;

/**
 * Gives every particle of the list that lies in the tomogram to the class of its name, which is added where there is none.
 * @throws ConfigError for a list of none, or of too many; FileError, FormatError.
 */
export async function importParticles(
  path: string,
  tomogram: RunTomogram,
  { project, take }: { readonly project: () => Project; readonly take: (step: Step) => Promise<unknown> },
): Promise<void> {
  for (const { className, position } of await particlesIn(path, tomogram)) {
    const isThere = project().examples.some(
      (example) => example.tomogramId === tomogram.id && isSameCandidate(example.position, position),
    );
    if (isThere) continue;
    const find = () => project().classes.find(({ name }) => name === className);
    if (className !== undefined && !find()) await take({ type: "add-class", name: className });
    await take({ type: "add-example", tomogramId: tomogram.id, classId: find()?.id ?? null, position });
  }
}

interface ImportedParticle {
  /** Undefined: of none of the classes. */
  readonly className: string | undefined;
  readonly position: VoxelPosition;
}

async function particlesIn(path: string, tomogram: RunTomogram): Promise<ImportedParticle[]> {
  const { takenVoxelSizeAngstrom: voxel, name } = tomogram;
  const [nz, ny, nx] = tomogram.shape;
  const tomogramSizeAngstrom = { x: nx * voxel, y: ny * voxel, z: nz * voxel };
  const { list } = await readParticleListFile(path, {
    ...{ tomogram: tomogram.path, tomogramVoxelSizeAngstrom: voxel, tomogramWhereNeeded: true },
  });
  const isHere = (named: string | undefined) =>
    named === undefined || /^\d+$/.test(named) || isSameTomogram(named, name);
  const particles = list.particles.filter(({ tomogramName }) => isHere(tomogramName));
  if (particles.length === 0)
    throw new ConfigError(`none of its ${list.particles.length} particles is in ${name}`, { where: path });
  if (particles.length > MOST_PARTICLES)
    throw new ConfigError(`${particles.length} particles are too many for examples`, {
      where: path,
      hint: `Take a list of up to ${MOST_PARTICLES}, some of each class.`,
    });
  const positions = positionsFromFirstVoxel({ ...list, particles }, { tomogramSizeAngstrom });
  return particles.map((particle, i) => {
    const { x, y, z } = positions[i]!;
    const position = { x: x / voxel, y: y / voxel, z: z / voxel };
    const beyond = Math.max(position.x - nx, position.y - ny, position.z - nz);
    if (Math.min(position.x, position.y, position.z) < 0 || beyond > 0)
      throw new ConfigError(`particle ${i + 1} lies outside of ${name}`, {
        where: path,
        hint: "Check what its coordinates count in, and the tomogram's voxel size.",
      });
    return { className: classIn(classNameOf(particle)), position };
  });
}

/** As the project's classes may be called (`protocol/project.ts`). */
function classIn(name: string | undefined): string | undefined {
  if (name === undefined) return "particle";
  if (isNegativeClass(name)) return undefined;
  const begun = name.replace(/^[^\p{L}\p{N}]+/u, "");
  return plainName(begun, { otherwise: "particle", longestBytes: 60, allScripts: true });
}

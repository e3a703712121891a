/** Particles of a list, or of a copick project, as examples. */
import { ConfigError } from "../../errors.js";
import { classNameOf, isNegativeClass } from "../../io/index.js";
import { plainName } from "../../plain-name.js";
import { isSameCandidate, type Project, type Step, type VoxelPosition } from "../protocol/index.js";
import { particlesInTomogram } from "./particles-in-tomogram.js";
import type { RunTomogram } from "./runs/example-lists.js";

/** Examples are few; whoever has more wants to know what they are. */
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
  const placed = await particlesInTomogram(path, tomogram);
  if (placed.length > MOST_PARTICLES)
    throw new ConfigError(`${placed.length} particles are too many for examples`, {
      where: path,
      hint: `Take a list of up to ${MOST_PARTICLES}, some of each class; to find out what the particles of a list are, name them (under Find particles).`,
    });
  return placed.map(({ particle, position }) => ({ className: classIn(classNameOf(particle)), position }));
}

/** As the project's classes may be called (`protocol/project.ts`). */
function classIn(name: string | undefined): string | undefined {
  if (name === undefined) return "particle";
  if (isNegativeClass(name)) return undefined;
  const begun = name.replace(/^[^\p{L}\p{N}]+/u, "");
  return plainName(begun, { otherwise: "particle", longestBytes: 60, allScripts: true });
}

/** Particles of which a person has said what they are: the examples of a run. */
import { isSameCandidate, type Project, type VoxelPosition } from "../../protocol/index.js";

export interface KnownParticle {
  readonly tomogramId: string;
  readonly position: VoxelPosition;
  /** Undefined: of none of the classes. */
  readonly className: string | undefined;
}

/** Clicked examples, and verdicts where no example was clicked. */
export function knownParticles({ examples, verdicts, classes }: Project): KnownParticle[] {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const named = (classId: string | null) => (classId === null ? undefined : names.get(classId));
  const others = verdicts.filter(
    (verdict) =>
      !examples.some(
        (example) => example.tomogramId === verdict.tomogramId && isSameCandidate(example.position, verdict.position),
      ),
  );
  return [...examples, ...others].map(({ tomogramId, position, classId }) => ({
    ...{ tomogramId, position },
    className: named(classId),
  }));
}

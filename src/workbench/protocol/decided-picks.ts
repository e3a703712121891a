/** What stands of a run's candidates after a person's thresholds and verdicts: the same in the page and in what is exported. */
import { isSameCandidate, type Project, type Verdict, type VoxelPosition } from "./project.js";
import { type CandidateTable, REJECTION_REASONS, type RunResults } from "./run.js";

export type RejectionReason = (typeof REJECTION_REASONS)[number];

export interface Candidate {
  readonly tomogramId: string;
  /** Row in the table of its tomogram. */
  readonly row: number;
  readonly position: VoxelPosition;
  /** As the run has it; undefined for none of the classes. */
  readonly foundClassId: string | undefined;
  /** Probability of that class. */
  readonly probability: number;
  readonly radiusAngstrom: number;
  readonly rejection: RejectionReason;
}

export interface DecidedCandidate extends Candidate {
  /** The verdict's class, or that of the run; undefined for none. */
  readonly classId: string | undefined;
  readonly isPick: boolean;
  /** A person has said what it is. */
  readonly isJudged: boolean;
}

/** The rows of all tables, one after the other. */
export function candidatesOf({ classIds, tables }: RunResults): Candidate[] {
  return tables.flatMap((table) => Array.from({ length: table.count }, (_, row) => candidate(table, row, classIds)));
}

function candidate(table: CandidateTable, row: number, classIds: readonly string[]): Candidate {
  const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = table.positions.subarray(3 * row, 3 * row + 3);
  return {
    tomogramId: table.tomogramId,
    row,
    position: { x, y, z },
    foundClassId: classIds[table.classIndex[row] ?? -1],
    probability: table.probability[row] ?? Number.NaN,
    radiusAngstrom: table.radiusAngstrom[row] ?? Number.NaN,
    rejection: REJECTION_REASONS[table.rejection[row] ?? 0] ?? "none",
  };
}

/** Each candidate's verdict, where there is one: every verdict speaks for the one candidate that is nearest to it. */
export function verdictsOf(
  candidates: readonly Candidate[],
  verdicts: readonly Verdict[],
): ReadonlyMap<Candidate, Verdict> {
  const judged = new Map<Candidate, Verdict>();
  for (const verdict of verdicts) {
    const near = candidates.filter(
      ({ tomogramId, position }) => tomogramId === verdict.tomogramId && isSameCandidate(position, verdict.position),
    );
    const distance = ({ position: { x, y, z } }: Candidate) =>
      Math.hypot(x - verdict.position.x, y - verdict.position.y, z - verdict.position.z);
    const [nearest] = near.sort((a, b) => distance(a) - distance(b));
    if (nearest) judged.set(nearest, verdict);
  }
  return judged;
}

/** A verdict stands over everything; else a pick of the run stays one if it is not below its class's threshold. */
export function decidePicks(
  candidates: readonly Candidate[],
  verdicts: ReadonlyMap<Candidate, Verdict>,
  { classes, thresholds }: Pick<Project, "classes" | "thresholds">,
): DecidedCandidate[] {
  const known = new Set(classes.map(({ id }) => id));
  return candidates.map((found) => {
    const verdict = verdicts.get(found);
    const said = verdict ? (verdict.classId ?? undefined) : found.foundClassId;
    const classId = said !== undefined && known.has(said) ? said : undefined;
    const isSure = verdict !== undefined || isAbove(found, classId, thresholds);
    return { ...found, classId, isPick: classId !== undefined && isSure, isJudged: verdict !== undefined };
  });
}

function isAbove(
  { rejection, probability }: Candidate,
  classId: string | undefined,
  thresholds: Project["thresholds"],
): boolean {
  return rejection === "pick" && classId !== undefined && probability >= (thresholds[classId] ?? 0);
}

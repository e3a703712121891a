/** What about a candidate a person should look at, each a bit of its flags. */
const CANDIDATE_FLAGS = ["border", "gold", "plane", "close"] as const;

export type CandidateFlag = (typeof CANDIDATE_FLAGS)[number];

/** Flags of a run's candidates, in the order of its tables one after the other. */
export interface RunFlags {
  readonly runId: string;
  /** Bit i is for flag i of `CANDIDATE_FLAGS`. */
  readonly flags: Uint8Array;
}

export function flagBit(flag: CandidateFlag): number {
  return 1 << CANDIDATE_FLAGS.indexOf(flag);
}

export function flagsIn(bits: number): CandidateFlag[] {
  return CANDIDATE_FLAGS.filter((flag) => (bits & flagBit(flag)) !== 0);
}

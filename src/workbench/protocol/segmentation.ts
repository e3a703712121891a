/** What a run of `cosnet segment` measured. */

interface SegmentedClass {
  readonly classId: string;
  readonly name: string;
  readonly particles: number;
  /** Of the sphere of the same volume: the middle one, and between which half of them are; NaN where all masks are empty. */
  readonly medianDiameterAngstrom: number;
  readonly quartileDiametersAngstrom: readonly [lower: number, upper: number];
  readonly medianVolumeCubicAngstrom: number;
}

export interface SegmentationResults {
  readonly runId: string;
  readonly classes: readonly SegmentedClass[];
  /** What a person should look at, in sentences. */
  readonly doubts: readonly string[];
}

import type { SubtomogramReader } from "../../files/particles/index.js";
import type { BoxGrid } from "../subtomograms/index.js";
import type { AlignedRow } from "./align-all.js";
import type { Reference } from "./reference.js";
import type { SampleFindings } from "./sample.js";

/** What `align` has found, before it is written. */
export interface Aligned {
  readonly reader: SubtomogramReader;
  readonly grid: BoxGrid;
  readonly reference: Reference;
  readonly largestShiftVoxels: number;
  readonly findings: SampleFindings;
  readonly rows: readonly AlignedRow[];
  readonly warnings: readonly string[];
}

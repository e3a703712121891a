import type { RunInformation } from "../../../report/index.js";
import type { RobustnessReport } from "../../robustness/index.js";
import type { ExamplePicture } from "../examples.js";
import type { PaperSize } from "../paper.js";
import type { ReproductionSettings } from "../plan.js";
import type { ReproductionTables } from "../tables.js";

export interface ReproductionReportData {
  readonly tables: ReproductionTables;
  readonly paperSize: PaperSize;
  /** One of each test class. */
  readonly examples: readonly ExamplePicture[];
  /** Not measured when procedural complexes stood in. */
  readonly robustness?: RobustnessReport | undefined;
  readonly settings: Pick<ReproductionSettings, "quick" | "channels" | "volumes" | "particlesPerClass">;
  /** Empty when procedural complexes stood in. */
  readonly trainingComplexes: readonly string[];
  readonly testComplexes: readonly string[];
  readonly run: RunInformation;
}

export type FigureFile = "table1.svg" | "figure3.svg" | "figure4.svg";

import type { Progress } from "../../../progress.js";
import type { BatchSteps } from "../batch-file.js";

/** How a unit is worked on. */
export interface BatchUnitOptions extends Progress {
  readonly batchFolder: string;
  readonly id: string;
  readonly steps: BatchSteps;
  readonly threads?: number | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

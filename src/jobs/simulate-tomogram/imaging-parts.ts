import {
  fillNoise,
  formImages,
  type NoiseOptions,
  projectRows,
  type ReconstructionJob,
  type RowRange,
  reconstructRows,
  type TiltSeries,
} from "../../simulate/index.js";
import type { Shape3 } from "../../volume/index.js";

/** A part of the imaging of a tomogram, as plain data over shared memory: rows of a volume or images of a series. */
export type TomogramJob =
  | {
      readonly kind: "project";
      readonly density: Float32Array;
      readonly shape: Shape3;
      readonly series: TiltSeries;
      readonly part: RowRange;
    }
  | { readonly kind: "form"; readonly series: TiltSeries; readonly nz: number; readonly part: RowRange }
  | {
      readonly kind: "noise";
      readonly series: TiltSeries;
      readonly noise: Float32Array;
      readonly options: NoiseOptions;
      readonly part: RowRange;
    }
  | { readonly kind: "reconstruct"; readonly job: ReconstructionJob; readonly part: RowRange };

/** Does a job; what it writes does not depend on how the whole was divided. */
export function runTomogramJob(job: TomogramJob): void {
  if (job.kind === "project") projectRows(job.density, job.shape, job.series.plan, job.series.images, job.part);
  else if (job.kind === "form") formImages(job.series, job.nz, job.part);
  else if (job.kind === "noise") fillNoise(job.series, job.noise, job.options, job.part);
  else reconstructRows(job.job, job.part);
}

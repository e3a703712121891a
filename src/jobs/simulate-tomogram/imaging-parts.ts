import { fillNoise, formImages, projectRows, reconstructRows } from "../../simulate/index.js";

/** The work on a tomogram that is divided: each takes plain data over shared memory, and last the rows or images to do. */
const PARTS = { project: projectRows, form: formImages, noise: fillNoise, reconstruct: reconstructRows };

/** A part of the imaging of a tomogram: rows of a volume or images of a series. */
export type TomogramJob = {
  [K in keyof typeof PARTS]: { readonly kind: K; readonly args: Parameters<(typeof PARTS)[K]> };
}[keyof typeof PARTS];

/** Does a job; what it writes does not depend on how the whole was divided. */
export function runTomogramJob({ kind, args }: TomogramJob): void {
  (PARTS[kind] as (...args: TomogramJob["args"]) => void)(...args); // `args` are those of `kind`
}

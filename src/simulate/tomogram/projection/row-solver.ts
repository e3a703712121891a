/** Reconstructs four rows y, given as four image rows of each tilt, to planes `[nz, nx, 4]` that the next call overwrites. */
export type RowSolver = (rows: readonly (readonly Float32Array[])[]) => Float32Array;

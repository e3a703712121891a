import type { PlaneProjector } from "./project-plane.js";
import { type RowSolver, rowBuffers } from "./row-group.js";
import { createRowTransform } from "./row-transform.js";

/**
 * Simultaneous iterative reconstruction (P. Gilbert, J. Theor. Biol. 36, 1972, in the form of J. Gregor and T. Benson 2008):
 * `x += C A' R (b - A x)` from x = 0, with A the projection, A' its adjoint, R one over the length of each ray in the
 * volume and C one over the number of rays through each voxel. A fixed number of iterations is linear in b.
 *
 * The tilt lines and both weights are the same for all rows y; four rows are iterated to the end before the next, so that
 * the whole computation stays in a few megabytes.
 */
export function createSirtSolver(projector: PlaneProjector, iterations: number): RowSolver {
  const { planes, lines, geometry } = projector;
  const { nz, nx, tiltDegrees } = geometry;
  const transform = createRowTransform(geometry);
  const residual = rowBuffers(tiltDegrees.length, nx);
  const solution = new Float32Array(planes.length);
  const { perRay, perVoxel } = weights();

  function project(): void {
    projector.project();
    for (const [tilt, line] of lines.entries()) transform.toImage(line, residual[tilt]);
  }

  function backProject(): void {
    for (const [tilt, line] of lines.entries()) transform.toFine(residual[tilt], line);
    projector.backProject();
  }

  function weights() {
    planes.fill(1);
    project();
    // Rays that only graze the volume, and voxels that no ray meets, must not be blown up.
    const inverse = (value: number, least: number) => (value > least ? 1 / value : 0);
    const rays = residual.map(([row]) => row.map((length) => inverse(length, 0.05 * nz)));
    for (const rows of residual) for (const row of rows) row.fill(1);
    backProject();
    return { perRay: rays, perVoxel: planes.map((count) => inverse(count, 0.5)) };
  }

  return (images) => {
    solution.fill(0);
    for (let iteration = 0; iteration < iterations; iteration++) {
      planes.set(solution);
      project();
      for (const [tilt, rows] of residual.entries())
        for (const [row, values] of rows.entries())
          for (let i = 0; i < nx; i++) values[i] = perRay[tilt][i] * (images[tilt][row][i] - values[i]);
      backProject();
      for (let i = 0; i < planes.length; i++) solution[i] += perVoxel[i] * planes[i];
    }
    return solution;
  };
}

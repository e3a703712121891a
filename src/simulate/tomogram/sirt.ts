import { backProjectPlanes, planeGeometry, projectPlanes } from "./project-plane.js";
import type { RowPairReconstruction } from "./reconstruct.js";
import { createRowTransform } from "./row-transform.js";

/**
 * Simultaneous iterative reconstruction (P. Gilbert, J. Theor. Biol. 36, 1972, in the form of J. Gregor and T. Benson 2008):
 * `x += C A' R (b - A x)` from x = 0, with A the projection, A' its adjoint, R one over the length of each ray in the
 * volume and C one over the number of rays through each voxel. A fixed number of iterations is linear in b.
 *
 * The tilt lines and both weights are the same for all rows y; a pair of rows is iterated to the end before the next, so
 * that the whole computation stays in a few megabytes.
 */
export function createSirtSolver(options: {
  readonly nz: number;
  readonly nx: number;
  readonly tiltDegrees: readonly number[];
  readonly iterations: number;
}): RowPairReconstruction {
  const { nz, nx, tiltDegrees, iterations } = options;
  const geometry = planeGeometry({ nz, nx }, tiltDegrees);
  const { fineLength, tiltCount } = geometry;
  const transform = createRowTransform({ ...geometry, imageWidth: nx });
  const lines = new Float64Array(2 * tiltCount * fineLength);
  const lineOf = tiltDegrees.map((_, tilt) => lines.subarray(2 * tilt * fineLength, 2 * (tilt + 1) * fineLength));
  const correction = new Float64Array(2 * nz * nx);
  const residual = [rows(), rows()] as const;
  const { perRay, perVoxel } = weights();

  function rows(): Float64Array[] {
    return tiltDegrees.map(() => new Float64Array(nx));
  }

  function weights() {
    lines.fill(0);
    projectPlanes(geometry, correction.fill(1), lines);
    tiltDegrees.forEach((_, tilt) => {
      transform.toImage(lineOf[tilt]!, residual[0][tilt]!, residual[1][tilt]!);
    });
    // Rays that only graze the volume, and voxels that no ray meets, must not be blown up.
    const inverse = (value: number, least: number) => (value > least ? 1 / value : 0);
    const rays = residual[0].map((row) => row.map((length) => inverse(length, 0.05 * nz)));
    for (const image of residual) for (const row of image) row.fill(1);
    backProject();
    return { perRay: rays, perVoxel: correction.map((count) => inverse(count, 0.5)) };
  }

  function backProject(): void {
    for (let tilt = 0; tilt < tiltCount; tilt++)
      transform.toFine(residual[0][tilt]!, residual[1][tilt]!, lineOf[tilt]!);
    backProjectPlanes(geometry, lines, correction.fill(0));
  }

  return (first, second, planes) => {
    for (let iteration = 0; iteration < iterations; iteration++) {
      lines.fill(0);
      projectPlanes(geometry, planes, lines);
      for (let tilt = 0; tilt < tiltCount; tilt++) {
        const [own, other] = [residual[0][tilt]!, residual[1][tilt]!];
        transform.toImage(lineOf[tilt]!, own, other);
        for (let i = 0; i < nx; i++) {
          own[i] = perRay[tilt]![i]! * (first[tilt]![i]! - own[i]!);
          other[i] = perRay[tilt]![i]! * (second[tilt]![i]! - other[i]!);
        }
      }
      backProject();
      for (let i = 0; i < planes.length; i++) planes[i]! += perVoxel[i]! * correction[i]!;
    }
  };
}

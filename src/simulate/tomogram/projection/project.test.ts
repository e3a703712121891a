import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, createVolume, gaussianFilterInPlace } from "../../../volume/index.js";
import { planTiltSeries, type TiltPlan } from "../imaging/tilt-imaging.js";
import { projectRows } from "../imaging/tilt-series.js";
import { createPlaneProjector, type PlaneGeometry, planeGeometry } from "./project-plane.js";
import { createRowTransform } from "./row-transform.js";

/** A plan of bare geometry: these tilts, no errors. */
function planOf(tiltDegrees: readonly number[]): TiltPlan {
  const { imaging, tilts } = planTiltSeries({ alignmentDeviationAngstrom: 0 }, createRandom(1));
  return { imaging, tilts: tiltDegrees.map((tilt) => ({ ...tilts[0], tiltDegrees: tilt, trueTiltDegrees: tilt })) };
}

function project(density: ReturnType<typeof createVolume>, tiltDegrees: readonly number[]): Float32Array {
  const [, ny, nx] = density.shape;
  const images = new Float32Array(tiltDegrees.length * ny * nx);
  projectRows(density.data, density.shape, planOf(tiltDegrees), images, { first: 0, end: ny });
  return images;
}

function normals(length: number, seed: number): Float64Array {
  const values = new Float64Array(length);
  createRandom(seed).fillNormal(values);
  return values;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Projection of one plane `[nz, nx]` in plain words: the kernel's oracle. */
function projectPlainly({ nz, nx, oversampling, fineLength }: PlaneGeometry, plane: Float32Array, degrees: number) {
  const line = new Float64Array(fineLength);
  const angle = (degrees * Math.PI) / 180;
  for (let z = 0; z < nz; z++)
    for (let x = 0; x < nx; x++) {
      const u = (x - Math.floor(nx / 2)) * Math.cos(angle) + (z - Math.floor(nz / 2)) * Math.sin(angle);
      const place = oversampling * u + fineLength / 2;
      const below = Math.floor(place);
      line[below] += plane[z * nx + x] * (1 - (place - below));
      line[below + 1] += plane[z * nx + x] * (place - below);
    }
  return line;
}

const tiltLists = fc.array(fc.double({ min: -89, max: 89, noNaN: true }), { minLength: 1, maxLength: 5 });
const edges = fc.integer({ min: 1, max: 40 }); // beyond the kernel's blocks of 32 rows

test("four planes project as each alone does in plain words", () => {
  fc.assert(
    fc.property(edges, edges, tiltLists, fc.constantFrom(1, 2, 4), fc.nat(), (nz, nx, tilts, oversampling, seed) => {
      const projector = createPlaneProjector(planeGeometry({ nz, nx }, tilts, { oversampling }));
      projector.planes.set(normals(4 * nz * nx, seed));
      projector.project();
      for (const [tilt, line] of projector.lines.entries())
        for (let row = 0; row < 4; row++) {
          const every = (values: Float32Array) => values.filter((_, i) => i % 4 === row);
          const plain = projectPlainly(projector.geometry, every(projector.planes), tilts[tilt]);
          const worst = every(line).reduce((most, value, i) => Math.max(most, Math.abs(value - plain[i])), 0);
          expect(worst).toBeLessThan(1e-5 * Math.sqrt(nz) + 1e-6); // single precision, nz terms a sample
        }
    }),
    { numRuns: 40 },
  );
});

test("back-projection of lines is the adjoint of projection: <Ax, y> = <x, A'y>", () => {
  fc.assert(
    fc.property(edges, edges, tiltLists, fc.nat(), (nz, nx, tilts, seed) => {
      const projector = createPlaneProjector(planeGeometry({ nz, nx }, tilts));
      const planes = Float32Array.from(normals(4 * nz * nx, seed));
      projector.planes.set(planes);
      projector.project();
      const projected = projector.lines.map((line) => line.slice());
      const lines = projected.map((line, i) => Float32Array.from(normals(line.length, seed + i)));
      for (const [i, line] of projector.lines.entries()) line.set(lines[i]);
      projector.backProject();
      const sum = (terms: number[]) => terms.reduce((a, b) => a + b, 0);
      const forward = sum(projected.map((line, i) => dot(line, lines[i])));
      const scale = Math.sqrt(
        sum(projected.map((line) => dot(line, line))) * sum(lines.map((line) => dot(line, line))),
      );
      expect(Math.abs(forward - dot(planes, projector.planes))).toBeLessThan(1e-6 * scale + 1e-6);
    }),
    { numRuns: 40 },
  );
});

test("resampling of rows to fine lines is the adjoint of the way back", () => {
  for (const [nx, fineLength, oversampling] of [
    [20, 64, 2],
    [21, 128, 4],
    [32, 256, 2],
  ] as const) {
    const transform = createRowTransform({ nx, fineLength, oversampling });
    const floats = (length: number, seed: number) => Float32Array.from(normals(length, seed));
    const fine = floats(4 * fineLength, 3);
    const rows = [4, 5, 6, 7].map((seed) => floats(nx, seed));
    const images = rows.map(() => new Float32Array(nx));
    transform.toImage(fine, images);
    const line = new Float32Array(4 * fineLength);
    transform.toFine(rows, line);
    expect(images.reduce((sum, image, i) => sum + dot(image, rows[i]), 0)).toBeCloseTo(dot(fine, line), 4);
  }
});

test("a small ball follows its sine track, u = x cos t + z sin t, and its row", () => {
  const shape = [40, 6, 48] as const;
  const density = createVolume(shape, 10);
  const [dx, dz, y] = [13, 9, 3];
  density.data[((20 + dz) * 6 + y) * 48 + 24 + dx] = 5;
  gaussianFilterInPlace(density.data, shape, 1.2);
  const tilts = [-60, -33, 0, 21, 48, 60];
  const images = project(density, tilts);
  tilts.forEach((tilt, i) => {
    const image = images.subarray(i * 6 * 48, (i + 1) * 6 * 48);
    const row = image.subarray(y * 48, (y + 1) * 48);
    const angle = (tilt * Math.PI) / 180;
    const track = 24 + dx * Math.cos(angle) + dz * Math.sin(angle);
    // The centre of a band-limited point is where the phase of its first Fourier coefficient says.
    let [re, im] = [0, 0];
    row.forEach((value, x) => {
      re += value * Math.cos((2 * Math.PI * x) / 48);
      im += value * Math.sin((2 * Math.PI * x) / 48);
    });
    const centre = ((Math.atan2(im, re) / (2 * Math.PI)) * 48 + 48) % 48;
    expect(Math.abs(centre - track)).toBeLessThan(0.03);
    const rowMasses = Array.from({ length: 6 }, (_, r) =>
      image.subarray(r * 48, (r + 1) * 48).reduce((a, b) => a + b, 0),
    );
    expect(rowMasses.indexOf(Math.max(...rowMasses))).toBe(y);
    expect(rowMasses.reduce((a, b) => a + b, 0)).toBeCloseTo(
      density.data.reduce((a, b) => a + b, 0),
      1,
    );
  });
});

test("a positive tilt turns the top of the specimen towards +x: the sign of the tilt axis", () => {
  const density = createVolume([33, 2, 33], 10);
  density.data[((16 + 10) * 2 + 0) * 33 + 16] = 1; // 10 voxels above the axis
  const image = project(density, [30]);
  const row = image.subarray(0, 33);
  expect(row.indexOf(Math.max(...row))).toBe(16 + 5);
});

test("a Gaussian ball projects to the Gaussian disc of the same mass at any tilt", () => {
  const [n, sigma] = [48, 2.2];
  const density = createVolume([n, n, n], 10);
  const centre = { x: 27.3, y: 22.6, z: 20.4 };
  let at = 0;
  for (let z = 0; z < n; z++)
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++)
        density.data[at++] = Math.exp(
          -((x - centre.x) ** 2 + (y - centre.y) ** 2 + (z - centre.z) ** 2) / (2 * sigma ** 2),
        );
  const tilts = [-57, 12, 45];
  const images = project(density, tilts);
  const peak = sigma * Math.sqrt(2 * Math.PI);
  tilts.forEach((tilt, i) => {
    const angle = (tilt * Math.PI) / 180;
    const u = 24 + (centre.x - 24) * Math.cos(angle) + (centre.z - 24) * Math.sin(angle);
    let worst = 0;
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++) {
        const expected = peak * Math.exp(-((x - u) ** 2 + (y - centre.y) ** 2) / (2 * sigma ** 2));
        worst = Math.max(worst, Math.abs(images[(i * n + y) * n + x] - expected));
      }
    // Replicas of the voxel lattice that linear interpolation folds back: up to (f / 4)^2 = 1.6 % at the Nyquist frequency.
    expect(worst).toBeLessThan(0.018 * peak);
  });
});

test("any division into rows in fours gives the same bytes", () => {
  const shape = [9, 11, 14] as const;
  const density = createVolume(shape, 10, Float32Array.from(normals(9 * 11 * 14, 2)));
  const plan = planOf([-40, -10, 25]);
  const whole = new Float32Array(3 * 11 * 14);
  const parts = new Float32Array(3 * 11 * 14);
  projectRows(density.data, shape, plan, whole, { first: 0, end: 11 });
  for (const [first, end] of [
    [8, 11],
    [0, 4],
    [4, 8],
  ] as const)
    projectRows(density.data, shape, plan, parts, { first, end });
  expect(parts).toEqual(whole);
  expect(() => projectRows(density.data, shape, plan, parts, { first: 2, end: 4 })).toThrow("rows 2 to 4");
  expect(() => projectRows(density.data, [9, 11, 13], plan, parts, { first: 0, end: 4 })).toThrow("take 1287 and 429");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, createVolume, gaussianFilterInPlace } from "../../volume/index.js";
import { backProjectPlanes, planeGeometry, projectPlanes } from "./project-plane.js";
import { createRowTransform } from "./row-transform.js";
import { planTiltSeries, type TiltPlan } from "./tilt-imaging.js";
import { projectRows } from "./tilt-series.js";

/** A plan of bare geometry: these tilts, no errors. */
function planOf(tiltDegrees: readonly number[]): TiltPlan {
  const { imaging, tilts } = planTiltSeries({ alignmentDeviationAngstrom: 0 }, createRandom(1));
  return { imaging, tilts: tiltDegrees.map((tilt) => ({ ...tilts[0]!, tiltDegrees: tilt, trueTiltDegrees: tilt })) };
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
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

test("back-projection of lines is the adjoint of projection: <Ax, y> = <x, A'y>", () => {
  const tilt = fc.double({ min: -89, max: 89, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 23 }),
      fc.integer({ min: 1, max: 23 }),
      fc.array(tilt, { minLength: 1, maxLength: 5 }),
      fc.nat(),
      (nz, nx, tilts, seed) => {
        const geometry = planeGeometry({ nz, nx }, tilts);
        const planes = normals(2 * nz * nx, seed);
        const lines = normals(2 * tilts.length * geometry.fineLength, seed + 1);
        const projected = new Float64Array(lines.length);
        projectPlanes(geometry, planes, projected);
        const back = new Float64Array(planes.length);
        backProjectPlanes(geometry, lines, back);
        const scale = Math.sqrt(dot(projected, projected) * dot(lines, lines));
        expect(Math.abs(dot(projected, lines) - dot(planes, back))).toBeLessThan(1e-12 * scale + 1e-12);
        expect(dot(projected, new Float64Array(projected.length).fill(1))).toBeCloseTo(
          tilts.length * dot(planes, new Float64Array(planes.length).fill(1)),
          9, // no mass falls off a line
        );
      },
    ),
  );
});

test("resampling of rows to fine lines is the adjoint of the way back", () => {
  for (const [imageWidth, fineLength, oversampling] of [
    [20, 64, 2],
    [21, 128, 4],
    [32, 256, 2],
  ] as const) {
    const transform = createRowTransform({ imageWidth, fineLength, oversampling });
    const fine = normals(2 * fineLength, 3);
    const [first, second] = [normals(imageWidth, 4), normals(imageWidth, 5)];
    const [imageFirst, imageSecond] = [new Float64Array(imageWidth), new Float64Array(imageWidth)];
    transform.toImage(fine, imageFirst, imageSecond);
    const line = new Float64Array(2 * fineLength);
    transform.toFine(first, second, line);
    expect(dot(imageFirst, first) + dot(imageSecond, second)).toBeCloseTo(dot(fine, line), 10);
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
        worst = Math.max(worst, Math.abs(images[(i * n + y) * n + x]! - expected));
      }
    // Replicas of the voxel lattice that linear interpolation folds back: up to (f / 4)^2 = 1.6 % at the Nyquist frequency.
    expect(worst).toBeLessThan(0.018 * peak);
  });
});

test("any division into even rows gives the same bytes", () => {
  const shape = [9, 11, 14] as const;
  const density = createVolume(shape, 10, Float32Array.from(normals(9 * 11 * 14, 2)));
  const plan = planOf([-40, -10, 25]);
  const whole = new Float32Array(3 * 11 * 14);
  const parts = new Float32Array(3 * 11 * 14);
  projectRows(density.data, shape, plan, whole, { first: 0, end: 11 });
  for (const [first, end] of [
    [8, 11],
    [0, 2],
    [2, 8],
  ] as const)
    projectRows(density.data, shape, plan, parts, { first, end });
  expect(parts).toEqual(whole);
  expect(() => projectRows(density.data, shape, plan, parts, { first: 1, end: 3 })).toThrow("rows 1 to 3");
  expect(() => projectRows(density.data, [9, 11, 13], plan, parts, { first: 0, end: 2 })).toThrow("take 1287 and 429");
});

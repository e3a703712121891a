import fc from "fast-check";
import { expect, test } from "vitest";
import { frameOf, rotateCube } from "./axis-frame.js";
import { createFft3 } from "./fft/fft3.js";
import { createRandom } from "./random.js";
import { type Axis, measureTiltGeometry } from "./tilt-geometry.js";
import { wedgeMask } from "./wedge.js";

const N = 32;
const fft = createFft3([N, N, N]);

/** Coloured noise with a wedge about y, then turned so that beam and tilt axis lie as asked. */
function cubes(seed: number, tilts: readonly [number, number], beamAxis: Axis, tiltAxis: Axis): Float32Array {
  const random = createRandom(seed);
  const mask = wedgeMask([N, N, N], tilts);
  const frame = frameOf({ beamAxis, tiltAxis });
  const all = new Float32Array(4 * N ** 3);
  const cube = new Float32Array(N ** 3);
  const spectrum = fft.createSpectrum();
  for (let i = 0; i < 4; i++) {
    for (let v = 0; v < cube.length; v++) cube[v] = random.normal();
    fft.forward(cube, spectrum);
    for (let k = 0; k < mask.length; k++) {
      const signed = (i: number): number => Math.min(i, N - i);
      const y = signed(Math.floor(k / fft.halfWidth) % N);
      const z = signed(Math.floor(k / (fft.halfWidth * N)));
      const weight = mask[k] * Math.exp(-Math.hypot(k % fft.halfWidth, y, z) / 10);
      spectrum[2 * k] *= weight;
      spectrum[2 * k + 1] *= weight;
    }
    fft.inverse(spectrum, cube);
    const into = all.subarray(i * N ** 3, (i + 1) * N ** 3);
    if (frame) rotateCube(cube, into, N, frame, true);
    else into.set(cube);
  }
  return all;
}

const pairs = [
  ["z", "y"],
  ["z", "x"],
  ["y", "z"],
  ["y", "x"],
  ["x", "z"],
  ["x", "y"],
] as const;

test.each(pairs)("beam along %s, tilted about %s: found, and the tilt range with them", (beamAxis, tiltAxis) => {
  for (const tilt of [45, 60, 66]) {
    const measured = measureTiltGeometry(cubes(tilt, [-tilt, tilt], beamAxis, tiltAxis), N);
    expect(measured).toMatchObject({ beamAxis, tiltAxis });
    expect(Math.abs(measured!.tiltDegrees - tilt)).toBeLessThanOrEqual(4);
  }
});

test("an uneven series is found with the mean of its ends; a complete volume has no wedge", () => {
  expect(measureTiltGeometry(cubes(1, [-60, 48], "z", "y"), N)).toMatchObject({ beamAxis: "z", tiltAxis: "y" });
  expect(measureTiltGeometry(cubes(2, [-90, 90], "z", "y"), N)).toBeUndefined();
});

test("turning is a proper rotation that brings the beam to z and the tilt axis to y, and comes back", () => {
  fc.assert(
    fc.property(fc.constantFrom(...pairs), fc.integer({ min: 2, max: 7 }), ([beamAxis, tiltAxis], n) => {
      const frame = frameOf({ beamAxis, tiltAxis });
      if (beamAxis === "z" && tiltAxis === "y") {
        expect(frame).toBeUndefined();
        return;
      }
      const source = Float32Array.from({ length: n ** 3 }, (_, i) => i);
      const [there, back] = [new Float32Array(n ** 3), new Float32Array(n ** 3)];
      rotateCube(source, there, n, frame!);
      rotateCube(there, back, n, frame!, true);
      expect([...back]).toEqual([...source]);
      // The three unit steps of the turned cube, as steps in the source: their determinant tells the hand.
      const strides = { z: n * n, y: n, x: 1 };
      const step = (offset: number): number => there[offset] - there[0];
      expect(step(strides.z)).toBe(strides[beamAxis]);
      expect(step(strides.y)).toBe(strides[tiltAxis]);
      const third = (["x", "y", "z"] as const).find((axis) => axis !== beamAxis && axis !== tiltAxis)!;
      const even = ["zyx", "yxz", "xzy"].includes(`${beamAxis}${tiltAxis}${third}`);
      expect(step(strides.x)).toBe(even ? strides[third] : -strides[third]);
    }),
  );
});

import { encodePoseSearch } from "../../model/index.js";
import { createSession, type OnnxRuntime } from "../../runtime/index.js";
import {
  multiplyQuaternions,
  type Pose,
  quaternionFromMatrix,
  quaternionToMatrix,
  rotateVector,
  type Vector3,
} from "../../volume/index.js";
import type { Frequencies } from "./frequencies.js";
import type { Observation } from "./observation.js";
import { type ReferenceField, sampleField } from "./reference-field.js";
import type { ScoredPose } from "./refine-pose.js";
import { type AxisRotation, cubeRotations, evenRotationsNearIdentity } from "./rotation-grid.js";
import type { ShellFactors } from "./shell-factors.js";

export interface CoarseSearchOptions {
  /** Frequencies up to this shell count. */
  readonly shell: number;
  /** About how many rotations are tried. */
  readonly rotations: number;
  readonly largestShiftVoxels: number;
  readonly shiftStepVoxels: number;
  readonly threads?: number | undefined;
}

/** A reference in the rotations of a search. */
export interface TurnedReference {
  /** `[rotations, 2 frequencies]`. */
  readonly values: Float32Array;
  readonly own: Float32Array;
}

/** `await using` it, or dispose of it. */
export interface CoarseSearch extends AsyncDisposable {
  turn(field: ReferenceField, gain: Float64Array): TurnedReference;
  /** The best shift of each rotation tried, the likeliest first. @throws ModelError. */
  search(observation: Observation, reference: TurnedReference, factors: ShellFactors): Promise<ScoredPose[]>;
}

/** @throws ModelError when ONNX Runtime cannot run the search. */
export async function createCoarseSearch(
  runtime: OnnxRuntime,
  frequencies: Frequencies,
  options: CoarseSearchOptions,
): Promise<CoarseSearch> {
  const count = frequencies.shellEnd[options.shell];
  const turns = cubeRotations.map((rotation) => axisTurn(rotation, frequencies, count));
  const rotations = evenRotationsNearIdentity(options.rotations);
  const shifts = shiftsWithin(options.largestShiftVoxels, options.shiftStepVoxels);
  const phases = new Float32Array(shifts.length * count);
  for (const [s, { x, y, z }] of shifts.entries())
    for (let k = 0; k < count; k++)
      phases[s * count + k] =
        (2 * Math.PI * (x * frequencies.x[k] + y * frequencies.y[k] + z * frequencies.z[k])) / frequencies.edge;
  const graph = encodePoseSearch({
    ...{ turns: turns.length, rotations: rotations.length, phases, shifts: shifts.length },
  });
  const session = await createSession(runtime, graph, { threads: options.threads });
  const cubeQuaternions = cubeRotations.map(quaternionFromMatrix);
  const shape = [rotations.length, 2 * count];
  return {
    [Symbol.asyncDispose]: () => session.release(),
    turn: (field, gain) =>
      turnReference(
        field,
        gain,
        rotations.map((one) => quaternionToMatrix(one)),
        frequencies,
        count,
      ),
    async search(observation, reference, factors) {
      const { particle, own } = particleRows(observation, factors, turns, count);
      const result = await session.run({
        particle: { data: particle, shape: [turns.length, 2 * count] },
        particleOwn: { data: own, shape: [turns.length, 2 * count] },
        reference: { data: reference.values, shape },
        referenceOwn: { data: reference.own, shape },
      });
      const found: ScoredPose[] = [];
      const width = rotations.length;
      const [cross, owns] = [result.cross.data, result.own.data];
      for (let t = 0; t < turns.length; t++)
        for (let r = 0; r < width; r++) {
          let [best, bestShift] = [Number.NEGATIVE_INFINITY, 0];
          for (let s = 0, at = t * shifts.length * width + r; s < shifts.length; s++, at += width)
            if (cross[at] > best) [best, bestShift] = [cross[at], s];
          const pose: Pose = {
            rotation: multiplyQuaternions(cubeQuaternions[t], rotations[r]),
            shiftVoxels: rotateVector(cubeQuaternions[t], shifts[bestShift]),
          };
          found.push({ pose, score: best + owns[t * width + r] });
        }
      return found.sort((one, other) => other.score - one.score);
    },
  };
}

/** Where each frequency of a turned particle comes from, and whether its conjugate does. */
interface AxisTurn {
  readonly from: Int32Array;
  readonly conjugate: Int8Array;
}

/** What the particle has at the rotated frequency comes to the frequency. */
function axisTurn([a, b, c, d, e, f, g, h, i]: AxisRotation, { x, y, z }: Frequencies, count: number): AxisTurn {
  const places = new Map<string, number>();
  for (let k = 0; k < count; k++) places.set(`${x[k]} ${y[k]} ${z[k]}`, k);
  const from = new Int32Array(count);
  const conjugate = new Int8Array(count);
  for (let k = 0; k < count; k++) {
    const [tx, ty, tz] = [
      a * x[k] + b * y[k] + c * z[k],
      d * x[k] + e * y[k] + f * z[k],
      g * x[k] + h * y[k] + i * z[k],
    ].map((value) => value + 0); // no negative zeros in the names
    const own = places.get(`${tx} ${ty} ${tz}`);
    from[k] = own ?? places.get(`${0 - tx} ${0 - ty} ${0 - tz}`)!;
    conjugate[k] = own === undefined ? -1 : 1;
  }
  return { from, conjugate };
}

function particleRows(
  { values, weights, powers, frequencies: { shell } }: Observation,
  { cross, own, constant }: ShellFactors,
  turns: readonly AxisTurn[],
  count: number,
): { particle: Float32Array; own: Float32Array } {
  const particle = new Float32Array(turns.length * 2 * count);
  const ownRows = new Float32Array(turns.length * 2 * count);
  for (const [t, { from, conjugate }] of turns.entries()) {
    const start = t * 2 * count;
    for (let k = 0; k < count; k++) {
      const source = from[k];
      if (weights[source] === 0) continue;
      const s = shell[k];
      particle[start + k] = cross[s] * values[2 * source];
      particle[start + count + k] = conjugate[k] * cross[s] * values[2 * source + 1];
      ownRows[start + k] = -own[s] * weights[source];
      ownRows[start + count + k] = constant[s] - own[s] * powers[source];
    }
  }
  return { particle, own: ownRows };
}

function turnReference(
  field: ReferenceField,
  gain: Float64Array,
  rotations: readonly ReturnType<typeof quaternionToMatrix>[],
  { x, y, z, shell }: Frequencies,
  count: number,
): TurnedReference {
  const values = new Float32Array(rotations.length * 2 * count);
  const own = new Float32Array(rotations.length * 2 * count);
  const sample = new Float64Array(3);
  for (const [r, [a, b, c, d, e, f, g, h, i]] of rotations.entries()) {
    const start = r * 2 * count;
    for (let k = 0; k < count; k++) {
      const [kx, ky, kz] = [x[k], y[k], z[k]];
      sampleField(field, a * kx + d * ky + g * kz, b * kx + e * ky + h * kz, c * kx + f * ky + i * kz, sample);
      const scale = gain[shell[k]];
      const [real, imaginary] = [scale * sample[0], scale * sample[1]];
      values[start + k] = real;
      values[start + count + k] = imaginary;
      own[start + k] = real ** 2 + imaginary ** 2;
      own[start + count + k] = sample[2];
    }
  }
  return { values, own };
}

/** Points of a grid within a ball. */
function shiftsWithin(radius: number, step: number): Vector3[] {
  const steps = Math.floor(radius / step);
  const axis = Array.from({ length: 2 * steps + 1 }, (_, i) => (i - steps) * step);
  return axis
    .flatMap((x) => axis.flatMap((y) => axis.map((z) => ({ x, y, z }))))
    .filter(({ x, y, z }) => Math.hypot(x, y, z) <= radius + 1e-9);
}

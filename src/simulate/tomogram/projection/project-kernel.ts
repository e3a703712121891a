import {
  br_if,
  f32,
  f32x4,
  f64,
  func,
  i32,
  i64,
  kernelOf,
  type Local,
  local,
  loop,
  type Statement,
  v128,
} from "../../../wasm/index.js";

/**
 * The two inner loops of projection and back-projection in WebAssembly: four rows y side by side fit its 128-bit vectors.
 *
 * Both walk one line of voxels. `planes` and `end` are the byte addresses of its first voxel and past its last, `line` that of
 * the tilt's samples; voxels and samples are four floats. `place` is where the first voxel projects, in samples, `step` how far
 * the next one is. With `below = floor(place)` and `share = place - below`:
 *
 *     project:      line[below] += (1 - share) voxel,  line[below + 1] += share voxel
 *     backProject:  voxel += (1 - share) line[below] + share line[below + 1]
 */
export interface ProjectKernel {
  project(planes: number, line: number, end: number, place: number, step: number): void;
  backProject(planes: number, line: number, end: number, place: number, step: number): void;
}

/** What the walk has at hand at a voxel: its address, that of the sample below, and four times the share of the one above. */
interface Walk {
  readonly voxel: Local<"i32">;
  readonly sample: Local<"i32">;
  readonly share: Local<"v128">;
  readonly value: Local<"v128">;
}

const VECTOR_BYTES = 16;
const below = { align: VECTOR_BYTES };
const above = { align: VECTOR_BYTES, offset: VECTOR_BYTES };
const { add, sub, mul } = f32x4;

const project = walk("project", ({ voxel, sample, share, value }) => [
  local.set(share, mul(local.tee(value, v128.load(voxel, below)), share)), // now the part above
  v128.store(sample, add(v128.load(sample, below), sub(value, share)), below),
  v128.store(sample, add(v128.load(sample, above), share), above),
]);

const backProject = walk("backProject", ({ voxel, sample, share, value }) => {
  const lower = add(v128.load(voxel, below), local.tee(value, v128.load(sample, below)));
  return [v128.store(voxel, add(lower, mul(sub(v128.load(sample, above), value), share)), below)];
});

export const createProjectKernel = kernelOf<ProjectKernel>([project, backProject]);

/**
 * A number between 0 and 2^31 plus 2^52 has its nearest whole number in its low bits, so `below` is that of place - 1/2: the loop
 * runs four times as fast as with the truncating instruction with its checks. At ties the whole number may be one less; the
 * share is 1 then, which is the same.
 */
function walk(name: string, atVoxel: (walk: Walk) => readonly Statement[]) {
  return func(name, ["i32", "i32", "i32", "f64", "f64"], ([voxel, line, end, place, step], declare) => {
    const [sample, share, value, rounded] = [declare("i32"), declare("v128"), declare("v128"), declare("f64")];
    const magic = f64.const(2 ** 52);
    const round = local.tee(rounded, f64.add(f64.sub(place, f64.const(0.5)), magic));
    const index = i32.wrap_i64(i64.reinterpret_f64(round));
    return [
      loop(
        local.set(sample, i32.add(i32.shl(index, i32.const(4)), line)),
        local.set(share, f32x4.splat(f32.demote_f64(f64.sub(place, f64.sub(rounded, magic))))),
        ...atVoxel({ voxel, sample, share, value }),
        local.set(place, f64.add(place, step)),
        br_if(0, i32.lt_u(local.tee(voxel, i32.add(voxel, i32.const(VECTOR_BYTES))), end)),
      ),
    ];
  });
}

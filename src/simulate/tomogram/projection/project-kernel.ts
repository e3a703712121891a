import {
  type Code,
  type Declare,
  f32,
  f32x4,
  f64,
  forward,
  func,
  i32,
  i64,
  kernelOf,
  type Local,
  local,
  type Statement,
  until,
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
  /** `backProject` of one tilt and then of another: each voxel is read and written once for both. */
  backProjectTwo(
    planes: number,
    end: number,
    line: number,
    place: number,
    step: number,
    otherLine: number,
    otherPlace: number,
    otherStep: number,
  ): void;
}

const VECTOR_BYTES = 16;
const below = { align: VECTOR_BYTES };
const above = { align: VECTOR_BYTES, offset: VECTOR_BYTES };
const { add, sub, mul } = f32x4;
const MAGIC = f64.const(2 ** 52);

const project = func("project", ["i32", "i32", "i32", "f64", "f64"], ([voxel, line, end, place, step], declare) => {
  const walk = { ...declareWalk(declare), line, place, step };
  const { sample, share, value } = walk;
  return [
    until(voxel, end, [
      ...findSample(walk),
      local.set(share, mul(local.tee(value, v128.load(voxel, below)), share)), // now the part above
      v128.store(sample, add(v128.load(sample, below), sub(value, share)), below),
      v128.store(sample, add(v128.load(sample, above), share), above),
      local.set(place, f64.add(place, step)),
      forward(voxel, VECTOR_BYTES),
    ]),
  ];
});

const backProject = func("backProject", ["i32", "i32", "i32", "f64", "f64"], (given, declare) => {
  const [voxel, line, end, place, step] = given;
  const walk = { ...declareWalk(declare), line, place, step };
  return [
    until(voxel, end, [
      ...findSample(walk),
      v128.store(voxel, withSample(v128.load(voxel, below), walk), below),
      local.set(place, f64.add(place, step)),
      forward(voxel, VECTOR_BYTES),
    ]),
  ];
});

const backProjectTwo = func(
  "backProjectTwo",
  ["i32", "i32", "i32", "f64", "f64", "i32", "f64", "f64"],
  ([voxel, end, line, place, step, otherLine, otherPlace, otherStep], declare) => {
    const one = { ...declareWalk(declare), line, place, step };
    const other = { ...declareWalk(declare), line: otherLine, place: otherPlace, step: otherStep };
    return [
      until(voxel, end, [
        ...findSample(one),
        ...findSample(other),
        v128.store(voxel, withSample(withSample(v128.load(voxel, below), one), other), below),
        local.set(place, f64.add(place, step)),
        local.set(otherPlace, f64.add(otherPlace, otherStep)),
        forward(voxel, VECTOR_BYTES),
      ]),
    ];
  },
);

export const createProjectKernel = kernelOf<ProjectKernel>([project, backProject, backProjectTwo]);

/** What the walk along one line has at hand at a voxel. */
interface Walk {
  /** Address of the line's first sample. */
  readonly line: Local<"i32">;
  readonly place: Local<"f64">;
  readonly step: Local<"f64">;
  /** Address of the sample below. */
  readonly sample: Local<"i32">;
  /** Four times the share of the sample above. */
  readonly share: Local<"v128">;
  readonly value: Local<"v128">;
  readonly rounded: Local<"f64">;
}

function declareWalk(declare: Declare): Pick<Walk, "sample" | "share" | "value" | "rounded"> {
  return { sample: declare("i32"), share: declare("v128"), value: declare("v128"), rounded: declare("f64") };
}

/**
 * A number between 0 and 2^31 plus 2^52 has its nearest whole number in its low bits, so `below` is that of place - 1/2: the loop
 * runs four times as fast as with the truncating instruction with its checks. At ties the whole number may be one less; the
 * share is 1 then, which is the same.
 */
function findSample({ line, place, sample, share, rounded }: Walk): Statement[] {
  const round = local.tee(rounded, f64.add(f64.sub(place, f64.const(0.5)), MAGIC));
  const index = i32.wrap_i64(i64.reinterpret_f64(round));
  return [
    local.set(sample, i32.add(i32.shl(index, i32.const(4)), line)),
    local.set(share, f32x4.splat(f32.demote_f64(f64.sub(place, f64.sub(rounded, MAGIC))))),
  ];
}

/** The voxel's value with what the line has at its place. */
function withSample(voxel: Code<"v128">, { sample, share, value }: Walk): Code<"v128"> {
  const lower = add(voxel, local.tee(value, v128.load(sample, below)));
  return add(lower, mul(sub(v128.load(sample, above), value), share));
}

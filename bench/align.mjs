/**
 * Alignment of pairs of 32^3 boxes beside plain constrained correlation in NumPy:
 * `node bench/align.mjs [--structures FOLDER] [--pairs 8] [--peer-pairs 2] [--snr 0.5,0.1] [--kind both] [--json FILE]`.
 *
 * Pairs are simulated particles of one complex in random poses, tilts to 60 degrees, the second up to 5 voxels off centre; or such a
 * particle and the noise-free density of its complex. One thread each, in processor time. Complexes that look alike in several
 * orientations are passed over.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { createAligner, createSubtomogramMaker } from "../dist/infer/index.js";
import { evenRotations } from "../dist/infer/orientation/rotations.js";
import { loadComplexes, nodeRuntime } from "../dist/node.js";
import { createRenderer, drawDensity, proceduralComplex } from "../dist/simulate/index.js";
import {
  angleBetweenQuaternions,
  composePoses,
  createRandom,
  invertPose,
  quaternionFromMatrix,
  wedgeMask,
} from "../dist/volume/index.js";
import { median, table } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    structures: { type: "string" },
    pairs: { type: "string", default: "24" },
    "peer-pairs": { type: "string", default: "4" },
    snr: { type: "string", default: "0.5,0.1" },
    kind: { type: "string", default: "both" },
    json: { type: "string" },
  },
});
const [EDGE, VOXEL, TILT, SHIFT, ROTATIONS, LOW_PASS] = [32, 10, 60, 5, 4000, 35];
/** Of the likelihood of a complex with itself: what another orientation reaches of a symmetric one. */
const LIKE_FRACTION = 0.85;
/** A pose farther off than this is lost. */
const LOST_DEGREES = 15;

const random = createRandom("align");
const wedge = Float32Array.from(wedgeMask([EDGE, EDGE, EDGE], TILT));
const everything = new Float32Array(wedge.length).fill(1);
const make = createSubtomogramMaker(EDGE);
const [centred, shifted] = [0, SHIFT].map((shiftVoxels) => createRenderer({ shiftVoxels }));
const seconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;

const complexes = [];
for await (const complex of candidates()) if (!(await hasLikeOrientations(complex))) complexes.push(complex);
if (complexes.length === 0) throw new Error("every complex looks alike in several orientations");

const rows = [];
for (const snr of flags.snr.split(",").map(Number))
  for (const kind of flags.kind === "both" ? ["reference", "pair"] : [flags.kind]) {
    const pairs = Array.from({ length: Number(flags.pairs) }, (_, i) => drawPair(kind, snr, i));
    const ours = await measureOurs(pairs);
    const peer = await measurePeer(kind, pairs.slice(0, Number(flags["peer-pairs"])));
    rows.push({ kind, snr, pairs: pairs.length, ours, peer });
    console.error(`${kind}, SNR ${snr}: done`);
  }

const cells = ({ secondsPerPair, medianDegrees, medianVoxels, lost } = {}) =>
  secondsPerPair === undefined
    ? ["-", "-", "-", "-"]
    : [secondsPerPair.toFixed(2), medianDegrees.toFixed(1), medianVoxels.toFixed(2), `${(100 * lost).toFixed(0)} %`];
console.log(
  table([
    ["pairs", "SNR", "s a pair", "degrees", "voxels", "lost", "NumPy: s a pair", "degrees", "voxels", "lost"],
    ...rows.map(({ kind, snr, ours, peer }) => [
      kind === "pair" ? "particle and particle" : "particle and density",
      String(snr),
      ...cells(ours),
      ...cells(peer),
    ]),
  ]),
);
if (flags.json) await writeFile(flags.json, `${JSON.stringify(rows, null, 2)}\n`);

/** Those of the folder, or made-up ones until four are of use. */
async function* candidates() {
  if (flags.structures) yield* await loadComplexes(flags.structures);
  else
    for (let i = 0; complexes.length < 4; i++)
      yield proceduralComplex(random.fork("complex", i), { minimumKilodalton: 400, maximumKilodalton: 1500 });
}

/** Whether a complex correlates with itself in another orientation so well that an error of a pose would say nothing. */
async function hasLikeOrientations(complex) {
  const radiusVoxels = Math.min(EDGE / 2 - SHIFT, complex.radiusAngstrom / VOXEL);
  const density = drawDensity(complex, { edge: EDGE, voxelSizeAngstrom: VOXEL, blurAngstrom: 7 }).data;
  const own = make(density, everything);
  const options = { edge: EDGE, voxelSizeAngstrom: VOXEL, radiusVoxels, largestShiftVoxels: 1, threads: 1 };
  const aligner = await createAligner(nodeRuntime, options);
  const { pose, score, alternatives } = await aligner.align(own, aligner.prepare(own));
  await aligner[Symbol.asyncDispose]();
  const isOther = (other) => angleBetweenQuaternions(other.pose.rotation, pose.rotation) > LOST_DEGREES;
  return alternatives.some((other) => isOther(other) && other.score > LIKE_FRACTION * score);
}

/** @param {"reference" | "pair"} kind @param {number} snr @param {number} i */
function drawPair(kind, snr, i) {
  const complex = complexes[i % complexes.length];
  const draw = (renderer, name) => {
    for (let attempt = 0; ; attempt++) {
      const rendered = renderer.render(complex, { random: random.fork(name, snr, i, attempt), snr });
      const { x, y, z } = rendered.shiftVoxels;
      if (Math.hypot(x, y, z) <= SHIFT) return rendered;
    }
  };
  const poseOf = ({ orientation, shiftVoxels }) => ({ rotation: orientation, shiftVoxels });
  const particle = draw(shifted, "particle");
  const radiusVoxels = Math.min(EDGE / 2 - SHIFT, complex.radiusAngstrom / VOXEL);
  if (kind === "reference") {
    const reference = drawDensity(complex, { edge: EDGE, voxelSizeAngstrom: VOXEL, blurAngstrom: 7 }).data;
    return { particle: particle.volume, reference, weight: everything, truth: poseOf(particle), radiusVoxels };
  }
  const other = draw(centred, "other");
  const truth = composePoses(poseOf(particle), invertPose(poseOf(other)));
  return { particle: particle.volume, reference: other.volume, weight: wedge, truth, radiusVoxels };
}

/** What the errors of some poses come to. */
function summary(secondsPerPair, poses, pairs) {
  const angles = poses.map(({ rotation }, i) => angleBetweenQuaternions(rotation, pairs[i].truth.rotation));
  const shifts = poses.map(({ shiftVoxels: { x, y, z } }, i) => {
    const { shiftVoxels: t } = pairs[i].truth;
    return Math.hypot(x - t.x, y - t.y, z - t.z);
  });
  return {
    secondsPerPair,
    medianDegrees: median(angles),
    medianVoxels: median(shifts),
    lost: angles.filter((angle) => angle > LOST_DEGREES).length / angles.length,
  };
}

/** Everything included but what is made once for all pairs of a size. */
async function measureOurs(pairs) {
  let spent = 0;
  const poses = [];
  for (const { particle, reference, weight, radiusVoxels } of pairs) {
    const options = { edge: EDGE, voxelSizeAngstrom: VOXEL, radiusVoxels, largestShiftVoxels: SHIFT, threads: 1 };
    const aligner = await createAligner(nodeRuntime, options);
    const start = seconds();
    const found = await aligner.align(make(particle, wedge), aligner.prepare(make(reference, weight)));
    spent += seconds() - start;
    poses.push(found.pose);
    await aligner[Symbol.asyncDispose]();
  }
  return summary(spent / pairs.length, poses, pairs);
}

/** undefined where there is no Python with NumPy. */
async function measurePeer(kind, pairs) {
  if (pairs.length === 0) return undefined;
  const rotations = evenRotations(ROTATIONS);
  const folder = await mkdtemp(join(tmpdir(), "cosnet-bench-"));
  try {
    const all = (of) => Float32Array.from(pairs.flatMap((pair) => [...of(pair)]));
    await writeFile(
      join(folder, "particles.f32"),
      all(({ particle }) => particle),
    );
    await writeFile(
      join(folder, "references.f32"),
      all(({ reference }) => reference),
    );
    await writeFile(join(folder, "rotations.f64"), Float64Array.from(rotations.flat()));
    await writeFile(join(folder, "measured.u8"), Uint8Array.of(1, kind === "pair" ? 1 : 0));
    const options = { folder, pairs: pairs.length, edge: EDGE, tilt: TILT, voxel: VOXEL };
    const more = { "low-pass": LOW_PASS, "largest-shift": SHIFT };
    const given = Object.entries({ ...options, ...more }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const env = { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
    const script = join(import.meta.dirname, "peer", "align.py");
    const { stdout } = await promisify(execFile)(process.env.PYTHON ?? "python3", [script, ...given], { env });
    const { secondsPerPair, poses } = JSON.parse(stdout);
    const found = poses.map(({ rotation, shift: [x, y, z] }) => ({
      rotation: quaternionFromMatrix(rotations[rotation]),
      shiftVoxels: { x, y, z },
    }));
    return summary(secondsPerPair, found, pairs);
  } catch (error) {
    console.error(
      `NumPy was not measured (${String(error.stderr ?? error)
        .trim()
        .split("\n")
        .at(-1)})`,
    );
    return undefined;
  } finally {
    await rm(folder, { recursive: true });
  }
}

// RELION 3.1's programs on particles of ours: subtomograms with three-dimensional CTF images.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseStar, readMrc, writeMrc } from "../../dist/index.js";
import { relionAnglesFromQuaternion } from "../../dist/io/particles/model/euler.js";
import { centredOf, withoutWeight } from "./sets.mjs";

/** RELION's version, or undefined where it is not installed. */
export function relionVersion() {
  const { stdout } = start("relion_reconstruct", ["--version"]);
  return /version:?\s*([\d.]+)/i.exec(stdout ?? "")?.[1];
}

/** Half maps by relion_reconstruct, halves taken in turn. */
export function reconstructHalves({ edge, voxelSizeAngstrom, particles }, folder) {
  const save = (name, data) => writeMap(join(folder, name), data, edge, voxelSizeAngstrom);
  const rows = particles.map(({ box, weight, pose: { rotation, shiftVoxels } }, i) => {
    save(`particle${i}.mrc`, withoutWeight(box, weight, edge));
    save(`ctf${i}.mrc`, centredOf(weight, edge).map(Math.sqrt));
    const { rotDegrees, tiltDegrees, psiDegrees } = relionAnglesFromQuaternion(rotation);
    const origin = [shiftVoxels.x, shiftVoxels.y, shiftVoxels.z].map((shift) => -shift * voxelSizeAngstrom);
    const numbers = [rotDegrees, tiltDegrees, psiDegrees, ...origin].map((value) => value.toFixed(6));
    return `${[`particle${i}.mrc`, `ctf${i}.mrc`, ...numbers, 1, 1 + (i % 2)].join(" ")}\n`;
  });
  writeFileSync(join(folder, "particles.star"), `${header(edge, voxelSizeAngstrom)}${rows.join("")}`);
  return [1, 2].map((half) => reconstruct(half, folder));
}

/** One half of the particles that `reconstructHalves` wrote, symmetrised where a point group is given. */
export function reconstruct(half, folder, pointGroup = "C1") {
  const name = `half${half}_class001_unfil.mrc`;
  const which = ["--i", "particles.star", "--o", name, "--3d_rot", "--ctf", "--subset", String(half)];
  run("relion_reconstruct", [...which, "--sym", pointGroup], folder);
  return readMrc(new Uint8Array(readFileSync(join(folder, name)))).volume.data;
}

/** What relion_postprocess says of half maps within a mask: curves by shell, and its resolution in Å. */
export function postprocess(halves, mask, edge, voxelSizeAngstrom, folder) {
  for (const [i, half] of halves.entries())
    writeMap(join(folder, `pair_half${i + 1}_class001_unfil.mrc`), half, edge, voxelSizeAngstrom);
  mkdirSync(join(folder, "out"), { recursive: true });
  writeMap(join(folder, "mask.mrc"), mask, edge, voxelSizeAngstrom);
  const given = ["--i", "pair_half1_class001_unfil.mrc", "--mask", "mask.mrc", "--o", "out/post"];
  run(
    "relion_postprocess",
    [...given, "--angpix", String(voxelSizeAngstrom), "--skip_fsc_weighting", "--force_mask"],
    folder,
  );
  const { blocks } = parseStar(readFileSync(join(folder, "out", "post.star"), "utf8"));
  const table = blocks.find(({ name }) => name === "fsc").tables[0];
  const column = (name) => table.columns.get(name).map(Number);
  return {
    unmasked: column("rlnFourierShellCorrelationUnmaskedMaps"),
    masked: column("rlnFourierShellCorrelationMaskedMaps"),
    corrected: column("rlnFourierShellCorrelationCorrected"),
  };
}

/** The rotations that RELION gives a point group, as rows of nine numbers. */
export function relionOperators(name) {
  const { stdout } = start("relion_refine", ["--sym", name, "--print_symmetry_ops"]);
  return stdout
    .split(/R\(\d+\)=/)
    .slice(1)
    .map((text) => text.trim().split(/\s+/).slice(0, 9).map(Number));
}

function header(edge, voxelSizeAngstrom) {
  const columns = (names) => `loop_\n${names.map((name, i) => `_rln${name} #${i + 1}\n`).join("")}`;
  const optics = ["OpticsGroup", "OpticsGroupName", "SphericalAberration", "Voltage", "AmplitudeContrast"];
  const images = ["ImagePixelSize", "ImageSize", "ImageDimensionality"];
  const angles = ["AngleRot", "AngleTilt", "AnglePsi", "OriginXAngst", "OriginYAngst", "OriginZAngst"];
  return (
    `data_optics\n\n${columns([...optics, ...images])}1 one 2.7 300 0.07 ${voxelSizeAngstrom} ${edge} 3\n\n` +
    `data_particles\n\n${columns(["ImageName", "CtfImage", ...angles, "OpticsGroup", "RandomSubset"])}`
  );
}

function writeMap(path, data, edge, voxelSizeAngstrom) {
  writeFileSync(path, writeMrc({ data, shape: [edge, edge, edge], voxelSizeAngstrom }));
}

function start(program, args, folder) {
  return spawnSync(program, args, { cwd: folder, encoding: "utf8" });
}

function run(program, args, folder) {
  const { status, stderr } = start(program, args, folder);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}

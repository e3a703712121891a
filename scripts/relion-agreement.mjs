// Compares averages, Fourier shell correlations and point groups with RELION's, on the same particles and poses, and fails where they
// are more than one Fourier shell apart: npm run build && node scripts/relion-agreement.mjs [DATA FOLDER]
// RELION is used where it is installed (apt-get install --no-install-recommends relion: 3.1.3); the folder may hold
// real/ribosomes_10499 (default ../shared/data).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  correlateHalves,
  createFourierSum,
  createRandom,
  createSubtomogramMaker,
  fourierShellCorrelation,
  resolutionAt,
  sphereMask,
  symmetrised,
  symmetryOperators,
} from "../dist/index.js";
import { quaternionToMatrix } from "../dist/volume/index.js";
import {
  postprocess,
  reconstruct,
  reconstructHalves,
  relionOperators,
  relionVersion,
} from "./relion-agreement/relion.mjs";
import { ribosomeSet, simulatedSet } from "./relion-agreement/sets.mjs";

const GROUPS = ["C1", "C7", "D2", "D7", "T", "O", "I1", "I2", "I3", "I4"];
const SYMMETRISED_BY = ["C3", "O"];
const THRESHOLD = 0.143;

const version = relionVersion();
if (version === undefined) {
  console.log("RELION is not installed: nothing compared");
  process.exit();
}
console.log(`RELION ${version}`);
const sets = [simulatedSet(100), ribosomeSet(process.argv[2] ?? "../shared/data")].filter((set) => set !== undefined);
const isAgreed = [...sets.map(compare), groupsAgree()];
process.exitCode = isAgreed.every(Boolean) ? 0 : 1;

/** Prints a table of a set; whether every resolution is the same to one Fourier shell. */
function compare(set) {
  const { name, edge, voxelSizeAngstrom, maskRadius } = set;
  const sums = ourSums(set);
  const folder = mkdtempSync(join(tmpdir(), "relion-agreement-"));
  try {
    const [theirs, ours] = [reconstructHalves(set, folder), sums.map((sum) => sum.volume())];
    const mask = sphereMask(edge, maskRadius, 3);
    const rows = [
      ["RELION's", "RELION", postprocess(theirs, mask, edge, voxelSizeAngstrom, folder)],
      ["RELION's", "cosnet", ourCorrelation(theirs, mask, edge)],
      ["cosnet's", "RELION", postprocess(ours, mask, edge, voxelSizeAngstrom, folder)],
      ["cosnet's", "cosnet", ourCorrelation(ours, mask, edge)],
    ].map(([maps, program, curves]) => [maps, program, ...shellsOf(curves, edge)]);
    console.log(
      `\n${name}: shell at which the FSC of the halves falls below ${THRESHOLD} (box ${edge * voxelSizeAngstrom} Å)`,
    );
    console.log("half maps   FSC by    unmasked   masked   corrected");
    for (const [maps, program, ...shells] of rows)
      console.log(
        `${maps.padEnd(12)}${program.padEnd(10)}${shells.map((shell) => shell.toFixed(2).padEnd(9)).join("  ")}`,
      );
    print("FSC of RELION's first half and cosnet's", theirs[0], ours[0], edge);
    for (const group of SYMMETRISED_BY) {
      const symmetric = symmetrised(sums[0], symmetryOperators(group)).volume();
      print(`the same with ${group} imposed`, reconstruct(1, folder, group), symmetric, edge);
    }
    const spread = [2, 3, 4].map((column) => rows.map((row) => row[column]));
    return spread.every((shells) => Math.max(...shells) - Math.min(...shells) <= 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(title, one, other, edge) {
  const { byShell } = fourierShellCorrelation(one, other, edge);
  console.log(
    `${title}, shells 1 to ${edge / 2}: ${[...byShell.subarray(1)].map((value) => value.toFixed(3)).join(" ")}`,
  );
}

function ourSums({ edge, particles }) {
  const sums = [createFourierSum(edge), createFourierSum(edge)];
  const make = createSubtomogramMaker(edge);
  for (const [i, { box, weight, pose }] of particles.entries()) sums[i % 2].add(make(box, weight), pose);
  return sums;
}

function ourCorrelation(halves, mask, edge) {
  const { unmasked, masked, corrected } = correlateHalves(halves, mask, edge, createRandom("phases"));
  return { unmasked: unmasked.byShell, masked: masked.byShell, corrected: corrected.byShell };
}

/** Where each curve falls below the threshold, in shells; by the same rule for both programs. */
function shellsOf({ unmasked, masked, corrected }, edge) {
  return [unmasked, masked, corrected].map((curve) => {
    const resolution = resolutionAt({ edge, byShell: Float64Array.from(curve) }, 1, THRESHOLD);
    return edge / (resolution?.resolutionAngstrom ?? edge);
  });
}

function groupsAgree() {
  const different = GROUPS.filter((name) => {
    const ours = symmetryOperators(name).map((operator) => quaternionToMatrix(operator));
    const theirs = relionOperators(name);
    const isOurs = (matrix) => ours.some((own) => own.every((value, i) => Math.abs(value - matrix[i]) < 1e-3));
    return theirs.length !== ours.length || !theirs.every(isOurs);
  });
  console.log(`\npoint groups with RELION's operators: ${GROUPS.length - different.length} of ${GROUPS.length}`);
  return different.length === 0;
}

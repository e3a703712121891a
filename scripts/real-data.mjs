// Measures docs/real-data/README.md again: node scripts/real-data.mjs [folder of real data] [folder for results]
// It takes a few minutes, writes docs/real-data/virions.svg, and prints the figures of the page's tables.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const data = resolve(process.argv[2] ?? join(root, "../shared/data/real"));
const structures = resolve(data, "../structures");
const work = resolve(process.argv[3] ?? join(tmpdir(), "cosnet-real-data"));
mkdirSync(work, { recursive: true });
const inWork = (name) => join(work, name);

function run(script, ...args) {
  return execFileSync("node", [join(root, script), ...args], { cwd: work, encoding: "utf8" });
}
const cosnet = (...args) => run("dist/program/cosnet.js", ...args, "--quiet");

/** The rows of a table of comma-separated values with comment lines. */
function rowsOf(path) {
  const [header, ...rows] = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(","));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
}

const tomogram = join(data, "EMD-1155_HIV1_tomogram.ccp4");
console.log(cosnet("info", tomogram, join(data, "cryoCAT_ribosome_subtomogram_48.em")));

/** Centres of the three whole virions, by eye, in Å. */
const VIRIONS = { upper: [1094, 740, 827], middle: [902, 738, 2296], lower: [1292, 740, 3777] };
console.log(
  "example      found  centre by eye to centre found, Å (upper, middle, lower)  lowest probability  diameters, Å",
);
for (const [name, place] of Object.entries(VIRIONS)) {
  writeFileSync(inWork(`${name}.csv`), `x_angstrom,y_angstrom,z_angstrom,class\n${place.join(",")},virion\n`);
  const [examples, output] = [`${name}.csv`, `virions-${name}`];
  cosnet(
    "pick",
    tomogram,
    "--examples",
    examples,
    "--particle-diameter",
    "1250",
    "--masks",
    "--output",
    output,
    "--overwrite",
  );
  const picks = rowsOf(inWork(`${output}/picks.csv`));
  const nearest = Object.values(VIRIONS).map((centre) => {
    const distances = picks.map((pick) =>
      Math.hypot(...["x", "y", "z"].map((axis, i) => Number(pick[`${axis}_angstrom`]) - centre[i])),
    );
    return Math.min(...distances).toFixed(0);
  });
  const lowest = Math.min(...picks.map((pick) => Number(pick.cosnetProbability)));
  const diameters = picks.map((pick) => Number(pick.cosnetDiameterAngst).toFixed(0)).join(", ");
  console.log(
    `${name.padEnd(12)} ${String(picks.length).padEnd(6)} ${nearest.join(", ").padEnd(58)}  ${lowest.toFixed(3).padEnd(18)}  ${diameters}`,
  );
}
const virions = ["--picks", "virions-middle/picks.star", "--particle-diameter", "1250", "--invert"];
cosnet("segment", tomogram, ...virions, "--output", "virion-shapes", "--overwrite");
for (const row of rowsOf(inWork("virion-shapes/shapes.csv")))
  console.log(
    `volume ${(row.volume_cubic_angstrom / 1e9).toFixed(2)} million nm³, as a ball ${Number(row.equivalent_diameter_angstrom).toFixed(0)} Å wide`,
  );
mkdirSync(join(root, "docs/real-data"), { recursive: true });
run("scripts/report-picture.mjs", "virions-middle/report.html", join(root, "docs/real-data/virions.svg"));

/** File and voxel size in Å; the last is not stated anywhere, and a guess from the particle's size. */
const RIBOSOMES = {
  average: ["cryoCAT_ribosome_average_48.em", 8.7],
  "in situ": ["cryoCAT_ribosome_subtomogram_48.em", 8.7],
  "in vitro": ["pytom_real_ribosome_subtomogram_100.em", 5.24],
};
const COMPLEXES = [
  "related/6QZP_80S_10A.mrc",
  ...["1OEL.pdb.gz", "1BXN.pdb.gz", "2UV8_10A.mrc", "1QVR.pdb.gz", "3ZBI.cif.gz"].map(
    (name) => `benchmark/train/${name}`,
  ),
];
mkdirSync(inWork("six"), { recursive: true });
for (const path of COMPLEXES) {
  try {
    symlinkSync(join(structures, path), inWork(`six/${path.split("/").at(-1)}`));
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}
cosnet(
  "simulate",
  "particles",
  "--structures",
  "six",
  "--particles",
  "8",
  "--snr",
  "inf",
  "--no-neighbours",
  "--output",
  "examples",
  "--overwrite",
);
console.log("\nribosome     adapted: class, probability   as it is: class, probability");
for (const [name, [file, voxelSize]] of Object.entries(RIBOSOMES)) {
  const box = `ribosome-${name.replace(" ", "-")}.mrc`;
  cosnet("convert", join(data, file), box, "--voxel-size", String(voxelSize), "--invert");
  writeFileSync(inWork("particles.star"), `data_particles\nloop_\n_rlnImageName\n${box}\n`);
  const answers = [[], ["--no-adapt"]].map((options) => {
    const output = `ribosome-${name.replace(" ", "-")}${options.length > 0 ? "-as-it-is" : ""}`;
    const lists = ["--examples", "examples/particles.star", "--particles", "particles.star"];
    cosnet("classify", ...lists, "--output", output, "--overwrite", ...options);
    const [star] = readFileSync(inWork(`${output}/classified.star`), "utf8")
      .split("loop_")
      .slice(-1);
    const lines = star.split("\n");
    const columns = lines.filter((line) => line.startsWith("_")).map((line) => line.split(" ")[0].slice(1));
    const row = lines
      .find((line) => line.includes(box))
      .trim()
      .split(/\s+/);
    const of = (column) => row[columns.indexOf(column)];
    return `${of("cosnetClassName")} ${Number(of("cosnetProbability")).toFixed(2)}`;
  });
  console.log(`${name.padEnd(12)} ${answers[0].padEnd(29)} ${answers[1]}`);
}

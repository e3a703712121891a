// Opens what cosnet writes with other programs and libraries, and puts what they saw into docs/compatibility.md:
// npm run docs:compatibility
// Packages of npm are installed, at the versions below, into a temporary folder (the registry is needed); Debian's are used
// where they are there (apt-get install --no-install-recommends python3-mrcfile python3-gemmi python3-pymol relion python3-h5py
// python3-numpy python3-tifffile python3-meshio assimp-utils). Each reader runs in a process of its own; what could not be run
// is "not run", and its reason printed.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHAPE, VOXEL_SIZE_ANGSTROM, writeOutputs } from "./compatibility/outputs.mjs";
import { writePage } from "./compatibility/page.mjs";
import { verdict } from "./compatibility/verdict.mjs";

const PYTHON_SCRIPT = new URL("compatibility/debian-readers.py", import.meta.url).pathname;
const LONGEST_RUN_MS = 60_000;
const NOT_RUN = /not installed|ImportError|ModuleNotFoundError|ERR_MODULE_NOT_FOUND/;

/** Packages of npm: name, version, what of cosnet's outputs they read, what the page calls them. */
const NPM_READERS = [
  ["molstar", "5.11.0", ["mrc"], "Mol\\*"],
  ["ngl", "2.5.0", ["mrc"], "NGL"],
  ["3dmol", "2.5.5", ["mrc"], "3Dmol"],
  ["@itk-wasm/image-io", "1.6.1", ["mrc", "tiff"], "ITK (itk-wasm/image-io)"],
  ["zarrita", "0.7.5", ["zarr"]],
  ["ome-zarr.js", "0.0.19", ["zarr"]],
  ["geotiff", "3.0.5", ["tiff"]],
  ["utif", "3.1.0", ["tiff"], "UTIF"],
  ["npyjs", "1.2.0", ["npy"]],
  ["jsfive", "0.4.2", ["hdf5"]],
  ["three", "0.187.0", ["glb", "stl", "ply"]],
  ["gltf-validator", "2.0.0-dev.3.10", ["glb"]],
  ["@itk-wasm/mesh-io", "1.7.1", ["stl"], "ITK (itk-wasm/mesh-io)"],
];
/** Of Debian: name in debian-readers.py, what they read. */
const DEBIAN_READERS = [
  ["mrcfile", ["mrc"]],
  ["gemmi", ["mrc", "relion5"]],
  ["PyMOL", ["mrc"]],
  ["RELION", ["mrc", "relion3.1"]],
  ["tifffile", ["tiff"]],
  ["NumPy", ["npy"]],
  ["h5py", ["hdf5"]],
  ["assimp", ["glb", "stl", "ply"]],
  ["meshio", ["stl", "ply"]],
  ["Python's csv", ["csv"]],
  ["Python's json", ["portal"]],
];

const folder = mkdtempSync(join(tmpdir(), "compatibility-"));
try {
  const outputs = await writeOutputs(join(folder, "outputs"));
  const readers = [...npmReaders(), ...debianReaders()];
  const cells = readers.flatMap((reader) =>
    outputs
      .filter(({ kind }) => reader.reads.includes(kind))
      .map((output) => ({ reader, output, cell: open(reader, output) })),
  );
  writePage(cells, outputs);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function npmReaders() {
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const wanted = NPM_READERS.map(([name, version]) => `${name}@${version}`);
  const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", ...wanted];
  const { status } = spawnSync("npm", install, { cwd: folder, stdio: "inherit" });
  cpSync(new URL("compatibility/npm-readers/", import.meta.url), join(folder, "npm-readers"), { recursive: true });
  return NPM_READERS.map(([name, version, reads, title = name]) => ({
    title: `${title} ${version}`,
    reads,
    command: [process.execPath, "npm-readers/read.mjs", name],
    missing: status !== 0,
  }));
}

function debianReaders() {
  return DEBIAN_READERS.map(([name, reads]) => {
    const command = ["/usr/bin/python3", PYTHON_SCRIPT, name];
    const { seen } = existsSync(command[0]) ? run(command) : {};
    return { title: seen ? `${name} ${seen.version}` : name, reads, command, missing: seen === undefined };
  });
}

/** What a process prints as a line of JSON, or else what it complains of. */
function run([program, ...args]) {
  const { stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8", timeout: LONGEST_RUN_MS });
  const lines = stdout.split("\n");
  const seen = lines.findLast((line) => line.startsWith("{"));
  if (seen !== undefined) return { seen: JSON.parse(seen) };
  const complaints = [...lines, ...stderr.split("\n")].filter((line) => /\S/.test(line));
  return {
    reason: complaints.findLast((line) => /err(or)?\b/i.test(line)) ?? complaints.at(-1) ?? "it says nothing",
  };
}

/** The cell of a reader and an output; it is printed, with what a reader that refuses says. */
function open(reader, output) {
  const { seen, reason } = reader.missing ? { reason: "not installed" } : run([...reader.command, output.path]);
  const cell = seen
    ? verdict(seen, output, { shape: SHAPE, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM })
    : NOT_RUN.test(reason)
      ? "not run"
      : "refused";
  console.log(`${reader.title}, ${output.name}: ${cell}${reason ? ` (${reason.slice(0, 150)})` : ""}`);
  return cell;
}

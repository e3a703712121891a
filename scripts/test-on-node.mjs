// `node scripts/test-on-node.mjs 22 24 26` runs the whole test suite on the newest release of each of these lines of Node.js.
// Their programs are packages on the npm registry; they go into a temporary folder. What follows `--` is for vitest: parts of
// paths of tests, say. Exit code 1 if any suite fails.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./check-package.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const end = given.includes("--") ? given.indexOf("--") : given.length;
const [versions, forVitest] = [given.slice(0, end), given.slice(end + 1)];
if (versions.length === 0 || versions.some((version) => !/^\d+(\.\d+){0,2}$/.test(version)))
  throw new Error("usage: node scripts/test-on-node.mjs 22 24 26");

const folder = mkdtempSync(join(tmpdir(), "cosnet-node-"));
try {
  for (const version of versions) if (!passesOn(version)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function passesOn(version) {
  const bin = installNode(version);
  const node = join(bin, process.platform === "win32" ? "node.exe" : "node");
  console.log(`Node.js ${run(node, ["--version"]).trim()}`);
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  return (
    spawnSync(node, [vitest, "run", "--reporter=dot", ...forVitest], { cwd: ROOT, env, stdio: "inherit" }).status === 0
  );
}

/** The folder of the `node` program of this line. */
function installNode(version) {
  const prefix = join(folder, version);
  mkdirSync(prefix);
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  run("npm", ["install", "--prefix", prefix, "--no-save", "--ignore-scripts", `${name}@${version}`], { cwd: prefix });
  return join(prefix, "node_modules", name, "bin");
}

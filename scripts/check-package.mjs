// The package as those who install it see it: packed from a clean copy of what git holds, installed into an empty prefix
// with no registry in reach, run from another folder.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { checkLinks, markdownFiles } from "./check-links.mjs";

/** Everything that is installed, ONNX Runtime for one platform included. */
const LARGEST_INSTALLATION_BYTES = 120e6;
const NO_REGISTRY = "http://127.0.0.1:9"; // the port of "discard", where nothing answers

/**
 * Packs, installs and runs the package.
 * @param root the working tree.
 * @param scratch an empty folder.
 * @throws Error with what was printed, at the first thing that is not as it should be.
 */
export async function checkPackage(root, scratch) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const tarball = pack(root, join(scratch, "clone"));
  const installed = install(tarball, join(scratch, "prefix"));
  await lintPackage(installed);
  const elsewhere = join(scratch, "elsewhere");
  mkdirSync(elsewhere);
  const home = join(scratch, "home");
  mkdirSync(home);
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home, TMPDIR: home, TEMP: home, LOCALAPPDATA: home };
  const main = join(installed, "dist/program/cosnet.js");
  const cosnet = (...args) => run(process.execPath, [main, ...args], { cwd: elsewhere, env });
  const printed = cosnet("--version").trim();
  if (printed !== version) throw new Error(`--version printed ${printed}, package.json has ${version}`);
  cosnet("demo", "--classes", "2", "--particles", "2", "--output", ".");
  // ONNX Runtime's usage data would lie there before they are sent.
  const left = readdirSync(home);
  if (left.length > 0) throw new Error(`the demo leaves ${left.join(", ")} in the home or temporary folder`);
  const { cosnet: stated } = JSON.parse(cosnet("info", "particles.star", "--json"));
  if (stated !== version) throw new Error(`info --json names the version ${stated}`);
  checkFullDisk(installed, elsewhere);
  await tryWorkbench(main, { cwd: elsewhere, env });
  tryLibrary(root, installed, elsewhere);
  checkLinks(installed, markdownFiles(installed));
}

/** Packs a clean copy of the working tree, as `npm pack` does in a clone after `npm ci`; gives the tarball's path. */
function pack(root, clone) {
  const listed = run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const name of listed
    .split("\0")
    .filter((name) => name !== "" && statSync(join(root, name), { throwIfNoEntry: false }))) {
    mkdirSync(dirname(join(clone, name)), { recursive: true });
    cpSync(join(root, name), join(clone, name));
  }
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"), "junction");
  npm(["pack", "--silent"], { cwd: clone });
  return join(
    clone,
    readdirSync(clone).find((name) => name.endsWith(".tgz")),
  );
}

/** Installs the tarball for everyone, into an empty prefix; gives the folder of the package there. */
function install(tarball, prefix) {
  mkdirSync(prefix);
  const cache = join(prefix, "cache");
  npm(["install", "--global", "--prefix", prefix, "--registry", NO_REGISTRY, "--cache", cache, tarball], {
    cwd: prefix,
  });
  const modules = join(prefix, process.platform === "win32" ? "node_modules" : "lib/node_modules");
  const bytes = folderBytes(modules);
  if (bytes > LARGEST_INSTALLATION_BYTES) throw new Error(`${(bytes / 1e6).toFixed(0)} MB are installed`);
  return join(modules, "cosnet");
}

/** Results that cannot be written are said, where there is a device that is always full. */
function checkFullDisk(installed, cwd) {
  if (process.platform !== "linux") return;
  const args = [join(installed, "dist/program/cosnet.js"), "info", "particles.star"];
  const full = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", full, "pipe"],
  });
  closeSync(full);
  if (status !== 1 || !stderr.includes("the disk is full")) throw new Error(`a full disk: ${status}, ${stderr}`);
}

/** The page of the workbench comes out of the package, its server answers whoever has the token, and Ctrl-C is its end. */
async function tryWorkbench(main, options) {
  const workbench = spawn(process.execPath, [main, "workbench", "--no-open"], {
    ...options,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const exited = once(workbench, "exit");
    const [line] = await Promise.race([once(workbench.stdout.setEncoding("utf8"), "data"), exited]);
    const { origin, hash } = new URL(/http:\S+/.exec(line)?.[0] ?? "none:");
    const page = await (await fetch(origin)).text();
    for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const { status } = await fetch(new URL(path, origin));
      if (status !== 200) throw new Error(`the page of the workbench asks for ${path}: ${status}`);
    }
    if (!page.includes("<script")) throw new Error(`the page of the workbench is ${page}`);
    const headers = { "x-cosnet-token": hash.replace("#token=", "") };
    const body = new Uint8Array([2, 0, 0, 0, ...new TextEncoder().encode("[]")]); // an envelope of no parameters
    const { status } = await fetch(`${origin}/call/state`, { method: "POST", headers, body });
    if (status !== 200) throw new Error(`the engine of the workbench answers ${status}`);
    workbench.kill("SIGINT");
    const [code] = await exited;
    if (code !== 0 && process.platform !== "win32") throw new Error(`the workbench ended with ${code}`);
  } finally {
    workbench.kill("SIGKILL");
  }
}

async function lintPackage(installed) {
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
  if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, pkg)).join("\n"));
}

/** Type-checks and runs the README's library example beside the demo's particles, where the package is installed. */
function tryLibrary(root, installed, folder) {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(installed, join(folder, "node_modules/cosnet"), "junction");
  const example = /^```ts\n(.*?)^```/ms.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1];
  if (example === undefined) throw new Error("README.md has no library example");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "example.ts"), example);
  const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
  const tsc = join(root, "node_modules/@typescript/native/bin/tsc");
  const options = ["--strict", "--module", "nodenext", "--target", "es2023", ...types];
  run(process.execPath, [tsc, "example.ts", ...options], { cwd: folder });
  const printed = run(process.execPath, ["example.js"], { cwd: folder });
  if (printed.trim().split("\n").length !== 2) throw new Error(`the library example printed ${printed}`);
}

function npm(args, options) {
  const cli = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  // what an outer `npm test` sets would speak for this npm, too
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return run(cli[0], [...cli.slice(1), ...args], { ...options, env });
}

/** Runs a command and returns its standard output; throws everything it printed when it fails. */
export function run(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${stdout}${stderr}`.trim() || `exit code ${status}`);
  return stdout;
}

function folderBytes(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

// Everything `npm test` checks, in one go: format and lint, types, unused code, build, tests, the packed package, the
// documentation of the API, the links in the docs.
// Runs all steps even when one fails. The last line is "N passed, N failed": every vitest test and every other step is one.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SCRATCH = mkdtempSync(join(tmpdir(), "cosnet-check-"));
const STAGE = join(SCRATCH, "stage");
let passed = 0;
let failed = 0;

await step("format and lint", () =>
  runTool("@biomejs/biome/bin/biome", ["ci", "--colors=off", "--diagnostic-level=warn", "."]),
);
await step("types", () => runTool("@typescript/native/bin/tsc", ["-p", "tsconfig.json"]));
await step("nothing unused", () => runTool("knip/bin/knip.js", ["--no-progress"]));
await step("build", () => run(process.execPath, [join(ROOT, "scripts/build.mjs"), STAGE]));
runTests();
await step("packed package", checkPackedPackage);
await step("API documentation", checkApi);
await step("links in the docs", checkLinks);

rmSync(SCRATCH, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs `action`; what it throws is printed and makes the step fail. */
async function step(name, action) {
  const start = performance.now();
  try {
    await action();
    passed++;
    console.log(`ok    ${name} (${seconds(start)})`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name} (${seconds(start)})\n${error.message.replace(/^/gm, "      ")}`);
  }
}

function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

/** Runs a command and returns its standard output; throws everything it printed when it fails. */
function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${stdout}${stderr}`.trim() || `exit code ${status}`);
  return stdout;
}

/** A development tool by the path of its script in node_modules, without a shell or npx in between. */
function runTool(script, args) {
  return run(process.execPath, [join(ROOT, "node_modules", script), ...args]);
}

function runTests() {
  const start = performance.now();
  const report = join(SCRATCH, "vitest.json");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--reporter=json", `--outputFile=${report}`],
    { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined } },
  );
  if (!existsSync(report)) {
    failed++;
    console.log(`FAIL  tests: vitest wrote no report\n${stdout}${stderr}`);
    return;
  }
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of testResults) {
    const name = file.name.slice(ROOT.length + 1);
    const broken = file.assertionResults.filter((test) => test.status === "failed");
    for (const test of broken)
      console.log(`FAIL  ${name} > ${test.fullName}\n${test.failureMessages.join("\n").replace(/^/gm, "      ")}`);
    if (file.status === "failed" && broken.length === 0) {
      counts.failed++;
      console.log(`FAIL  ${name} did not run\n${(file.message ?? "").replace(/^/gm, "      ")}`);
    }
    counts.failed += broken.length;
    counts.passed += file.assertionResults.filter((test) => test.status === "passed").length;
    counts.skipped += file.assertionResults.filter((test) =>
      ["skipped", "pending", "todo"].includes(test.status),
    ).length;
  }
  // vitest fails for reasons that belong to no test, such as an unhandled rejection
  if (counts.failed === 0 && !JSON.parse(readFileSync(report, "utf8")).success) {
    counts.failed++;
    console.log(`FAIL  tests: vitest reports an error outside the tests\n${stdout}${stderr}`);
  }
  passed += counts.passed;
  failed += counts.failed;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  const verdict = counts.failed === 0 ? "ok  " : "FAIL";
  console.log(
    `${verdict}  tests (${seconds(start)}): ${counts.passed} passed, ${counts.failed} failed${skipped} in ${testResults.length} files`,
  );
}

/**
 * Packs the package, unpacks it elsewhere beside its production dependencies only, looks for faults of the package, and runs
 * the command line and the library from there: finds files missing from "files" and dependencies that are only development ones.
 */
async function checkPackedPackage() {
  const { version, files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  for (const path of ["package.json", ...files])
    if (path !== "dist" && existsSync(join(ROOT, path)))
      cpSync(join(ROOT, path), join(STAGE, path), { recursive: true });
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  run(npm[0], [...npm.slice(1), "pack", "--ignore-scripts", "--silent", "--pack-destination", SCRATCH], { cwd: STAGE });
  const tarball = readdirSync(SCRATCH).find((name) => name.endsWith(".tgz"));
  run("tar", ["-xzf", tarball], { cwd: SCRATCH });
  const unpacked = join(SCRATCH, "package");
  const { messages, pkg } = await publint({ pkgDir: unpacked, pack: false, strict: true });
  if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, pkg)).join("\n"));
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  for (const [path, entry] of Object.entries(lock.packages)) {
    const isTopLevel = path.startsWith("node_modules/") && path.lastIndexOf("node_modules/") === 0;
    if (!isTopLevel || entry.dev || !existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(unpacked, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(unpacked, path), "junction");
  }
  const main = join(unpacked, "dist/cli/main.js");
  const printed = run(process.execPath, [main, "--version"], { cwd: SCRATCH }).trim();
  if (printed !== version) throw new Error(`--version printed ${printed}, package.json has ${version}`);
  writeFileSync(join(SCRATCH, "four.npy"), smallNpy());
  const summary = JSON.parse(run(process.execPath, [main, "info", "four.npy", "--json"], { cwd: SCRATCH }));
  if (summary.cosnet !== version) throw new Error(`info --json gave ${JSON.stringify(summary)}`);
  tryLibrary(unpacked, main);
}

/** Type-checks and runs the README's library example where the package is installed, on particles that the demo makes there. */
function tryLibrary(unpacked, main) {
  const user = join(SCRATCH, "user");
  mkdirSync(join(user, "node_modules"), { recursive: true });
  symlinkSync(unpacked, join(user, "node_modules/cosnet"), "junction");
  const example = /^```ts\n(.*?)^```/ms.exec(readFileSync(join(ROOT, "README.md"), "utf8"))?.[1];
  if (example === undefined) throw new Error("README.md has no library example");
  writeFileSync(join(user, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(user, "example.ts"), example);
  run(process.execPath, [main, "demo", "--classes", "2", "--particles", "2", "--output", "."], { cwd: user });
  const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules/@types")];
  const tsc = join(ROOT, "node_modules/@typescript/native/bin/tsc");
  run(process.execPath, [tsc, "example.ts", "--strict", "--module", "nodenext", "--target", "es2023", ...types], {
    cwd: user,
  });
  const printed = run(process.execPath, ["example.js"], { cwd: user });
  if (printed.trim().split("\n").length !== 2) throw new Error(`the library example printed ${printed}`);
}

/** A NumPy file of shape [1, 2, 2] with the values 0, 1, 2, 3. */
function smallNpy() {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2), }".padEnd(118, " ");
  const bytes = Buffer.alloc(10 + header.length + 16);
  bytes.write("\x93NUMPY\x01\x00", "latin1");
  bytes.writeUInt16LE(header.length, 8);
  bytes.write(header, 10, "latin1");
  bytes.write("\n", 10 + header.length - 1);
  for (let i = 0; i < 4; i++) bytes.writeFloatLE(i, 10 + header.length + 4 * i);
  return bytes;
}

/** docs/api is what the docstrings give, and none is missing. */
function checkApi() {
  const fresh = join(SCRATCH, "api");
  runTool("typedoc/bin/typedoc", ["--out", fresh]);
  const filesOf = (folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith(".md"))
      .sort();
  const [written, wanted] = [join(ROOT, "docs/api"), fresh];
  const stale = [...new Set([...filesOf(written), ...filesOf(wanted)])].filter((name) => {
    const [a, b] = [written, wanted].map((folder) => join(folder, name));
    return !existsSync(a) || !existsSync(b) || readFileSync(a, "utf8") !== readFileSync(b, "utf8");
  });
  if (stale.length > 0) throw new Error(`docs/api is not up to date: run \`npm run docs:api\`\n${stale.join("\n")}`);
}

/** Every relative link in a tracked Markdown file leads to a file, and its #anchor to a heading there. */
function checkLinks() {
  const files = run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"])
    .split("\0")
    .filter(Boolean);
  const problems = [];
  for (const file of files) {
    const text = withoutCode(readFileSync(join(ROOT, file), "utf8"));
    for (const [, target] of text.matchAll(/\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)) {
      if (/^[a-z][a-z+.-]*:/i.test(target)) continue;
      const [path, anchor] = decodeURIComponent(target).split("#");
      const absolute = path ? resolve(ROOT, dirname(file), path) : join(ROOT, file);
      if (!existsSync(absolute)) problems.push(`${file}: ${target} does not exist`);
      else if (anchor && absolute.endsWith(".md") && !headingAnchors(readFileSync(absolute, "utf8")).has(anchor))
        problems.push(`${file}: ${target} names no heading`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

function withoutCode(markdown) {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
}

/** Anchors as GitHub makes them: lower case, punctuation dropped, spaces to hyphens, repeated ones numbered. */
function headingAnchors(markdown) {
  const headings = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "").matchAll(/^#+\s+(.+?)\s*#*$/gm);
  const anchors = new Set();
  for (const [, text] of headings) {
    const plain = text
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let anchor = plain;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${plain}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

// Everything `npm test` checks, in one go: format and lint, types, unused code, build, tests, the packed package, the
// documentation of the API, the links in the docs.
// Runs all steps even when one fails, and those that the tests do not need beside them: tests wait for much of their time.
// The last line is "N passed, N failed": every vitest test and every other step is one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkLinks } from "./check-links.mjs";
import { checkPackage, run } from "./check-package.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SCRATCH = mkdtempSync(join(tmpdir(), "cosnet-check-"));
/** Tests that run the program or the site take this build, and need none of their own. */
const BUILT = join(SCRATCH, "build");
/** Test files whose time is printed: where to look when all take too long. */
const SLOWEST_SHOWN = 25;
let passed = 0;
let failed = 0;

await step("build", () => run(process.execPath, [join(ROOT, "scripts/build.mjs"), BUILT], { cwd: ROOT }));
await step("build of the site", () => {
  const options = ["--config", "vite.site.config.ts", "--logLevel", "warn", "--emptyOutDir"];
  runTool("vite/bin/vite.js", ["build", ...options, "--outDir", join(BUILT, "site")]);
});
const tests = startTests();
await step("format and lint", () =>
  runTool("@biomejs/biome/bin/biome", ["ci", "--colors=off", "--diagnostic-level=warn", "."]),
);
await step("types", () => runTool("@typescript/native/bin/tsc", ["-p", "tsconfig.json"]));
await step("types of the page", () => runTool("@typescript/native/bin/tsc", ["-p", "tsconfig.page.json"]));
await step("nothing unused", () => runTool("knip/bin/knip.js", ["--no-progress"]));
await step("packed package", () => checkPackage(ROOT, SCRATCH));
await step("API documentation", checkApi);
await step("links in the docs", checkDocumentLinks);
await step("no install scripts", checkInstallScripts);
await countTests(tests);

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

/** A development tool by the path of its script in node_modules, without a shell or npx in between. */
function runTool(script, args) {
  return run(process.execPath, [join(ROOT, "node_modules", script), ...args], { cwd: ROOT });
}

/** Begins the tests. What is printed goes to a file: nobody reads a pipe while another step runs. */
function startTests() {
  const start = performance.now();
  const [report, printed] = [join(SCRATCH, "vitest.json"), join(SCRATCH, "vitest.txt")];
  const output = openSync(printed, "w");
  const vitest = spawn(
    process.execPath,
    [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--reporter=json", `--outputFile=${report}`],
    {
      cwd: ROOT,
      stdio: ["ignore", output, output],
      env: { ...process.env, COSNET_BUILT: BUILT, NO_COLOR: "1", FORCE_COLOR: undefined },
    },
  );
  const ended = once(vitest, "exit").then(() => seconds(start));
  return { report, printed, ended };
}

/** Counts what the tests have come to, and says which have failed. */
async function countTests({ report, printed, ended }) {
  const taken = await ended;
  if (!existsSync(report)) {
    failed++;
    console.log(`FAIL  tests: vitest wrote no report\n${readFileSync(printed, "utf8")}`);
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
    console.log(`FAIL  tests: vitest reports an error outside the tests\n${readFileSync(printed, "utf8")}`);
  }
  passed += counts.passed;
  failed += counts.failed;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  const verdict = counts.failed === 0 ? "ok  " : "FAIL";
  console.log(
    `${verdict}  tests (${taken}): ${counts.passed} passed, ${counts.failed} failed${skipped} in ${testResults.length} files`,
  );
  const slowest = testResults
    .map(({ name, startTime, endTime }) => ({ name: name.slice(ROOT.length + 1), taken: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.taken - a.taken)
    .slice(0, SLOWEST_SHOWN);
  console.log(`      slowest: ${slowest.map(({ name, taken }) => `${name} ${taken.toFixed(0)} s`).join(", ")}`);
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

/** Links in what git holds, or would. */
function checkDocumentLinks() {
  const listed = run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: ROOT });
  checkLinks(ROOT, listed.split("\0").filter(Boolean));
}

/**
 * No dependency runs code at install: onnxruntime-node's script would fetch CUDA libraries, and fail where it cannot. npm 11 is told
 * by "allowScripts"; earlier ones run scripts where the lockfile says that there is one.
 */
function checkInstallScripts() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  const names = Object.keys(packages).filter((name) => packages[name].hasInstallScript);
  if (names.length > 0) throw new Error(`remove "hasInstallScript" from package-lock.json: ${names.join(", ")}`);
}

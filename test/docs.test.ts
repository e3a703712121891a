/**
 * Runs every code block of README, cookbook and the two libraries' opening comments, on small data with the names that they use.
 * What a block needs to be quick stands in the Markdown, in a comment before it:
 *
 *     <!-- test with: train + --steps 2 -->    options added to every command that begins like this, a line a command
 *     <!-- not run: it needs the internet -->
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom, createVolume, type Volume, writeMrc } from "../src/index.js";
import { readParticleListFile } from "../src/node.js";

const ROOT = join(import.meta.dirname, "..");
const run = promisify(execFile);

interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  /** Options added to commands, by how they begin. */
  readonly added: readonly (readonly [command: string, options: string])[];
  readonly notRun: string | undefined;
  /** The heading above it. */
  readonly heading: string;
}

const documents = await Promise.all(
  ["README.md", "docs/cookbook.md", "src/index.ts", "src/node.ts"].map(async (path) => {
    const source = await readFile(join(ROOT, path), "utf8");
    const text = path.endsWith(".ts") ? source.slice(0, source.indexOf("*/")).replace(/^ \* ?/gm, "") : source;
    return { path, blocks: blocksOf(text).filter(({ language }) => language === "bash" || language === "ts") };
  }),
);
let folder = "";
/** A guard against hanging, as the tests' own. */
const SETUP_TIMEOUT = 600_000;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-docs-"));
  const built = process.env.COSNET_BUILT; // as `test/workbench/program.ts`
  if (built) await cp(join(built, "dist"), join(folder, "dist"), { recursive: true });
  else await run(process.execPath, [join(ROOT, "scripts/build.mjs"), folder]);
  for (const name of ["package.json", "models", "node_modules"]) await symlink(join(ROOT, name), join(folder, name));
  await makeData(join(folder, "data"));
  const files = documents.flatMap(({ path, blocks }) =>
    blocks.filter(({ language }) => language === "ts").map((block) => [scriptName(path, block), block.text] as const),
  );
  for (const [name, text] of files) await writeFile(join(folder, `${name}.ts`), `${text}\nexport {};\n`);
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        declaration: false,
        typeRoots: [join(ROOT, "node_modules/@types")],
        noUnusedLocals: false,
      },
      files: files.map(([name]) => `${name}.ts`),
      include: [],
    }),
  );
}, SETUP_TIMEOUT);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the TypeScript blocks compile", async () => {
  const tsc = join(ROOT, "node_modules/@typescript/native/bin/tsc");
  expect(await complaintOf(process.execPath, [tsc, "-p", join(folder, "tsconfig.json")], folder)).toBe("");
});

describe.each(documents)("$path", ({ path, blocks }) => {
  const sandbox = () => join(folder, path.replaceAll("/", "-"));
  beforeAll(async () => {
    await cp(join(folder, "data"), sandbox(), { recursive: true });
    await symlink(join(folder, "dist"), join(sandbox(), "dist"));
  });
  for (const block of blocks) {
    const title = `line ${block.line} under "${block.heading}"`;
    if (block.notRun !== undefined) test.skip(`${title}: ${block.notRun}`);
    else
      test(title, async () => {
        const tomogram = block.heading.startsWith("Viruses")
          ? "virus.mrc"
          : path === "docs/cookbook.md"
            ? "dark.mrc"
            : "tomogram.mrc";
        await cp(join(folder, "data", tomogram), join(sandbox(), "tomogram.mrc"));
        const examples = /\bpick\b/.test(block.text) ? "clicked.star" : "examples.star"; // positions, or particles with images
        await cp(join(folder, "data", examples), join(sandbox(), "examples.star"));
        const [program, args] =
          block.language === "bash"
            ? ["bash", ["-euo", "pipefail", "-c", `${prelude(block)}\n${block.text}`]]
            : [process.execPath, [join(folder, `${scriptName(path, block)}.js`)]];
        expect(await complaintOf(program, args, sandbox())).toBe("");
      });
  }
});

/** What a program that fails has printed; nothing when it does not fail. */
function complaintOf(program: string, args: readonly string[], cwd: string): Promise<string> {
  return run(program, args, { cwd }).then(
    () => "",
    (error: Error & { stdout: string; stderr: string }) => `${error.message}\n${error.stdout}\n${error.stderr}`,
  );
}

/** `cosnet` and the other programs that the documents name. */
function prelude({ added }: Block): string {
  const mostSpecificFirst = [...added].sort(([a], [b]) => b.length - a.length);
  const cases = mostSpecificFirst.map(([command, options]) => `"${command} "*) set -- "$@" ${options} ;;`);
  return `
    cosnet() { case "$* " in ${cases.join("\n")} *) ;; esac; command node "${folder}/dist/program/cosnet.js" "$@"; }
    node() { if [ "$1" = dist/program/cosnet.js ]; then shift; cosnet "$@"; else command node "$@"; fi; }
    npm() { [ "$*" = "run build" ]; }
    chimerax() { ls "$@"; }`;
}

const scriptName = (path: string, { line }: Block): string => `${path.replaceAll(/\W/g, "-")}-${line}`;

function blocksOf(markdown: string): Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  let heading = "";
  let comment = "";
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (/^#+ /.test(line)) heading = line.replace(/^#+ /, "");
    if (line.startsWith("<!--")) {
      const end = lines.findIndex((other, j) => j >= i && other.endsWith("-->"));
      comment = lines
        .slice(i, end + 1)
        .join("\n")
        .slice(4, -3)
        .trim();
      i = end;
    } else if (line.startsWith("```")) {
      const end = lines.indexOf("```", i + 1);
      const [, notRun] = /^not run: (.*)$/s.exec(comment) ?? [];
      const added = /^test with:(.*)$/s.exec(comment)?.[1]?.trim().split("\n") ?? [];
      blocks.push({
        language: line.slice(3),
        text: lines.slice(i + 1, end).join("\n"),
        line: i + 1,
        added: added.map((entry) => entry.trim().split(" + ") as [string, string]),
        notRun,
        heading,
      });
      comment = "";
      i = end;
    } else if (line.trim() !== "") comment = "";
  }
  return blocks;
}

/** A tomogram of two kinds of complexes and what else the documents read, all made up. */
async function makeData(data: string): Promise<void> {
  await mkdir(join(data, "pdb"), { recursive: true });
  await mkdir(join(data, "Extract/job012"), { recursive: true });
  const cosnet = (...args: string[]) =>
    run(process.execPath, [join(folder, "dist/program/cosnet.js"), ...args, "--quiet"], { cwd: data });
  const simulation = ["--procedural", "2", "--size", "96,96,64", "--particles", "10", "--snr", "2", "--seed", "3"];
  await cosnet("simulate", "tomogram", ...simulation, "--write", "none", "--output", "simulated");
  await cosnet("demo", "--classes", "2", "--particles", "4", "--output", ".");
  for (let i = 0; i < 6; i++) await writeFile(join(data, `pdb/made-up-${i}.pdb`), madeUpStructure(i));
  const copy = (from: string, to: string) => cp(join(data, from), join(data, to));
  await copy("simulated/particles.star", "run_data.star");
  await copy("simulated/tomograms.star", "tomograms.star");
  await copy("particles.star", "labelled.star");
  await copy("particles.star", "Extract/job012/particles.star");
  const [box = ""] = await readdir(join(data, "particles"));
  await cosnet("convert", `particles/${box}`, "sub.em");
  for (const name of ["ribosome.mrc", "proteasome.mrc", "unknown.mrc"]) await copy(`particles/${box}`, name);
  await cp(join(ROOT, "models/cosnet.onnx"), join(data, "model.onnx"));
  await copy("simulated/snr-2/tomogram.mrc", "tomogram.mrc");
  await cosnet("convert", "tomogram.mrc", "dark.mrc", "--invert", "--voxel-size", "1");
  await writeFile(join(data, "virus.mrc"), writeMrc(darkShells()));
  const { list } = await readParticleListFile(join(data, "run_data.star"));
  const voxels = list.particles.map(({ positionAngstrom, classNumber = 1 }) => {
    const { x, y, z } = positionAngstrom ?? { x: 0, y: 0, z: 0 };
    return [x / 10 + 48, y / 10 + 48, z / 10 + 32, ["ribosome", "proteasome"][classNumber - 1]] as const;
  });
  const examples = ["ribosome", "proteasome"].flatMap((name) => voxels.filter((row) => row[3] === name).slice(0, 1));
  const columns = ["_rlnCoordinateX", "_rlnCoordinateY", "_rlnCoordinateZ"];
  await writeFile(join(data, "clicked.star"), star([...columns, "_cosnetClassName"], examples));
  await writeFile(
    join(data, "picks.star"),
    star(
      columns,
      voxels.map((row) => row.slice(0, 3)),
    ),
  );
}

const star = (columns: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  ["data_particles", "", "loop_", ...columns, ...rows.map((row) => row.join(" ")), ""].join("\n");

/** Two dark shells of 1250 Å in noise, one of them where the cookbook's virion is. */
function darkShells(): Volume {
  const random = createRandom(1);
  const [voxelSizeAngstrom, nz, ny, nx] = [40, 80, 64, 64];
  const centres = [
    [902, 738, 2296],
    [1700, 1700, 900],
  ] as const;
  const data = Float32Array.from({ length: nz * ny * nx }, (_, i) => {
    const at = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))].map((index) => index * voxelSizeAngstrom);
    const isShell = centres.some(([x, y, z]) => {
      const radius = Math.hypot(at[0]! - x, at[1]! - y, at[2]! - z);
      return radius > 450 && radius < 625;
    });
    return random.normal() - (isShell ? 3 : 0);
  });
  return createVolume([nz, ny, nx], voxelSizeAngstrom, data);
}

/** Beads in a lumpy ellipsoid, as alpha carbons. */
function madeUpStructure(seed: number): string {
  const random = createRandom(seed);
  const axes = [random.uniform(25, 70), random.uniform(25, 70), random.uniform(25, 70)];
  const column = (value: number) => value.toFixed(3).padStart(8);
  return Array.from({ length: 900 }, (_, i) => {
    const [x, y, z] = axes.map((axis) => axis * (random.uniform(-1, 1) + (i % 3) / 2)) as [number, number, number];
    const serial = String(i + 1);
    return `ATOM  ${serial.padStart(5)}  CA  ALA A${serial.padStart(4)}    ${column(x)}${column(y)}${column(z)}  1.00  0.00           C  `;
  }).join("\n");
}

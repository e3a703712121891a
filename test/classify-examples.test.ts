import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { classify } from "../src/jobs/classify/index.js";
import { demo } from "../src/jobs/demo/demo.js";
import { untrainedModel } from "./untrained-model.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-classify-examples-"));
  await writeFile(join(folder, "model.onnx"), untrainedModel());
  await demo({ ...common("demo"), classCount: 2, particlesPerClass: 3 });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const inDemo = (name: string) => join(folder, "demo", name);
const common = (output: string) => ({
  outputFolder: join(folder, output),
  modelPath: join(folder, "model.onnx"),
  threads: 1,
});

async function classified(output: string, examples: readonly string[]) {
  const result = await classify({ ...common(output), particlesPath: inDemo("particles.star"), examples });
  const rows = (await readFile(result.starPath, "utf8")).split("\n").filter((line) => line.includes(".mrc"));
  return { result, rows: rows.map((row) => row.replaceAll(`${output}/`, "")) };
}

test("one box for each class classifies as the list of the same boxes does", async () => {
  const list = await classified("list", [inDemo("examples.star")]);
  const boxes = await classified("boxes", [
    `Molecule A=${inDemo("particles/support-molecule-a.mrc")}`,
    `Molecule B=${inDemo("particles/support-molecule-b.mrc")}`,
  ]);
  expect(list.rows).toHaveLength(4);
  expect(boxes.rows).toEqual(list.rows);
});

test("a structure is a class beside a box, and does not decide the contrast of the files", async () => {
  const atoms = Array.from({ length: 60 }, (_, i) => {
    const [x, y, z] = [3 * (i % 5) - 6, 3 * (Math.floor(i / 5) % 4) - 5, 12 * Math.floor(i / 20)];
    const [serial, residue] = [String(i + 1).padStart(5), String(i + 1).padStart(4)];
    const at = [x, y, z].map((value) => value.toFixed(3).padStart(8)).join("");
    return `ATOM  ${serial}  CA  ALA A${residue}    ${at}  1.00  0.00           C  `;
  });
  await writeFile(join(folder, "structure.pdb"), `${atoms.join("\n")}\n`);
  const { result } = await classified("mixed", [
    `A=${inDemo("particles/support-molecule-a.mrc")}`,
    `B=${join(folder, "structure.pdb")}`,
  ]);
  expect(result.classes.map(({ name, supports }) => [name, supports])).toEqual([
    ["A", 1],
    ["B", 24],
  ]);
  expect(result.contrast).toContain("of 5 examples and particles");
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BatchScript, batchScriptText } from "./batch-script.js";
import { memoryBytesOf, saysMemory, siteOptions } from "./settings.js";

const unit = (id: string, folder: string) => ({
  id,
  args: ["batch", "unit", folder, id],
  memoryBytes: 2e9,
  threads: 4,
});
const script: BatchScript = {
  jobName: "cosnet-0001-0a1b2c3d",
  units: [unit("pick-TS_01", "/data/it's 100%"), unit("pick-TS_02", "/data/it's 100%")],
  program: ["/usr/bin/node", "/opt/cosnet/dist/cli/main.js"],
  threads: 4,
  memory: "2048M",
  throttle: 8,
  siteOptions: siteOptions({ partition: "cpu", time: "4:00:00", options: ["--exclude=n17", " --comment='two words'"] }),
  setup: ["module load node/20"],
  logFolder: "/data/it's 100%/slurm/logs",
  workingFolder: "/data",
  path: "/data/it's 100%/slurm/cosnet-0001-0a1b2c3d.sh",
};

test("the script is one that a person can read, and submit", async () => {
  await expect(batchScriptText(script)).toMatchFileSnapshot("golden/batch-script.sh");
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cosnet-script-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("each index starts its own unit, words intact, until the script is withdrawn", () => {
  const path = join(folder, "it's here.sh");
  const odd = "a b'c\"d$HOME\\e*";
  const units = [unit("one", odd), unit("two", odd)];
  writeFileSync(
    path,
    batchScriptText({ ...script, units, path, setup: ["export PREPARED=yes"], program: ["printf", "<%s>"] }),
  );
  const run = (index: number, cpus?: string) => {
    const slurm = { SLURM_ARRAY_JOB_ID: "12", SLURM_ARRAY_TASK_ID: String(index), SLURM_CPUS_PER_TASK: cpus };
    const { stdout } = spawnSync("bash", [path], { encoding: "utf8", env: { PATH: process.env.PATH, ...slurm } });
    return stdout.split("\n").slice(1).join("\n"); // after the line of who runs it where
  };
  expect(run(0)).toBe(`<batch><unit><${odd}><one><--threads><4>`);
  expect(run(1, "16")).toBe(`<batch><unit><${odd}><two><--threads><16>`);
  expect(run(2)).toBe("");
  rmSync(path);
  writeFileSync(join(folder, "kept.sh"), batchScriptText({ ...script, units, path, program: ["echo"] }));
  const late = spawnSync("bash", [join(folder, "kept.sh")], { encoding: "utf8", env: { SLURM_ARRAY_TASK_ID: "0" } });
  expect([late.stdout, late.status]).toEqual(["", 0]);
});

test("options that are the executor's own are refused, and those that are none", () => {
  for (const option of ["--array=1-3", "-o x.log", "--wait", "--wrap=ls", "-M other"])
    expect(() => siteOptions({ options: [option] })).toThrow(/cannot be given/);
  for (const option of ["exclude=n17", "", "--comment=a\nrm -r /"])
    expect(() => siteOptions({ options: [option] })).toThrow(/is not an option of sbatch/);
  expect(siteOptions({ qos: "a b", constraint: "[rack1|rack2]", gres: 'gpu:"x"' })).toEqual([
    '--qos="a b"',
    "--constraint=[rack1|rack2]",
    '--gres="gpu:\\"x\\""',
  ]);
});

test("memory is given as sbatch takes it", () => {
  expect(["2000", "500M", "16G", "1t", "100K"].map(memoryBytesOf)).toEqual(
    [2000, 500, 16_384, 1_048_576, 100 / 1024].map((mebibytes) => mebibytes * 2 ** 20),
  );
  for (const text of ["", "0", "16 G", "1.5G", "G", "16GX"])
    expect(() => memoryBytesOf(text)).toThrow(/not an amount of memory/);
  expect(saysMemory({ options: ["--mem-per-cpu=4G"] })).toBe(true);
  expect(saysMemory({ options: ["--mem 4G"] })).toBe(true);
  expect(saysMemory({ options: ["--mem-bind=local"], memory: "4G" })).toBe(false);
});

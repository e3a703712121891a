/** Batches as the built program runs them, each unit in a process of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeMrc } from "../../src/io/index.js";
import { createRandom, createVolume } from "../../src/volume/index.js";
import { BUILD_MILLISECONDS, type BuiltProgram, buildProgram } from "../workbench/program.js";
import { writtenFiles } from "./written-files.js";

let program: BuiltProgram;
const at = (name: string) => join(program.folder, name);
const ALL = ["TS_1", "TS_3", "TS_10"];
const GOOD = ["TS_1", "TS_10"];

beforeAll(() => {
  program = buildProgram();
  mkdirSync(at("rec"));
  for (const name of GOOD) writeFileSync(at(`rec/${name}.mrc`), tomogram(name));
  writeFileSync(at("rec/TS_3.mrc"), tomogram("TS_3").subarray(0, 50_000));
  const rows = PLACES.map(([x, y, z, radius]) => [x, y, z, radius > 5 ? "large" : "small"].join(","));
  writeFileSync(at("clicks.csv"), `x,y,z,class\n${rows.slice(0, 4).join("\n")}\n`);
  const pick = { examples: ["clicks.csv"], "examples-tomogram": "rec/TS_1.mrc", detector: "blob", "closed-set": true };
  writeFileSync(at("recipe.json"), JSON.stringify({ seed: 3, pick }));
  writeFileSync(at("with-segments.json"), JSON.stringify({ seed: 3, pick, segment: { crf: "off", surfaces: "none" } }));
}, BUILD_MILLISECONDS);
afterAll(() => program[Symbol.dispose]());

/** Centres in voxels, and radii. */
const PLACES = [
  [12, 12, 20, 7],
  [34, 14, 18, 4],
  [14, 36, 22, 4],
  [36, 36, 20, 7],
  [58, 24, 20, 7],
  [60, 44, 18, 4],
] as const;

/** Spheres of two sizes in noise of its own, bright. */
function tomogram(seed: string): Uint8Array {
  const random = createRandom(seed);
  const [nz, ny, nx] = [40, 48, 72];
  const data = Float32Array.from({ length: nz * ny * nx }, (_, i) => {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
    const isInside = PLACES.some(([px, py, pz, radius]) => Math.hypot(x - px, y - py, z - pz) < radius);
    return random.normal() + (isInside ? 2 : 0);
  });
  return writeMrc(createVolume([nz, ny, nx], 10, data));
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

function start(...args: readonly string[]): Started {
  return startIn(program.folder, args);
}

function startIn(cwd: string, args: readonly string[]): Started {
  const child = spawn(process.execPath, [program.main, ...args, "--quiet"], { cwd });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  return { child, ended: once(child, "close").then(([code]) => ({ code, out, err })) };
}

const cosnet = (...args: readonly string[]) => start(...args).ended;

const filesOf = (folder: string) => writtenFiles(at(folder));

async function pickOfAll(names: readonly string[], output: string) {
  const tomograms = names.map((name) => `rec/${name}.mrc`);
  const options = "--examples clicks.csv --examples-tomogram rec/TS_1.mrc --detector blob --closed-set --seed 3".split(
    " ",
  );
  const { code, err } = await cosnet("pick", ...tomograms, ...options, "--output", output);
  expect([code, err]).toEqual([0, expect.anything()]);
  return filesOf(output);
}

test("a tomogram that cannot be read stops no other, and all is as one pick of the others has it; mended, it joins them", async () => {
  const first = await cosnet("batch", "run", "rec", "--recipe", "with-segments.json", "--output", "night");
  expect(first.code).toBe(1);
  expect(first.out).toContain("picked in 2 of 3 tomograms");
  expect(first.out).toContain("1 failure:\n  TS_3 (picking): rec/TS_3.mrc: ");
  expect(first.out).toContain(`To try again: cosnet batch retry ${at("night")}`);
  const others = await pickOfAll(GOOD, "others");
  expect(Object.keys(others)).toContain("optimisation_set.star");
  expect(filesOf("night/picks")).toEqual(others);
  expect(readFileSync(at("night/report.html"), "utf8")).toContain("What failed");
  expect(existsSync(at("night/tomograms/TS_10/segmentation/labels.mrc"))).toBe(true);
  expect(existsSync(at("night/.work"))).toBe(false);

  writeFileSync(at("rec/TS_3.mrc"), tomogram("TS_3"));
  const status = await cosnet("batch", "status", "night", "--json");
  const { units } = JSON.parse(status.out) as { units: { id: string; status: string }[] };
  expect(units.filter(({ status: how }) => how !== "done").map(({ id }) => id)).toEqual(["pick-TS_3", "segment-TS_3"]);
  const second = await cosnet("batch", "retry", "night", "TS_3");
  expect([second.code, second.out.split("\n")[0]]).toEqual([0, expect.stringMatching(/picked in 3 of 3 tomograms:$/)]);
  expect(readFileSync(at("night/counts.csv"), "utf8").split("\n")[0]).toBe("tomogram,large,small,candidates");
  const states = () => ["pick-TS_1", "pick-TS_3", "gather", "segment-TS_3"].map((id) => stateOf("night", id));
  const before = states();
  const library = `${dirname(dirname(program.main))}/node.js`;
  const script = `import { batch } from ${JSON.stringify(library)};
    const { picks, gathered, failures } = await batch({ outputFolder: "night" });
    console.log(JSON.stringify({ picks, gathered, failures }));`;
  const again = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: program.folder });
  expect(JSON.parse(String(again.stdout))).toEqual({ picks: expect.any(Number), gathered: 3, failures: [] });
  expect(states()).toEqual(before);
});

interface State {
  readonly status: string;
  readonly attempt: number;
  readonly process: { readonly pid: number };
}

const stateOf = (batch: string, id: string) =>
  JSON.parse(readFileSync(at(`${batch}/units/${id}.json`), "utf8")) as State;

/** The process that did each unit of the batch of lists. */
const pidsOf = (batch: string): Record<string, number> =>
  Object.fromEntries(
    ["lead", ...ALL.map((name) => `classify-${name}`), "gather"].map((id) => [id, stateOf(batch, id).process.pid]),
  );

/** Resolves when a unit is being worked on. */
async function running(batch: string, id: string): Promise<State> {
  mkdirSync(at(`${batch}/units`), { recursive: true });
  const changes = watch(at(`${batch}/units`));
  try {
    while (!existsSync(at(`${batch}/units/${id}.json`))) await once(changes, "change");
    return stateOf(batch, id);
  } finally {
    changes.close();
  }
}

test("killed, batch and unit alike, it goes on to the same result; meanwhile nobody else works on it", async () => {
  writeFileSync(at("rec/TS_3.mrc"), tomogram("TS_3"));
  const args = ["batch", "run", "rec/TS_?.mrc", "rec/TS_10.mrc", "--recipe", "recipe.json", "--output", "killed"];
  const first = start(...args);
  const { process: unit } = await running("killed", "pick-TS_1");
  const meanwhile = await cosnet("batch", "run", "--output", "killed");
  expect(meanwhile.code).toBe(2);
  expect(meanwhile.err).toMatch(/is being worked on by another cosnet batch \(process \d+\)/);
  first.child.kill("SIGKILL");
  await first.ended;

  const second = start(...args);
  const { process: other } = await running("killed", "pick-TS_10");
  process.kill(other.pid, "SIGKILL");
  const ended = await second.ended;
  expect(other.pid).not.toBe(unit.pid);
  expect(ended.out).toContain("TS_10 (picking): its process was killed (SIGKILL), as when memory runs out");
  expect((await cosnet("batch", "run", "--output", "killed")).code).toBe(0);
  const plain = await cosnet("pick", ...ALL.map((name) => `rec/${name}.mrc`), "--examples", "clicks.csv", ...PLAIN);
  expect(plain.code).toBe(0);
  expect(filesOf("killed/picks")).toEqual(filesOf("plain"));
});

const PLAIN = "--examples-tomogram rec/TS_1.mrc --detector blob --closed-set --seed 3 --output plain".split(" ");

test("particles of lists are classified as one pick of them all does; only what a list changes is done again", async () => {
  writeFileSync(at("rec/TS_3.mrc"), tomogram("TS_3"));
  mkdirSync(at("matched"));
  const rows = PLACES.map(([x, y, z]) => `${x + 1},${y},${z}`);
  const inTomograms = (names: readonly string[]) => names.map((name, i) => `${rows[i]},${name}\n`).join("");
  writeFileSync(at("matched/TS_1.csv"), `x,y,z\n${rows.join("\n")}\n`); // TS_10 has none
  writeFileSync(at("matched/more.csv"), `x,y,z,tomogram\n${inTomograms(["TS_3", "TS_99", "TS_3"])}`);
  const particles = ["matched/*.csv"];
  // Orientations are compared in the batches above.
  const classify = {
    ...{ particles, examples: ["clicks.csv"], "examples-tomogram": "rec/TS_1.mrc" },
    ...{ "closed-set": true, orientations: false },
  };
  writeFileSync(at("classify.json"), JSON.stringify({ seed: 3, classify }));
  const args = ["batch", "run", "rec", "--recipe", "classify.json", "--output", "named"];
  const first = await cosnet(...args);
  expect([first.code, first.out.split("\n")[0]]).toEqual([0, "8 particles of the classes in 3 of 3 tomograms:"]);
  const { warnings } = JSON.parse(readFileSync(at("named/picks/picks.json"), "utf8")) as { warnings: string[] };
  expect(warnings).toContain("matched/more.csv: 1 particle of 3 left out: in TS_99, which is not given");
  const options = "--examples clicks.csv --examples-tomogram rec/TS_1.mrc --closed-set --no-orientations --seed 3";
  const tomograms = ALL.map((name) => `rec/${name}.mrc`);
  const atOnce = ["--particles", "matched/*.csv", ...options.split(" "), "--output", "at-once"];
  expect((await cosnet("pick", ...tomograms, ...atOnce)).code).toBe(0);
  expect(filesOf("named/picks")).toEqual(filesOf("at-once"));

  const before = pidsOf("named");
  // From another folder, with a list that has changed.
  writeFileSync(at("matched/more.csv"), `x,y,z,tomogram\n${inTomograms(["TS_3", "TS_99", "TS_3", "TS_3"])}`);
  const again = await startIn(at("matched"), ["batch", "run", "--output", at("named")]).ended;
  expect([again.code, again.out.split("\n")[0]]).toEqual([0, "9 particles of the classes in 3 of 3 tomograms:"]);
  const report = readFileSync(at("named/report.html"), "utf8");
  expect(report).toContain("matched/more.csv has changed since: what classify makes of it is done again");
  expect(Object.keys(before).filter((id) => pidsOf("named")[id] !== before[id])).toEqual([
    "lead",
    "classify-TS_3",
    "gather",
  ]);
});

test("another recipe for the same folder is refused, and says what differs", async () => {
  const other = { seed: 3, pick: { examples: ["clicks.csv"], "cut-off": 0.9 } };
  writeFileSync(at("other.json"), JSON.stringify(other));
  const refused = await cosnet("batch", "run", "rec", "--recipe", "other.json", "--output", "killed");
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('examples-tomogram of pick was "rec/TS_1.mrc" and is nothing');
});

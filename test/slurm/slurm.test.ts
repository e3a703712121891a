/**
 * Batches on a real Slurm, of this computer alone (scripts/start-slurm.mjs), with what comes in the way on clusters: one of small
 * tomograms, COSNET_SLURM_TOMOGRAMS of them (the fewest that it can be tried on, unless that is set), and units of a few lines of
 * shell each (unit.sh), and a training whose workers are tasks.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { BatchUnit } from "../../src/jobs/batch/executors/executor.js";
import type { SlurmSettings } from "../../src/jobs/batch/executors/slurm/settings.js";
import { cancelSlurmTasks } from "../../src/jobs/batch/executors/slurm/slurm-executor.js";
import { noteSubmission, openSubmissions } from "../../src/jobs/batch/executors/slurm/submissions.js";
import { readUnitState } from "../../src/jobs/batch/state.js";
import { type TrainOptions, train } from "../../src/jobs/train/index.js";
import { cosnetDefaults } from "../../src/model/index.js";
import { writtenFiles } from "../batch/written-files.js";
import { BUILD_MILLISECONDS, type BuiltProgram, buildProgram } from "../workbench/program.js";

const ROOT = join(import.meta.dirname, "../..");
const UNIT = join(import.meta.dirname, "unit.sh");
const { missingSlurm, startSlurm } = await import(join(ROOT, "scripts/start-slurm.mjs"));
const missing: string | undefined = missingSlurm();
if (missing !== undefined && process.env.CI === "true") throw new Error(missing);
const TOMOGRAMS = Number(process.env.COSNET_SLURM_TOMOGRAMS ?? 6);
/** Of the training: enough for a second worker to come during it. */
const STEPS = 20;
/** A guard against hanging. */
const LONGEST_MILLISECONDS = 180_000;

interface FollowedUnits {
  readonly units: readonly BatchUnit[];
  readonly program: readonly string[];
  readonly settings: SlurmSettings;
}

describe.skipIf(missing)(`tasks on Slurm${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  let program: BuiltProgram;
  let cluster: Awaited<ReturnType<typeof startSlurm>>;
  const followers: Follower[] = [];

  beforeAll(async () => {
    program = buildProgram();
    cluster = await startSlurm(at("cluster"), {
      nodes: 4,
      cpus: 2,
      arraySize: 21,
      // memory is watched, and tasks that take more than they asked for are ended
      settings: [
        "JobAcctGatherType=jobacct_gather/linux",
        "JobAcctGatherFrequency=task=1",
        "JobAcctGatherParams=OverMemoryKill",
      ],
    });
  }, BUILD_MILLISECONDS);
  afterAll(async () => {
    for (const { child } of followers) child.kill("SIGKILL");
    await cluster?.stop();
    program[Symbol.dispose]();
  }, LONGEST_MILLISECONDS);
  const at = (name: string) => join(program.folder, name);

  interface Follower {
    readonly child: ChildProcess;
    readonly events: Record<string, unknown>[];
    readonly ended: Promise<void>;
  }

  function startFollower(script: string, ...words: readonly string[]): Follower {
    const dist = dirname(dirname(program.main));
    const child = spawn(process.execPath, [join(import.meta.dirname, script), dist, ...words], {
      cwd: program.folder,
      env: cluster.environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const events: Record<string, unknown>[] = [];
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (piece) => {
      const lines = (text + piece).split("\n");
      text = lines.pop() ?? "";
      events.push(...lines.map((line) => JSON.parse(line)));
    });
    const follower = { child, events, ended: new Promise<void>((done) => child.on("close", () => done())) };
    followers.push(follower);
    return follower;
  }

  const followUnits = (folder: string, work: FollowedUnits) =>
    startFollower("follow-units.mjs", folder, JSON.stringify(work));

  const tasks = (): string[][] =>
    cluster
      .command("squeue", "--noheader", "--array", "--format=%F_%K %T %N")
      .trim()
      .split("\n")
      .map((line: string) => line.split(" "));

  /** A new batch's folder with units of these kinds, and what to ask of a follower. */
  function batch(name: string, kinds: readonly string[], settings: SlurmSettings) {
    const folder = at(name);
    for (const part of ["units", "results", "at-work"]) mkdirSync(join(folder, part), { recursive: true });
    const units = kinds.map((kind, i) => {
      const id = `u${String(i).padStart(2, "0")}`;
      return { id, args: [folder, id, kind], memoryBytes: 1e8, threads: 1 };
    });
    const lines = (file: string) =>
      existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8").trim().split("\n") : [];
    return { folder, work: { units, program: ["sh", UNIT], settings }, lines };
  }

  test(
    "of tomograms end with what one pick of all gives, byte for byte, through all that comes in the way",
    async () => {
      const names = simulateTomograms(program, TOMOGRAMS);
      const recipe = {
        seed: 3,
        pick: { examples: ["examples.star"], "examples-tomogram": `${names[0]}.mrc`, "closed-set": true },
      };
      const tomograms = names.map((name) => `${name}.mrc`);
      const folder = at("tomograms");
      const start = () =>
        startFollower(
          "follow-batch.mjs",
          JSON.stringify({
            ...{ tomograms, recipe, directory: program.folder, outputFolder: folder },
            program: [process.execPath, program.main],
            settings: { maximumRunning: 2, memory: "900M" },
          }),
        );
      const first = start();
      const atWork = await until("two tomograms are searched", async () => {
        const states = await Promise.all(names.map((name) => readUnitState(folder, `pick-${name}`)));
        const running = states.flatMap((state, i) =>
          state?.status === "running" ? [{ ...state, name: names[i] }] : [],
        );
        return running.length === 2 && running;
      });

      // one is killed, as the kernel does when memory runs out; one that waits is cancelled
      const [killed] = atWork;
      process.kill(killed!.process.pid, "SIGKILL");
      const cancelled = tasks().findLast(([, state]) => state === "PENDING");
      cluster.command("scancel", cancelled![0]!);

      // the node of the other is drained: that one ends its work there, and nothing else begins
      const node = tasks().find(([, state]) => state === "RUNNING")?.[2];
      cluster.command("scontrol", "update", `nodename=${node}`, "state=drain", "reason=test");

      // the controller goes and comes, and whoever submitted it all is killed meanwhile
      await cluster.stopController();
      await until("the silence is told", () => warningsOf(first).some((warning) => warning.includes("not answer")));
      first.child.kill("SIGKILL");
      await first.ended;
      cluster.startController();
      await until("the controller answers", () => tasks().length > 0);
      const second = start();
      await second.ended;
      cluster.command("scontrol", "update", `nodename=${node}`, "state=resume");

      expect(second.events.at(-1)).toEqual({ gathered: TOMOGRAMS, failures: [] });
      expect([...warningsOf(first), ...warningsOf(second)]).toContainEqual(
        expect.stringMatching(`^pick-${killed!.name}: its process was killed`),
      );
      const begun = await Promise.all(
        names.map(async (name) => (await readUnitState(folder, `pick-${name}`))?.attempt),
      );
      expect(begun.toSorted()).toEqual([...Array(TOMOGRAMS - 1).fill(1), 2]); // nothing that was done was done again
      expect(readFileSync(join(folder, "slurm", scripts(folder)[1]!), "utf8")).toMatch(/^#SBATCH --array=0-\d+%2$/m);
      program.run("pick", ...tomograms, ...optionsOf(recipe), "--output", "local", "--quiet");
      expect(writtenFiles(join(folder, "picks"))).toEqual(writtenFiles(at("local")));
    },
    TOMOGRAMS * LONGEST_MILLISECONDS,
  );

  test(
    "come to their ends through kills, lost nodes, a lack of memory and takeovers",
    async () => {
      const kinds = Array.from({ length: 24 }, (_, i) => ["wait", "wait", "eat", "err"][i] ?? "work");
      const { folder, work, lines } = batch("it's 100% one", kinds, { maximumRunning: 6, memory: "100M" });
      const first = followUnits(folder, work);

      // a process is killed, as the kernel does when memory runs out
      const processOf = (id: string) => Number(readFileSync(join(folder, "at-work", id, "process"), "utf8"));
      await until("u00 and u01 run", () => processOf("u00") > 0 && processOf("u01") > 0);
      process.kill(processOf("u00"), "SIGKILL");
      await until("that is told", () => warningsOf(first).some((warning) => warning.startsWith("u00: ")));

      // the node on which u01 runs is lost, once it is alone there: what else runs on a lost node begins again as well
      await until("u01 is told to run", () => first.events.some(({ started }) => started === "u01"));
      const { where } = first.events.find(({ started }) => started === "u01") as { where: string };
      const [node, , task] = where.split(/,? /);
      cluster.command("scontrol", "update", `nodename=${node}`, "state=drain", "reason=test");
      const isOnNode = ([, state, place]: string[]) => place === node && state !== "PENDING";
      await until("u01 is alone", () => tasks().filter(isOnNode).length === 1);
      cluster.command("scontrol", "update", `nodename=${node}`, "state=down", "reason=test");
      await until("u01 is in the queue again", () => tasks().some(([id, state]) => id === task && state === "PENDING"));

      // whoever submitted it is killed, and another takes over
      first.child.kill("SIGKILL");
      await first.ended;
      const second = followUnits(folder, work);
      await until("the second follows", () => second.events.some(({ ended }) => ended !== undefined));

      // Ctrl-C leaves the tasks
      second.child.kill("SIGINT");
      await second.ended;
      expect(second.events.at(-1)).toMatchObject({
        error: expect.stringMatching(/^stopped; \d+ tasks? may go on in Slurm$/),
      });
      const third = followUnits(folder, work);
      await third.ended;
      expect(third.events.at(-1)).toEqual({ finished: true });

      const expected = work.units.filter((_, i) => kinds[i] !== "err").map(({ id }) => id);
      expect(readdirSync(join(folder, "results")).sort()).toEqual(expected);
      for (const { id, args } of work.units.filter((_, i) => kinds[i] !== "err"))
        expect(readFileSync(join(folder, "results", id), "utf8")).toBe(`${id} ${args.join(" ")} --threads 1\n`);
      expect(lines("met")).toEqual([]);
      const starts = lines("starts");
      const again = work.units.filter(({ id }) => starts.filter((line) => line === id).length > 1);
      expect(again.map(({ id }) => id)).toEqual(["u00", "u01", "u02"]);
      const ended = [...first.events, ...second.events, ...third.events].filter((event) => event.ended !== undefined);
      expect(ended.filter(({ outcome }) => outcome !== "ended")).toEqual([{ ended: "u03", outcome: "failed" }]);
      const warnings = [first, second, third].flatMap(warningsOf);
      expect(warnings).toContainEqual(expect.stringMatching(/^u00: its process was killed/));
      expect(warnings).toContainEqual(expect.stringMatching(/^u02: out of memory/));
      expect(tasks()).toEqual([[""]]);
    },
    LONGEST_MILLISECONDS,
  );

  test("end when the batch is cancelled, and are not submitted again", async () => {
    const { folder, work, lines } = batch("two", ["wait", "wait", "work"], { maximumRunning: 2 });
    const follower = followUnits(folder, work);
    await until("two run", () => follower.events.filter(({ started }) => started !== undefined).length === 2);
    vi.stubEnv("SLURM_CONF", cluster.environment.SLURM_CONF);
    expect(await cancelSlurmTasks(folder)).toBe(3);
    await follower.ended;
    const ends = follower.events.filter(({ ended }) => ended !== undefined);
    expect(ends.map(({ ended, outcome }) => [ended, outcome]).sort()).toEqual([
      ["u00", "cancelled"],
      ["u01", "cancelled"],
      ["u02", "cancelled"],
    ]);
    expect(lines("starts").sort()).toEqual(["u00", "u01"]);
    expect(readdirSync(join(folder, "at-work"))).toEqual([]); // each heard of it, and tidied up
    expect(await cancelSlurmTasks(folder)).toBe(0);
  });

  test("that Slurm refuses end the run, in Slurm's words", async () => {
    const { folder, work } = batch("three", ["work"], { partition: "nowhere" });
    const follower = followUnits(folder, work);
    await follower.ended;
    expect(follower.events).toEqual([
      expect.objectContaining({ error: expect.stringContaining("invalid partition specified: nowhere") }),
    ]);
    expect(await openSubmissions(folder)).toEqual([]);
  });

  test(
    "work for a training as one process does it alone, byte for byte, though one of two is killed",
    async () => {
      const folder = at("training");
      const options: Omit<TrainOptions, "outputFolder"> = {
        ...{ steps: STEPS, seed: 3, batchesPerStep: 2, validateSteps: STEPS, validationViews: 2, threads: 1 },
        network: { ...cosnetDefaults, widths: [8, 8, 8], blocks: [1, 1, 1], hiddenSize: 8, embeddingSize: 8 },
        batch: { classes: 2, structureClasses: 0, pool: 4, freshClasses: 1 },
      };
      const worker = [process.execPath, program.main, "train", "worker", folder, "--threads", "1", "--quiet"];
      const script = `echo $$ > ${at("worker")}-$SLURM_ARRAY_TASK_ID; exec ${worker.join(" ")}`;
      const asked = ["--array=0-1", "--cpus-per-task=1", "--mem=900M", `--output=${at("worker-%a.log")}`];
      cluster.command("sbatch", ...asked, `--wrap=${script}`);
      const connections = () => process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
      const before = connections();
      const warnings: string[] = [];
      let killedAt = 0;
      await train({
        ...{ ...options, outputFolder: folder, workers: 0 },
        onWarning: (warning) => warnings.push(warning),
        onProgress({ stage, done }) {
          const isAmid = stage === "training" && done >= STEPS / 4 && connections() - before === 2;
          if (!isAmid || killedAt > 0) return;
          process.kill(Number(readFileSync(at("worker-1"), "utf8")), "SIGKILL");
          killedAt = done;
        },
      });
      expect(killedAt).toBeGreaterThan(0);
      expect(killedAt).toBeLessThan(STEPS);
      expect(warnings).toEqual([expect.stringMatching(/^the worker on .* has gone: others find the gradients/)]);
      await until("the other has ended, too", () => tasks().join() === "");
      await train({ ...options, outputFolder: at("trained-here"), workers: 1 });
      const modelOf = (name: string) => readFileSync(join(at(name), "model.onnx"));
      expect(modelOf("training").equals(modelOf("trained-here"))).toBe(true);
    },
    LONGEST_MILLISECONDS,
  );

  test("share their slots among arrays, and are found by their name where the job was not noted", async () => {
    const { folder, work, lines } = batch("four", Array(24).fill("work"), { maximumRunning: 3 });
    const first = followUnits(folder, work);
    await until("one is told to run", () => first.events.length > 0);
    first.child.kill("SIGKILL");
    await first.ended;
    const [submission] = await openSubmissions(folder);
    const { jobId: _, ...unnoted } = submission!;
    await noteSubmission(folder, unnoted);
    const second = followUnits(folder, work);
    await second.ended;
    expect(second.events.at(-1)).toEqual({ finished: true });
    expect(scripts(folder).length).toBeGreaterThan(1); // 21 tasks are the most of an array
    expect(lines("starts").sort()).toEqual(work.units.map(({ id }) => id));
    expect(Math.max(...lines("counts").map(Number))).toBe(3);
  });
});

const scripts = (folder: string) => readdirSync(join(folder, "slurm")).filter((name) => name.endsWith(".sh"));

/** Tomograms of the same particles in noise of their own, in the program's folder; gives their names. The first holds the examples. */
function simulateTomograms({ folder, run }: BuiltProgram, count: number): string[] {
  const names = Array.from({ length: count }, (_, i) => `TS_${String(i + 1).padStart(2, "0")}`);
  const ratios = names.map((_, i) => String(2 - i / 100));
  const specimen = "--procedural 2 --size 64,64,48 --voxel-size 10 --particles 6 --seed 1".split(" ");
  const imaging = ["--snr", ratios.join(","), "--step", "10", "--write", "none"];
  run("simulate", "tomogram", ...specimen, ...imaging, "--output", "simulated", "--quiet");
  for (const [i, name] of names.entries())
    renameSync(join(folder, `simulated/snr-${ratios[i]}/tomogram.mrc`), join(folder, `${name}.mrc`));
  const particles = readFileSync(join(folder, "simulated/particles.star"), "utf8");
  writeFileSync(join(folder, "examples.star"), particles.replaceAll(/^tomogram /gm, `${names[0]} `));
  return names;
}

/** The options of a recipe as they are typed. */
function optionsOf({ seed, pick }: { readonly seed: number; readonly pick: Readonly<Record<string, unknown>> }) {
  const typed = Object.entries(pick).flatMap(([name, value]) => [
    `--${name}`,
    ...(value === true ? [] : [String(value)]),
  ]);
  return [...typed, "--seed", String(seed)];
}

const warningsOf = ({ events }: { readonly events: readonly Record<string, unknown>[] }) =>
  events.flatMap(({ warning = [] }) => warning as string);

/** Waits for something, and gives it. */
async function until<Held>(what: string, holds: () => Held | false | Promise<Held | false>): Promise<Held> {
  for (let i = 0; ; i++) {
    const isLast = i > LONGEST_MILLISECONDS / 100;
    try {
      const held = await holds();
      if (held) return held;
    } catch (error) {
      if (isLast) throw error;
    }
    if (isLast) throw new Error(`waited too long until ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

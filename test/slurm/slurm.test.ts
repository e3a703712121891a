/**
 * The tasks of a batch on a real Slurm, of this computer alone (scripts/start-slurm.mjs). Each unit is a few lines of shell
 * (unit.sh); in the way come what comes in the way on clusters.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { cancelSlurmTasks } from "../../src/jobs/batch/executors/slurm/slurm-executor.js";
import { noteSubmission, openSubmissions } from "../../src/jobs/batch/executors/slurm/submissions.js";
import type { FollowedWork } from "./follow-units.js";

const ROOT = join(import.meta.dirname, "../..");
const UNIT = join(import.meta.dirname, "unit.sh");
const { missingSlurm, startSlurm } = await import(join(ROOT, "scripts/start-slurm.mjs"));
const missing: string | undefined = missingSlurm();
if (missing !== undefined && process.env.CI === "true") throw new Error(missing);
/** A guard against hanging. */
const LONGEST_MILLISECONDS = 120_000;

describe.skipIf(missing)(`tasks on Slurm${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  let root: string;
  let cluster: Awaited<ReturnType<typeof startSlurm>>;
  const followers: Follower[] = [];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "cosnet-slurm-"));
    await build({
      configFile: false,
      root: ROOT,
      logLevel: "error",
      build: { ssr: join(import.meta.dirname, "follow-units.ts"), outDir: join(root, "program"), emptyOutDir: false },
    });
    symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
    cluster = await startSlurm(join(root, "cluster"), {
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
  }, LONGEST_MILLISECONDS);
  afterAll(async () => {
    for (const { child } of followers) child.kill("SIGKILL");
    await cluster?.stop();
    rmSync(root, { recursive: true, force: true });
  }, LONGEST_MILLISECONDS);

  interface Follower {
    readonly child: ChildProcess;
    readonly events: Record<string, unknown>[];
    readonly ended: Promise<void>;
  }

  function startFollower(folder: string, work: FollowedWork): Follower {
    const child = spawn(process.execPath, [join(root, "program/follow-units.js"), folder, JSON.stringify(work)], {
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

  const tasks = (): string[][] =>
    cluster
      .command("squeue", "--noheader", "--array", "--format=%F_%K %T %N")
      .trim()
      .split("\n")
      .map((line: string) => line.split(" "));

  /** A new batch's folder with units of these kinds, and what to ask of a follower. */
  function batch(name: string, kinds: readonly string[], settings: FollowedWork["settings"]) {
    const folder = join(root, name);
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
    "come to their ends through kills, cancellations, lost nodes, restarts and takeovers",
    async () => {
      const kinds = Array.from({ length: 60 }, (_, i) => ["wait", "wait", "eat", "err"][i] ?? "work");
      const { folder, work, lines } = batch("it's 100% one", kinds, { maximumRunning: 6, memory: "100M" });
      const first = startFollower(folder, work);

      // a process is killed, as the kernel does when memory runs out
      const processOf = (id: string) => Number(readFileSync(join(folder, "at-work", id, "process"), "utf8"));
      await until("u00 and u01 run", () => processOf("u00") > 0 && processOf("u01") > 0);
      process.kill(processOf("u00"), "SIGKILL");

      // a node is drained, and another one, on which u01 runs, is lost
      await until("u01 is told to run", () => first.events.some(({ started }) => started === "u01"));
      const { where } = first.events.find(({ started }) => started === "u01") as { where: string };
      const [node, , task] = where.split(/,? /);
      const other = cluster.nodes.find((name: string) => name !== node);
      cluster.command("scontrol", "update", `nodename=${other}`, "state=drain", "reason=test");
      cluster.command("scontrol", "update", `nodename=${node}`, "state=down", "reason=test");
      await until("u01 is in the queue again", () => tasks().some(([id, state]) => id === task && state === "PENDING"));

      // a task that waits is cancelled
      const [cancelled = ""] = tasks().findLast(([, state]) => state === "PENDING") ?? [];
      cluster.command("scancel", cancelled);

      // the controller goes and comes
      await cluster.stopController();
      await until("the silence is told", () =>
        first.events.some(({ warning }) => String(warning).includes("not answer")),
      );
      cluster.startController();
      await until("the controller answers", () => tasks().length > 0);

      // whoever submitted it is killed, and another takes over
      first.child.kill("SIGKILL");
      await first.ended;
      const second = startFollower(folder, work);
      await until("the second follows", () => second.events.some(({ ended }) => ended !== undefined));

      // Ctrl-C leaves the tasks
      second.child.kill("SIGINT");
      await second.ended;
      expect(second.events.at(-1)).toMatchObject({
        error: expect.stringMatching(/^stopped; \d+ tasks? may go on in Slurm$/),
      });
      cluster.command("scontrol", "update", `nodename=${other}`, "state=resume");
      const third = startFollower(folder, work);
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
      const warnings = [first, second, third].flatMap(({ events }) => events.flatMap(({ warning = [] }) => warning));
      expect(warnings).toContainEqual(expect.stringMatching(/^u00: its process was killed/));
      expect(warnings).toContainEqual(expect.stringMatching(/^u02: out of memory/));
      expect(tasks()).toEqual([[""]]);
    },
    LONGEST_MILLISECONDS,
  );

  test("end when the batch is cancelled, and are not submitted again", async () => {
    const { folder, work, lines } = batch("two", ["wait", "wait", "work"], { maximumRunning: 2 });
    const follower = startFollower(folder, work);
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
    const follower = startFollower(folder, work);
    await follower.ended;
    expect(follower.events).toEqual([
      expect.objectContaining({ error: expect.stringContaining("invalid partition specified: nowhere") }),
    ]);
    expect(await openSubmissions(folder)).toEqual([]);
  });

  test("share their slots among arrays, and are found by their name where the job was not noted", async () => {
    const { folder, work, lines } = batch("four", Array(30).fill("work"), { maximumRunning: 3 });
    const first = startFollower(folder, work);
    await until("one is told to run", () => first.events.length > 0);
    first.child.kill("SIGKILL");
    await first.ended;
    const [submission] = await openSubmissions(folder);
    const { jobId: _, ...unnoted } = submission!;
    await noteSubmission(folder, unnoted);
    const second = startFollower(folder, work);
    await second.ended;
    expect(second.events.at(-1)).toEqual({ finished: true });
    expect(scripts(folder).length).toBeGreaterThan(1); // 21 tasks are the most of an array
    expect(lines("starts").sort()).toEqual(work.units.map(({ id }) => id));
    expect(Math.max(...lines("counts").map(Number))).toBe(3);
  });
});

const scripts = (folder: string) => readdirSync(join(folder, "slurm")).filter((name) => name.endsWith(".sh"));

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      if (holds()) return;
    } catch (error) {
      if (i > 300) throw error;
    }
    if (i > 300) throw new Error(`waited too long until ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

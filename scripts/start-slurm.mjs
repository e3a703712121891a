// Starts a Slurm cluster of this computer alone, on loopback, for tests and for whoever wants to try one:
// node scripts/start-slurm.mjs FOLDER [--nodes 4] [--cpus 2] [--memory 2000] [--array-size 21]
// It takes Slurm and MUNGE as Debian has them (apt-get install slurm-wlm munge), and no accounting database. Every node is a slurmd of
// its own, and has as many processors and as much memory (MB) as it is told to have. It runs until Ctrl-C, or until its input ends.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, userInfo } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";

/** Daemons lie where the PATH of people who are not root may not lead. */
const PATH = [process.env.PATH, "/usr/local/sbin", "/usr/sbin", "/sbin"].join(delimiter);
const PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo"];
const LONGEST_START_MILLISECONDS = 60_000;

/** What is missing to start a cluster; undefined when it is all there. */
export function missingSlurm() {
  const missing = PROGRAMS.filter(
    (name) => spawnSync("sh", ["-c", `command -v ${name}`], { env: { PATH } }).status !== 0,
  );
  return missing.length === 0 ? undefined : `${missing.join(", ")} not found: install slurm-wlm and munge`;
}

/**
 * Starts a cluster in an empty or new folder, and waits until its nodes are idle.
 * @param settings lines of slurm.conf after the script's own, which they replace.
 * @returns the environment that Slurm's commands take, and what tests do to a cluster.
 */
export async function startSlurm(folder, { nodes = 4, cpus = 2, memory = 2000, arraySize = 21, settings = [] } = {}) {
  const at = (...names) => join(resolve(folder), ...names);
  for (const name of ["munge", "state", "log"]) mkdirSync(at(name), { recursive: true, mode: 0o711 });
  writeFileSync(at("munge", "key"), randomBytes(1024), { mode: 0o600 });
  const names = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
  const [controllerPort, ...nodePorts] = await freePorts(1 + nodes);
  const own = {
    ClusterName: "loopback",
    SlurmctldHost: `${hostname()}(127.0.0.1)`,
    SlurmctldPort: controllerPort,
    CommunicationParameters: "NoInAddrAny,NoCtldInAddrAny", // nobody outside is to reach them
    SlurmUser: userInfo().username,
    SlurmdUser: userInfo().username,
    AuthType: "auth/munge",
    // A task that is put back into the queue waits until its credential has expired, two minutes unless it is said here.
    AuthInfo: `socket=${at("munge", "socket")},cred_expire=5`,
    StateSaveLocation: at("state"),
    SlurmdSpoolDir: at("spool-%n"),
    SlurmctldPidFile: at("slurmctld.pid"),
    SlurmdPidFile: at("slurmd-%n.pid"),
    SlurmctldLogFile: at("log", "slurmctld"),
    SlurmdLogFile: at("log", "slurmd-%n"),
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    SwitchType: "switch/none",
    MpiDefault: "none",
    SelectType: "select/cons_tres",
    SelectTypeParameters: "CR_Core_Memory",
    SlurmdParameters: "config_overrides", // nodes have what is said below, not what this computer has
    SchedulerParameters: "batch_sched_delay=0,sched_interval=1,sched_min_interval=0",
    ReturnToService: 2,
    MaxArraySize: arraySize,
    KillWait: 5,
  };
  const nodeLine = (name, i) =>
    `NodeName=${name} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${nodePorts[i]} CPUs=${cpus} RealMemory=${memory} State=UNKNOWN`;
  const replaced = new Set(settings.map((line) => line.split("=")[0]));
  const lines = [
    ...Object.entries(own).flatMap(([key, value]) => (replaced.has(key) ? [] : [`${key}=${value}`])),
    ...settings,
    ...names.map(nodeLine),
    `PartitionName=main Nodes=${names.join(",")} Default=YES MaxTime=INFINITE State=UP`,
  ];
  writeFileSync(at("slurm.conf"), `${lines.join("\n")}\n`);

  const environment = { ...process.env, PATH, SLURM_CONF: at("slurm.conf") };
  const command = (name, ...words) => {
    const { status, stdout, stderr, error } = spawnSync(name, words, { env: environment, encoding: "utf8" });
    if (error || status !== 0) throw new Error(`${name} ${words.join(" ")}: ${error?.message ?? stderr}`);
    return stdout;
  };
  const daemons = new Map();
  const start = (key, program, ...words) => {
    const output = openSync(at("log", `${key}.output`), "a");
    // In a group of its own: Ctrl-C is for this script, which stops all in order.
    const child = spawn(program, words, { env: environment, detached: true, stdio: ["ignore", output, output] });
    daemons.set(key, { child, ended: new Promise((done) => child.on("exit", done)) });
  };
  const end = async (key, signal) => {
    const { child, ended } = daemons.get(key) ?? {};
    child?.kill(signal);
    await ended;
    daemons.delete(key);
  };
  const startController = () => start("slurmctld", "slurmctld", "-D");
  const stop = async () => {
    try {
      command("scancel", "--user", userInfo().username);
      await waitFor("the end of all jobs", () => command("squeue", "--noheader") === "", 15_000);
    } catch {} // without a controller nothing can be asked
    for (const key of [...daemons.keys()].reverse()) await end(key, "SIGTERM");
  };
  process.on("exit", () => {
    for (const { child } of daemons.values()) child.kill("SIGKILL");
  });

  try {
    const munge = (name) => at("munge", name);
    start(
      "munged",
      ...["munged", "--foreground", "--force", `--key-file=${munge("key")}`, `--socket=${munge("socket")}`],
      ...[`--pid-file=${munge("pid")}`, `--log-file=${munge("log")}`, `--seed-file=${munge("seed")}`],
    );
    startController();
    for (const name of names) start(name, "slurmd", "-D", "-N", name);
    await waitFor(
      "idle nodes",
      () => command("sinfo", "--noheader", "--Node", "--states=idle").split("\n").length > nodes,
    );
  } catch (error) {
    const log = readFileSync(at("log", "slurmctld.output"), "utf8").slice(-2000);
    await stop();
    throw new Error(`Slurm did not start: ${error.message}\n${log}`);
  }
  return {
    environment,
    nodes: names,
    command,
    stopController: () => end("slurmctld", "SIGTERM"),
    startController,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Different free ports of the loopback interface. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((done) => {
          const server = createServer().listen(0, "127.0.0.1", () => done(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** @throws what `holds` throws at last. */
async function waitFor(what, holds, longestMilliseconds = LONGEST_START_MILLISECONDS) {
  for (const start = performance.now(); ; ) {
    const isLast = performance.now() - start > longestMilliseconds;
    try {
      if (holds()) return;
    } catch (error) {
      if (isLast) throw error;
    }
    if (isLast) throw new Error(`waited too long for ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      nodes: { type: "string", default: "4" },
      cpus: { type: "string", default: "2" },
      memory: { type: "string", default: "2000" },
      "array-size": { type: "string", default: "21" },
    },
  });
  const [folder] = positionals;
  const missing = folder === undefined ? "a folder is missing: node scripts/start-slurm.mjs FOLDER" : missingSlurm();
  if (missing !== undefined) {
    console.error(missing);
    process.exit(1);
  }
  rmSync(folder, { recursive: true, force: true });
  const cluster = await startSlurm(folder, {
    nodes: Number(values.nodes),
    cpus: Number(values.cpus),
    memory: Number(values.memory),
    arraySize: Number(values["array-size"]),
  });
  console.log(`In another terminal:\nexport SLURM_CONF=${cluster.environment.SLURM_CONF}\nCtrl-C ends it.`);
  await new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, done);
  });
  await cluster.stop();
}

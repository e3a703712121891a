import { readFile } from "node:fs/promises";
import { availableParallelism, freemem } from "node:os";

/** What processes started now may use together. */
export interface MachineResources {
  /** Those that this process may run on, within the processor time of its control group. */
  readonly cores: number;
  /** Memory that can be had without swapping, within the limit of its control group. */
  readonly freeBytes: number;
}

/** Asks the system; a container's limits count where it tells them. */
export async function machineResources(): Promise<MachineResources> {
  const quota = await coreQuota();
  const free = Math.min(await availableBytes(), await bytesLeftInGroup());
  return { cores: Math.max(1, Math.min(availableParallelism(), Math.floor(quota))), freeBytes: Math.max(0, free) };
}

/** On Linux what the kernel counts as available: free memory, and caches that it would give up. */
async function availableBytes(): Promise<number> {
  const [, kilobytes] = /^MemAvailable:\s+(\d+) kB/m.exec((await textOf("/proc/meminfo")) ?? "") ?? [];
  return kilobytes === undefined ? freemem() : 1024 * Number(kilobytes);
}

/** Processor time of the control group, in cores: version 2 of the interface, else version 1. */
async function coreQuota(): Promise<number> {
  const [quota, period] = ((await textOf("/sys/fs/cgroup/cpu.max")) ?? "max").split(" ");
  if (Number(quota) > 0) return Number(quota) / Number(period);
  const microseconds = await numberOf("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  if (microseconds === undefined || microseconds <= 0) return Number.POSITIVE_INFINITY;
  return microseconds / ((await numberOf("/sys/fs/cgroup/cpu/cpu.cfs_period_us")) ?? 100_000);
}

/** What the control group's limit leaves beside what is in use, of which caches of files can be given up. */
async function bytesLeftInGroup(): Promise<number> {
  for (const [limit, usage, statistics, cache] of GROUP_FILES) {
    const [most, used] = [await numberOf(limit), await numberOf(usage)];
    if (most === undefined || used === undefined) continue;
    const [, cached = "0"] = new RegExp(`^${cache} (\\d+)`, "m").exec((await textOf(statistics)) ?? "") ?? [];
    return most - used + Number(cached);
  }
  return Number.POSITIVE_INFINITY;
}

const GROUP_FILES = [
  ["memory.max", "memory.current", "memory.stat", "inactive_file"],
  ["memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat", "total_inactive_file"],
].map(([limit, usage, statistics, cache]) => [
  `/sys/fs/cgroup/${limit}`,
  `/sys/fs/cgroup/${usage}`,
  `/sys/fs/cgroup/${statistics}`,
  cache,
]) as readonly (readonly [string, string, string, string])[]; // each row has four

async function numberOf(path: string): Promise<number | undefined> {
  const text = await textOf(path);
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? undefined : value;
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").then(
    (text) => text.trim(),
    () => undefined,
  );
}

import { readFileSync } from "node:fs";
import { HOST } from "../disk/index.js";

/** Tells one process from all others, also after its end. */
export interface ProcessMark {
  readonly host: string;
  readonly pid: number;
  /** When the process began, where the system tells: another process may have the number of a dead one. */
  readonly born: string;
}

export function markOfThisProcess(): ProcessMark {
  return { host: HOST, pid: process.pid, born: birthOf(process.pid) };
}

/** Undefined for a process of another machine: nobody here can say. */
export function isRunningHere({ host, pid, born }: ProcessMark): boolean | undefined {
  return host === HOST ? isAlive(pid) && birthOf(pid) === born : undefined;
}

/** Whether something read from a file is a mark. */
export function isProcessMark(value: unknown): value is ProcessMark {
  const { host, pid, born } = (value ?? {}) as Partial<ProcessMark>; // every field is looked at
  return typeof host === "string" && typeof pid === "number" && typeof born === "string";
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** On Linux, the time since the machine's start at which the process began; empty elsewhere. */
function birthOf(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold spaces; the start time is the twentieth field after it.
    return `${boot} ${text.slice(text.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return "";
  }
}

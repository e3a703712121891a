/** cosnet as it is built and run, and its workbench as a page would reach it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CALL_PATH,
  decodeEnvelope,
  type EngineEvent,
  EVENTS_PATH,
  encodeEnvelope,
  engineOverCalls,
  errorOf,
  TOKEN_HEADER,
  type WorkbenchEngine,
  type WorkbenchFailure,
} from "../../src/workbench/protocol/index.js";

const ROOT = join(import.meta.dirname, "../..");

export interface BuiltProgram extends Disposable {
  /** A folder for whatever a test writes. */
  readonly folder: string;
  /** The script that is run. */
  readonly main: string;
  /** Runs a command to its end, in that folder. */
  run(...args: readonly string[]): void;
  /** Runs a line of a shell there, in which `cosnet` is this program. */
  runInShell(line: string): void;
  /** Starts the workbench there, and waits until it has told its link. */
  startWorkbench(...args: readonly string[]): Promise<RunningWorkbench>;
}

/** Where `npm test` has built the working tree already. */
const BUILT = process.env.COSNET_BUILT;

/** For `beforeAll`: building takes a quarter of a minute on two quiet cores. */
export const BUILD_MILLISECONDS = 600_000;

/** Builds the working tree into a folder of its own: the dist beside it may be older, or in use. */
export function buildProgram(): BuiltProgram {
  const root = mkdtempSync(join(tmpdir(), "cosnet-workbench-"));
  const [program, folder] = [join(root, "program"), join(root, "files")];
  mkdirSync(folder);
  mkdirSync(program);
  if (BUILT) cpSync(join(BUILT, "dist"), join(program, "dist"), { recursive: true });
  else finish(process.execPath, [join(ROOT, "scripts/build.mjs"), program], ROOT);
  for (const name of ["package.json", "models", "node_modules"]) symlinkSync(join(ROOT, name), join(program, name));
  const main = join(program, "dist/program/cosnet.js");
  const running: RunningWorkbench[] = [];
  return {
    ...{ folder, main },
    run: (...args) => finish(process.execPath, [main, ...args], folder),
    runInShell: (line) => finish("sh", ["-c", `cosnet() { "${process.execPath}" "${main}" "$@"; }; ${line}`], folder),
    async startWorkbench(...args) {
      const started = await startWorkbench([main, "workbench", "--no-open", ...args], folder);
      running.push(started);
      return started;
    },
    [Symbol.dispose]() {
      for (const workbench of running) void workbench.kill("SIGKILL");
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function finish(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")}\n${stdout}${stderr}`);
}

interface RunningWorkbench {
  readonly url: string;
  readonly process: ChildProcess;
  readonly engine: WorkbenchEngine;
  /** Calls by name, whatever the interface has. */
  request(path: string, options?: RequestInit): Promise<Response>;
  /** Every event from now on, the project as it is first; ends when the reader stops. */
  events(): AsyncGenerator<EngineEvent>;
  /** All that it has printed. */
  printed(): { readonly out: string; readonly err: string };
  /** Ends it; gives its exit code, null where the signal ended it. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

async function startWorkbench(args: readonly string[], cwd: string): Promise<RunningWorkbench> {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit") as Promise<[code: number | null]>;
  let [out, err] = ["", ""];
  child.stderr.on("data", (data) => (err += data));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (data) => {
      out += data;
      const link = /http:\S+/.exec(out);
      if (link && out.includes("\n")) resolve(link[0]);
    });
    void exited.then(([code]) => reject(new Error(`the workbench ended with ${code}: ${err}`)));
  });
  const { origin, hash } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get("token") ?? "";
  const request = (path: string, options: RequestInit = {}) =>
    fetch(origin + path, { ...options, headers: { [TOKEN_HEADER]: token } });
  return {
    ...{ url, process: child, request },
    engine: engineOverCalls(async (method, parameters) => {
      const response = await request(CALL_PATH + method, { method: "POST", body: encodeEnvelope(parameters) });
      if (!response.ok) throw errorOf((await response.json()) as WorkbenchFailure);
      return decodeEnvelope(new Uint8Array(await response.arrayBuffer()));
    }),
    async *events() {
      const { body } = await request(EVENTS_PATH);
      yield* eventsIn(body as ReadableStream<Uint8Array>);
    },
    printed: () => ({ out, err }),
    async kill(signal) {
      child.kill(signal);
      return (await exited)[0];
    },
  };
}

async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<EngineEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    const messages = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = messages.pop() ?? "";
    for (const message of messages)
      if (message.startsWith("data: ")) yield JSON.parse(message.slice("data: ".length)) as EngineEvent;
  }
}

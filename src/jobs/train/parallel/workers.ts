/** The workers of a training as the training sees them: who is there, and what each has still to answer. */
import { createServer, type Socket } from "node:net";
import { AbortError, ModelError } from "../../../errors.js";
import { packageVersion } from "../../../files/disk/index.js";
import { createToken, isToken, listening, TOKEN_LENGTH } from "../../../files/network/index.js";
import { announce } from "./meeting-place.js";
import type { FromWorker, Gradient, ToWorker, TrainingTask } from "./messages.js";
import { createStep, type GradientRequest, type Step, type Worker } from "./step.js";
import { openWire, type Wire } from "./wire.js";

/** Workers of a training, wherever they run; `await using` it: they are told that it has ended. */
export interface Workers extends AsyncDisposable {
  readonly count: number;
  /**
   * Gradients of the batches, in their order. Those of a worker that goes away are found by others; while there is none, one is
   * waited for.
   * @throws ModelError when a worker says that it cannot; AbortError when stopped while there is no worker.
   */
  gradientsOf(request: GradientRequest, signal: AbortSignal | undefined): Promise<Gradient[]>;
  /** Nobody will come any more: what is waited for fails with this. */
  fail(error: Error): void;
}

export interface WorkersOptions {
  /** The training's, where they find it. */
  readonly folder: string;
  readonly task: TrainingTask;
  /** Some come without being asked for. */
  readonly areStartedHere: boolean;
  /** What workers reach this computer by. */
  readonly host: string;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

type Ready = Extract<FromWorker, { type: "ready" }>;

/** Whoever has not said the token by then is none of ours. */
const LONGEST_SILENCE_MILLISECONDS = 10_000;

/** A worker may be in the midst of a batch that nobody needs any more. */
const LONGEST_FAREWELL_MILLISECONDS = 10_000;

/** A worker takes some seconds to begin. */
const PATIENCE_MILLISECONDS = 20_000;

/** @throws ConfigError when `host` is not this computer, FileError. */
export async function awaitWorkers({
  folder,
  task,
  host,
  areStartedHere,
  onWarning,
}: WorkersOptions): Promise<Workers> {
  const workers = new Set<Worker>();
  const token = createToken();
  let step: Step | undefined;
  let failure: Error | undefined;
  let isEnding = false;
  const fail = (error: Error): void => {
    failure = error;
    step?.fail(error);
  };
  const welcome = ({ name, version }: Ready, wire: Wire<ToWorker>): Worker | undefined => {
    const own = packageVersion();
    if (version !== own) {
      onWarning?.(`a worker of cosnet ${version} on ${name} is not taken: this is ${own}`);
      wire.end();
      return undefined;
    }
    const worker = { name, wire, asked: new Set<number>() };
    workers.add(worker);
    wire.send({ type: "begin", task });
    step?.share();
    return worker;
  };
  const server = createServer((socket) => {
    admit(socket, token, () => {
      let worker: Worker | undefined;
      const onMessage = (message: FromWorker): void => {
        switch (message.type) {
          case "ready":
            worker = welcome(message, wire);
            break;
          case "gradient":
            worker?.asked.delete(message.batch);
            step?.take(message.batch, message.gradient);
            break;
          case "failed":
            fail(new ModelError(`a worker cannot go on: ${message.reason}`));
        }
      };
      const onClosed = (): void => {
        if (!worker) return;
        workers.delete(worker);
        if (isEnding) return;
        onWarning?.(`the worker on ${worker.name} has gone: others find the gradients of its batches`);
        step?.share();
      };
      const wire = openWire<FromWorker, ToWorker>(socket, { onMessage, onClosed });
    });
  });
  const hostHint = "Give the name or address by which workers reach this computer.";
  const port = await listening(server, { port: 0, host, hostHint });
  const announced = await announce(folder, { host, port, token });
  return {
    get count() {
      return workers.size;
    },
    async gradientsOf(request, signal) {
      if (failure) throw failure;
      step = createStep(workers, request);
      const stopUnlessWorking = (): void => {
        if (signal?.aborted && workers.size === 0)
          step?.fail(new AbortError("stopped before the end", { cause: signal.reason }));
      };
      const patience = setInterval(() => {
        stopUnlessWorking();
        if (workers.size === 0 && !areStartedHere)
          onWarning?.(`there is no worker: start \`cosnet train worker ${folder}\``);
      }, PATIENCE_MILLISECONDS);
      signal?.addEventListener("abort", stopUnlessWorking);
      try {
        step.share();
        return await step.found;
      } finally {
        clearInterval(patience);
        signal?.removeEventListener("abort", stopUnlessWorking);
        step = undefined;
      }
    },
    fail,
    async [Symbol.asyncDispose]() {
      isEnding = true;
      await announced[Symbol.asyncDispose]();
      for (const { wire } of workers) {
        wire.send({ type: "end" });
        wire.end();
      }
      const hangUp = setTimeout(() => {
        for (const { wire } of workers) wire.destroy();
      }, LONGEST_FAREWELL_MILLISECONDS);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(hangUp);
    },
  };
}

/** Calls `welcome` when the token was said; whoever says another is hung up on. */
function admit(socket: Socket, token: string, welcome: () => void): void {
  let said = Buffer.alloc(0);
  const hangUp = (): void => {
    socket.destroy();
  };
  const listen = (part: Buffer): void => {
    said = Buffer.concat([said, part]);
    if (said.length < TOKEN_LENGTH) return;
    socket.off("data", listen);
    socket.setTimeout(0);
    socket.off("error", hangUp);
    if (!isToken(said.subarray(0, TOKEN_LENGTH), token)) {
      hangUp();
      return;
    }
    socket.pause();
    socket.unshift(said.subarray(TOKEN_LENGTH));
    welcome();
    socket.resume();
  };
  socket.setTimeout(LONGEST_SILENCE_MILLISECONDS, hangUp);
  socket.on("error", hangUp);
  socket.on("data", listen);
}

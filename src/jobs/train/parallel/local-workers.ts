/** Workers on this computer. */
import { type ChildProcess, fork } from "node:child_process";
import { countText } from "../../../count-text.js";
import { ModelError } from "../../../errors.js";
import { type TrainingWorkerOptions, workForTraining } from "./work.js";

export interface LocalWorkersOptions extends Pick<TrainingWorkerOptions, "folder"> {
  readonly count: number;
  /** Of each. */
  readonly threads: number | undefined;
  onWarning?: ((warning: string) => void) | undefined;
  /** All have ended, and nobody has asked them to. */
  onAllGone(error: Error): void;
}

/**
 * Starts workers as processes, or in this thread where the compiled one is not there (as when the sources run uncompiled, in
 * tests). They end with the training, and with this process.
 */
export function startLocalWorkers({
  count,
  threads,
  folder,
  onWarning,
  onAllGone,
}: LocalWorkersOptions): AsyncDisposable {
  if (import.meta.url.endsWith(".ts")) {
    const working = Array.from({ length: count }, () => workForTraining({ folder, threads }));
    return { [Symbol.asyncDispose]: async () => void (await Promise.allSettled(working)) };
  }
  let isEnding = false;
  const children = new Set<ChildProcess>();
  const ended = Array.from({ length: count }, () => {
    const args = [folder, `${threads ?? ""}`];
    const child = fork(new URL("./worker-process.js", import.meta.url), args, {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    children.add(child);
    return new Promise<void>((resolve) =>
      child.once("exit", (code, signal) => {
        children.delete(child);
        resolve();
        if (isEnding || code === 0) return;
        const reason = signal ? `was ended by ${signal}` : `ended with code ${code}`;
        onWarning?.(`a worker ${reason}; ${countText(children.size, "worker")} of this computer go on`);
        if (children.size === 0)
          onAllGone(
            new ModelError(`every worker has ended: the last ${reason}`, {
              hint: "Memory may be short: try fewer --workers.",
            }),
          );
      }),
    );
  });
  return {
    async [Symbol.asyncDispose]() {
      isEnding = true;
      for (const child of children) if (child.connected) child.disconnect();
      await Promise.all(ended);
    },
  };
}

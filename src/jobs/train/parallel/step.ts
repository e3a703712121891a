/** The batches of one optimiser step, shared out among workers. */
import type { Gradient, ToWorker } from "./messages.js";
import type { Wire } from "./wire.js";

/** A worker as the training sees it. */
export interface Worker {
  /** Where it runs, for people. */
  readonly name: string;
  readonly wire: Wire<ToWorker>;
  /** Batches that it was asked for and has not answered. */
  readonly asked: Set<number>;
}

/** What gradients are wanted. */
export interface GradientRequest {
  readonly parameters: Float32Array;
  readonly statistics: Float32Array;
  /** By number. */
  readonly batches: readonly number[];
  /** The batches that will be asked for next, as many. */
  readonly next: readonly number[];
}

/** A step on its way. */
export interface Step {
  /** Gradients in the order of the batches. */
  readonly found: Promise<Gradient[]>;
  /** Asks for what nobody was asked for, or somebody who has gone. */
  share(): void;
  take(batch: number, gradient: Gradient): void;
  fail(error: unknown): void;
}

/** @param workers those who are there, as they come and go */
export function createStep(workers: ReadonlySet<Worker>, { batches, next, ...at }: GradientRequest): Step {
  const gradients = new Map<number, Gradient>();
  let settle: { resolve(found: Gradient[]): void; reject(error: unknown): void };
  const found = new Promise<Gradient[]>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return {
    found,
    share() {
      const asked = new Set([...workers].flatMap((worker) => [...worker.asked]));
      const shares = new Map<Worker, number[]>();
      for (const [place, batch] of batches.entries()) {
        if (gradients.has(batch) || asked.has(batch)) continue;
        const worker = idlest(workers);
        if (!worker) break;
        worker.asked.add(batch);
        shares.set(worker, [...(shares.get(worker) ?? []), place]);
      }
      for (const [{ wire }, places] of shares) {
        const of = (numbers: readonly number[]) => places.map((place) => numbers[place]!); // places are of both
        wire.send({ type: "find", ...at, batches: of(batches), next: of(next) });
      }
    },
    take(batch, gradient) {
      gradients.set(batch, gradient);
      if (gradients.size === batches.length) settle.resolve(batches.map((one) => gradients.get(one)!)); // all are there
    },
    fail: (error) => settle.reject(error),
  };
}

/** The first of those with the least to do. */
function idlest(workers: ReadonlySet<Worker>): Worker | undefined {
  let least: Worker | undefined;
  for (const worker of workers) if (!least || worker.asked.size < least.asked.size) least = worker;
  return least;
}

import { nodeRuntime } from "../../files/model/index.js";
import { type AlignerOptions, type Alignment, createAligner, type Subtomogram } from "../../infer/index.js";

/** What an engine needs before it can align: it goes to worker threads whole. */
export interface EngineSetup {
  readonly aligner: AlignerOptions;
  readonly reference: Subtomogram;
  /** Correlation of particles and reference in each shell; undefined where nothing has been measured. */
  readonly correlation: Float64Array<ArrayBuffer> | undefined;
}

/** Aligns one particle after another; dispose of it. */
export interface AlignEngine extends AsyncDisposable {
  /** @throws ModelError. */
  align(particle: Subtomogram): Promise<Alignment>;
}

/** An engine in this thread. @throws ModelError. */
export async function createEngine({ aligner: options, reference, correlation }: EngineSetup): Promise<AlignEngine> {
  const aligner = await createAligner(nodeRuntime, { ...options, threads: 1 });
  const prepared = aligner.prepare(reference);
  return {
    align: (particle) => aligner.align(particle, prepared, correlation),
    [Symbol.asyncDispose]: () => aligner[Symbol.asyncDispose](),
  };
}

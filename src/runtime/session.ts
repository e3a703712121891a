import { ModelError } from "../errors.js";
import type { Array32 } from "./array.js";
import { type Device, withFirstAnswersChecked } from "./device.js";

/** The part of ONNX Runtime's JavaScript interface that cosnet uses; onnxruntime-node and onnxruntime-web both have it. */
export interface OnnxRuntime {
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => unknown;
  readonly InferenceSession: SessionFactory;
  /** The same, each session in a thread of its own, so that several run at the same time; absent where there are no such threads. */
  readonly inOwnThread?: SessionFactory | undefined;
  /** Threads inside one operator where a session asks for no number; undefined: what ONNX Runtime itself takes. */
  readonly defaultThreads?: number;
  /** It is the native library: others have no blocked operators, and say so on the console when they are asked. */
  readonly isNative?: boolean;
  /** It computes on processors, where convolutions in 8 bits are faster than those in float32, and not on a graphics card. */
  readonly hasIntegerKernels?: boolean;
}

/** What loads models. */
export interface SessionFactory {
  /** A session of an ONNX file's bytes; the options are ONNX Runtime's own. */
  create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<OnnxSession>;
}

/** A session as ONNX Runtime's JavaScript interface has it. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Outputs by name, of inputs by name. */
  run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** Frees the model. */
  release(): Promise<void>;
}

/** How ONNX Runtime runs a model. */
export interface SessionOptions {
  /** Threads inside one operator; default the runtime's `defaultThreads`. */
  readonly threads?: number | undefined;
  /**
   * Where it computes; default "cpu". On another device, the first answer to inputs of each shape is compared with the processor's,
   * whose session is loaded and freed for it.
   */
  readonly device?: Device | undefined;
  /** ONNX Runtime's own rewriting of the graph. `extended` where the graph calls blocked operators itself. */
  readonly optimization?: "all" | "extended" | "basic" | "disabled";
  /**
   * Whether idle threads wait by spinning. Slightly faster on an idle machine; without it other work (rendering batches,
   * other programs) gets the processor while ONNX Runtime waits.
   */
  readonly spinning?: boolean;
  /**
   * Whether memory is planned as one block from the second run on, beside what the first took piece by piece, which stays: half as
   * much again for large inputs, and not measurably faster. Default true.
   */
  readonly memoryPattern?: boolean;
  /** Where ONNX Runtime writes a timing trace, for benchmarks. */
  readonly profilePrefix?: string;
}

/** A loaded model, ready to run; `await using` it, or `release` it. */
export interface Session extends AsyncDisposable {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** @throws ModelError when ONNX Runtime refuses the inputs. */
  run(inputs: Readonly<Record<string, Array32>>): Promise<Record<string, Array32>>;
  /** Frees the model. */
  release(): Promise<void>;
}

/**
 * Loads an encoded graph into ONNX Runtime.
 * @throws ModelError when the bytes are not a model that this ONNX Runtime can run on this device.
 */
export async function createSession(
  runtime: OnnxRuntime,
  model: Uint8Array,
  options: SessionOptions = {},
): Promise<Session> {
  const session = await openSession(runtime, model, options);
  if ((options.device ?? "cpu") === "cpu") return session;
  return withFirstAnswersChecked(session, () => openSession(runtime, model, { ...options, device: "cpu" }));
}

async function openSession(
  runtime: OnnxRuntime,
  model: Uint8Array,
  {
    threads = runtime.defaultThreads,
    device = "cpu",
    optimization = "all",
    spinning = false,
    memoryPattern = true,
    profilePrefix,
  }: SessionOptions,
): Promise<Session> {
  let session: OnnxSession;
  const settings = {
    ...(spinning ? {} : { intra_op: { allow_spinning: "0" } }),
    ...(device === "cpu" ? {} : { disable_cpu_ep_fallback: "1" }), // what it lacks is an error, not slow
  };
  try {
    session = await runtime.InferenceSession.create(model, {
      executionProviders: [device],
      graphOptimizationLevel: optimization,
      interOpNumThreads: 1,
      enableMemPattern: memoryPattern,
      logSeverityLevel: 3,
      extra: { session: settings },
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    });
  } catch (cause) {
    if (cause instanceof ModelError) throw cause; // a runtime that says itself what is wrong
    throw new ModelError(`ONNX Runtime cannot load this model: ${messageOf(cause)}`, {
      cause,
      hint:
        device === "cpu"
          ? "Check with `cosnet info FILE` that the file is a complete ONNX model."
          : "Compute on the processor: `--device cpu`.",
    });
  }
  const release = () => session.release();
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(inputs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { data, shape }]) => [name, new runtime.Tensor("float32", data, shape)]),
      );
      try {
        const outputs = await session.run(feeds);
        return Object.fromEntries(
          Object.entries(outputs).map(([name, tensor]) => {
            const { data, dims } = tensor as { data: Float32Array; dims: readonly number[] };
            return [name, { data, shape: dims }];
          }),
        );
      } catch (cause) {
        throw new ModelError(`ONNX Runtime failed to run the model: ${messageOf(cause)}`, { cause });
      }
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

import { ModelError } from "../errors.js";
import type { Array8, Array32, SessionInputs } from "./array.js";
import { type Device, withFirstAnswersChecked } from "./device.js";

/** The part of ONNX Runtime's JavaScript interface that cosnet uses; onnxruntime-node and onnxruntime-web both have it. */
export interface OnnxRuntime {
  readonly Tensor: new (
    type: "float32" | "uint8" | "int8",
    data: (Array32 | Array8)["data"],
    dims: readonly number[],
  ) => unknown;
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
  run(inputs: SessionInputs): Promise<Record<string, Array32>>;
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

async function openSession(runtime: OnnxRuntime, model: Uint8Array, options: SessionOptions): Promise<Session> {
  const { run, release, ...names } = await openModel(runtime, model, options);
  return {
    ...names,
    run: async (inputs) => arraysOf(await run(tensorsOf(runtime, inputs))),
    release,
    [Symbol.asyncDispose]: release,
  };
}

/** @internal A tensor of ONNX Runtime. Its values can be had where `location` is "cpu". */
export interface RuntimeTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
  readonly location: "cpu" | "gpu-buffer";
  /** Frees its memory on a graphics processor. */
  dispose(): void;
}

type Tensors = Readonly<Record<string, RuntimeTensor>>;
/** @internal A model as ONNX Runtime runs it. */
export interface OpenModel extends Pick<Session, "inputNames" | "outputNames" | "release"> {
  /** @throws ModelError when ONNX Runtime refuses the inputs. */
  run(feeds: Tensors): Promise<Tensors>;
}

/** @internal */
export const tensorsOf = (runtime: OnnxRuntime, inputs: SessionInputs): Tensors =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [
      name,
      new runtime.Tensor(typeOf(data), data, shape) as RuntimeTensor,
    ]),
  );

function typeOf(data: (Array32 | Array8)["data"]) {
  if (data instanceof Float32Array) return "float32";
  return data instanceof Int8Array ? "int8" : "uint8";
}

/** @internal Of tensors in the processor's memory. */
export const arraysOf = (tensors: Tensors): Record<string, Array32> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data, dims }]) => [name, { data, shape: dims }]));

/**
 * @internal
 * @param options `kept`: outputs that stay on the device, if that is another than the processor
 * @throws ModelError as `createSession`.
 */
export async function openModel(
  runtime: OnnxRuntime,
  model: Uint8Array,
  {
    threads = runtime.defaultThreads,
    device = "cpu",
    optimization = "all",
    spinning = false,
    memoryPattern = true,
    profilePrefix,
    kept = [],
  }: SessionOptions & { readonly kept?: readonly string[] },
): Promise<OpenModel> {
  let session: OnnxSession;
  const settings = {
    ...(spinning ? {} : { intra_op: { allow_spinning: "0" } }),
    ...(device === "cpu" ? {} : { disable_cpu_ep_fallback: "1" }), // what it lacks is an error, not slow
  };
  const locations = Object.fromEntries(kept.map((name) => [name, "gpu-buffer"]));
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
      ...(device === "cpu" || kept.length === 0 ? {} : { preferredOutputLocation: locations }),
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
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds) {
      try {
        return (await session.run(feeds)) as Tensors; // all that our graphs return is float32
      } catch (cause) {
        throw new ModelError(`ONNX Runtime failed to run the model: ${messageOf(cause)}`, { cause });
      }
    },
    release: () => session.release(),
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

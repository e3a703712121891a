import type { Operation, OperationOf } from "../operation.js";
import type { Tensor } from "../tensor.js";
import { createMessageWriter, type MessageWriter } from "./protobuf.js";

/** Emits the ONNX nodes of an operation, given the names of its inputs' values; returns the name of its own. */
export type Lowering<K extends Operation["kind"]> = (
  emitter: Emitter,
  operation: OperationOf<K>,
  inputs: readonly string[],
  tensor: Tensor,
) => string;

/** An attribute of an ONNX node: a plain number is an integer. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** What a blocked value holds, in whatever shape its tensor has. */
export interface Blocks {
  readonly slices: number;
  readonly channels: number;
  readonly plane: number;
}

/** Collects ONNX nodes and initializers while a graph is lowered; values are referred to by name. */
export interface Emitter {
  /** Adds a node and returns the name of its (first) output. */
  emit(opType: string, inputs: readonly string[], attributes?: Readonly<Record<string, Attribute>>): string;
  /** Adds an int64 tensor (shapes, axes, indices); equal ones are shared. */
  integers(values: readonly number[], shape?: readonly number[]): string;
  /** Adds a float32 tensor. */
  floats(values: Float32Array, shape: readonly number[], name?: string): string;
  /** Adds a float64 tensor. */
  doubles(values: Float32Array, shape: readonly number[]): string;
  /** Adds a tensor of 8-bit integers. */
  integers8(values: Uint8Array | Int8Array, shape: readonly number[]): string;
  /** Adds an int32 tensor. */
  integers32(values: Int32Array, shape: readonly number[]): string;
  /** Reshapes; the first length is left to be inferred, so that the batch may vary. */
  reshape(value: string, shape: readonly number[]): string;
  /** The value made by `make`, made once for each key: work that forward and backward pass share. */
  once(key: string, make: () => string): string;
  /** What the values in the blocked layout hold, by name. */
  readonly blocked: Map<string, Blocks>;
  readonly options: EncodeOptions;
}

/** The least and largest value of each tensor that is kept in 8 bits, by name. */
export type QuantisedRanges = ReadonlyMap<string, readonly [number, number]>;

/** How a graph is written as an ONNX model. */
export interface EncodeOptions {
  /**
   * `portable`: standard ONNX operators only. `cpu`: also ONNX Runtime's own operators where they are faster:
   * fused matrix products and, with `blockedChannels`, its blocked convolution.
   */
  readonly target: "portable" | "cpu";
  /** ONNX Runtime's channel block on this machine (16 with AVX-512, else 8), where its blocked convolution may be used. */
  readonly blockedChannels?: number;
  /** Stay in the blocked layout from one convolution with constant weights to the next; with `blockedChannels`. */
  readonly keepBlocked?: boolean;
  /** Ranges of the tensors that are kept in 8 bits, as `quantisedTensors` names them, to compute in 8 bits where it can be. */
  readonly quantised?: QuantisedRanges;
  /** Leaves the first axis of inputs and outputs open; every tensor of the graph must carry the batch in its first axis. */
  readonly dynamicBatch?: boolean;
}

/** `TensorProto.DataType` of the ONNX specification. */
export const [FLOAT, DOUBLE] = [1, 11] as const;
const [UINT8, INT8, INT32, INT64] = [2, 3, 6, 7] as const;

/** An emitter, and the encoded nodes and initializers that it collects. */
export function createEmitter(options: EncodeOptions) {
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  const shared = new Map<string, string>();
  let count = 0;
  let integerCount = 0;

  const addInitializer = (name: string, shape: readonly number[], dataType: number, raw: Uint8Array): string => {
    const tensor = createMessageWriter();
    for (const length of shape) tensor.varint(1, length);
    tensor.varint(2, dataType);
    tensor.text(8, name);
    tensor.bytes(9, raw);
    initializers.push(tensor.finish());
    return name;
  };

  const emitter: Emitter = {
    options,
    blocked: new Map(),
    emit(opType, inputs, attributes = {}) {
      const output = `v${count++}`;
      nodes.push(encodeNode(opType, inputs, [output], attributes));
      return output;
    },
    integers(values, shape = [values.length]) {
      return emitter.once(`integers ${shape.join("x")}:${values.join()}`, () => {
        const data = BigInt64Array.from(values, BigInt);
        return addInitializer(`i${integerCount++}`, shape, INT64, new Uint8Array(data.buffer));
      });
    },
    floats(values, shape, name = `c${count++}`) {
      return addInitializer(name, shape, FLOAT, bytesOf(values));
    },
    doubles(values, shape) {
      return addInitializer(`c${count++}`, shape, DOUBLE, bytesOf(Float64Array.from(values)));
    },
    integers8(values, shape) {
      return addInitializer(`i${integerCount++}`, shape, values instanceof Int8Array ? INT8 : UINT8, bytesOf(values));
    },
    integers32(values, shape) {
      return addInitializer(`i${integerCount++}`, shape, INT32, bytesOf(values));
    },
    once(key, make) {
      const value = shared.get(key) ?? make();
      shared.set(key, value);
      return value;
    },
    reshape: (value, shape) => emitter.emit("Reshape", [value, emitter.integers([-1, ...shape.slice(1)])]),
  };
  return { emitter, nodes, initializers };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Operators outside the standard, by their domain. */
const DOMAINS: Readonly<Record<string, string>> = {
  FusedMatMul: "com.microsoft",
  QLinearAdd: "com.microsoft",
  QLinearMul: "com.microsoft",
  QLinearAveragePool: "com.microsoft",
  QLinearSigmoid: "com.microsoft",
  ChannelsLastQLinearConv: "com.microsoft",
  ReorderInput: "com.microsoft.nchwc",
  ReorderOutput: "com.microsoft.nchwc",
  BlockedConv: "com.microsoft.nchwc",
  BlockedUpsample: "com.microsoft.nchwc",
  BlockedAveragePool: "com.microsoft.nchwc",
};

/** A `NodeProto`, named after its first output. */
export function encodeNode(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
): Uint8Array {
  const message = createMessageWriter();
  for (const input of inputs) message.text(1, input);
  for (const output of outputs) message.text(2, output);
  message.text(3, outputs[0]);
  message.text(4, opType.replace(/^(Blocked|ChannelsLast)/, ""));
  for (const [name, value] of Object.entries(attributes))
    message.message(5, (attribute) => encodeAttribute(attribute, name, value));
  const domain = DOMAINS[opType];
  if (domain !== undefined) message.text(7, domain);
  return message.finish();
}

function encodeAttribute(message: MessageWriter, name: string, value: Attribute): void {
  message.text(1, name);
  if (typeof value === "number") {
    message.varint(3, value);
    message.varint(20, 2);
  } else if (typeof value === "string") {
    message.text(4, value);
    message.varint(20, 3);
  } else if ("float" in value) {
    message.float(2, value.float);
    message.varint(20, 1);
  } else {
    for (const item of value) message.varint(8, item);
    message.varint(20, 7);
  }
}

import { ShapeError } from "../../errors.js";
import type { Operation, OperationOf } from "../operation.js";
import { type Tensor, topologicalOrder } from "../tensor.js";
import { createEmitter, type Emitter, type EncodeOptions, encodeNode } from "./emitter.js";
import { lowerings } from "./lowering.js";
import { createMessageWriter, type MessageWriter } from "./protobuf.js";

/**
 * The ONNX model (opset 17) that computes `outputs`. Inputs are the graph's `input` nodes, by name.
 * @param metadata strings stored with the model (configuration, provenance).
 * @throws ShapeError when two inputs share a name but not a shape.
 */
export function encodeOnnx(
  outputs: Readonly<Record<string, Tensor>>,
  { metadata = {}, ...options }: EncodeOptions & { readonly metadata?: Readonly<Record<string, string>> },
): Uint8Array {
  const { emitter, nodes, initializers } = createEmitter(options);
  const names = new Map<Tensor, string>();
  const inputs = new Map<string, Tensor>();
  for (const tensor of topologicalOrder(Object.values(outputs))) {
    if (tensor.operation.kind === "input") {
      const twin = inputs.get(tensor.operation.name);
      if (twin !== undefined && twin.shape.join() !== tensor.shape.join())
        throw new ShapeError(`input ${tensor.operation.name} has shapes [${twin.shape}] and [${tensor.shape}]`);
      inputs.set(tensor.operation.name, tensor);
    }
    const operands = tensor.inputs.map((input) => names.get(input)!);
    names.set(tensor, lower(emitter, tensor, operands));
  }
  for (const [name, tensor] of Object.entries(outputs))
    nodes.push(encodeNode("Identity", [names.get(tensor)!], [name], {}));

  const model = createMessageWriter();
  model.varint(1, 8); // IR version 8, of the same release as opset 17
  model.text(2, "cosnet");
  model.message(7, (graph) => {
    for (const encoded of nodes) graph.bytes(1, encoded);
    graph.text(2, "cosnet");
    for (const encoded of initializers) graph.bytes(5, encoded);
    for (const [name, tensor] of inputs) writeValueInfo(graph, 11, name, tensor, options);
    for (const [name, tensor] of Object.entries(outputs)) writeValueInfo(graph, 12, name, tensor, options);
  });
  for (const [domain, version] of [
    ["", 17],
    ["com.microsoft", 1],
    ["com.microsoft.nchwc", 1],
  ] as const) {
    if (domain !== "" && options.target === "portable") continue;
    model.message(8, (opset) => {
      opset.text(1, domain);
      opset.varint(2, version);
    });
  }
  for (const [key, value] of Object.entries(metadata))
    model.message(14, (entry) => {
      entry.text(1, key);
      entry.text(2, value);
    });
  return model.finish();
}

function lower(emitter: Emitter, tensor: Tensor, operands: readonly string[]): string {
  // The table is keyed by kind, so the rule's operation type is the tensor's; TypeScript cannot correlate the two.
  const rule = lowerings[tensor.operation.kind] as (
    emitter: Emitter,
    operation: OperationOf<Operation["kind"]>,
    inputs: readonly string[],
    tensor: Tensor,
  ) => string;
  return rule(emitter, tensor.operation as OperationOf<Operation["kind"]>, operands, tensor);
}

function writeValueInfo(
  graph: MessageWriter,
  field: number,
  name: string,
  tensor: Tensor,
  options: EncodeOptions,
): void {
  graph.message(field, (info) => {
    info.text(1, name);
    info.message(2, (type) =>
      type.message(1, (tensorType) => {
        tensorType.varint(1, 1);
        tensorType.message(2, (shape) =>
          tensor.shape.forEach((length, axis) => {
            shape.message(1, (dimension) => {
              if (axis === 0 && options.dynamicBatch) dimension.text(2, "batch");
              else dimension.varint(1, length);
            });
          }),
        );
      }),
    );
  });
}

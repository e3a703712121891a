import { ShapeError } from "../../errors.js";
import type { Operation } from "../operation.js";
import { type Tensor, topologicalOrder } from "../tensor.js";
import { createBlockedLayout } from "./blocked-layout.js";
import { createEmitter, type EncodeOptions, encodeNode, type Lowering } from "./emitter.js";
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
  const order = topologicalOrder(Object.values(outputs));
  const { keepBlocked, blockedChannels: block } = options;
  const layout =
    keepBlocked && block !== undefined
      ? createBlockedLayout(emitter, order, Object.values(outputs), block, (tensor) => names.get(tensor)!)
      : undefined;
  const namesOf = (tensors: readonly Tensor[]): string[] =>
    tensors.map((tensor) => names.get(tensor)!).map((name) => layout?.plain(name) ?? name);
  const inputs = new Map<string, Tensor>();
  for (const tensor of order) {
    if (tensor.operation.kind === "input") {
      const twin = inputs.get(tensor.operation.name);
      if (twin !== undefined && twin.shape.join() !== tensor.shape.join())
        throw new ShapeError(`input ${tensor.operation.name} has shapes [${twin.shape}] and [${tensor.shape}]`);
      inputs.set(tensor.operation.name, tensor);
    }
    // The table is keyed by kind, so the rule's operation type is the tensor's; TypeScript cannot correlate the two.
    const rule = lowerings[tensor.operation.kind] as Lowering<Operation["kind"]>;
    const name = layout?.lower(tensor) ?? rule(emitter, tensor.operation, namesOf(tensor.inputs), tensor);
    names.set(tensor, name);
  }
  for (const [name, tensor] of Object.entries(outputs))
    nodes.push(encodeNode("Identity", namesOf([tensor]), [name], {}));

  const model = createMessageWriter();
  model.varint(1, 8); // IR version 8, of the same release as opset 17
  model.text(2, "cosnet");
  model.message(7, (graph) => {
    for (const encoded of nodes) graph.bytes(1, encoded);
    graph.text(2, "cosnet");
    for (const encoded of initializers) graph.bytes(5, encoded);
    const writeValue = (field: number, name: string, tensor: Tensor): void =>
      graph.message(field, (info) => writeValueInfo(info, name, tensor, options.dynamicBatch));
    for (const [name, tensor] of inputs) writeValue(11, name, tensor);
    for (const [name, tensor] of Object.entries(outputs)) writeValue(12, name, tensor);
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

function writeValueInfo(info: MessageWriter, name: string, { shape }: Tensor, dynamicBatch = false): void {
  info.text(1, name);
  info.message(2, (type) =>
    type.message(1, (tensorType) => {
      tensorType.varint(1, 1);
      tensorType.message(2, (lengths) =>
        shape.forEach((length, axis) => {
          lengths.message(1, (dimension) => {
            if (axis === 0 && dynamicBatch) dimension.text(2, "batch");
            else dimension.varint(1, length);
          });
        }),
      );
    }),
  );
}

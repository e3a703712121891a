import { ShapeError } from "../../errors.js";
import type { InputType, Operation } from "../operation.js";
import { type Tensor, topologicalOrder } from "../tensor.js";
import { createBlockedLayout } from "./blocked-layout.js";
import { asPlain } from "./blocked-values.js";
import { createEmitter, type EncodeOptions, encodeNode, type Lowering } from "./emitter.js";
import { lowerings } from "./lowering.js";
import { createMessageWriter, type MessageWriter } from "./protobuf.js";
import { createQuantisedLayout } from "./quantised/layout.js";
import { planQuantisation } from "./quantised/plan.js";
import { createTrainingLayout } from "./training-layout.js";

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
  const { keepBlocked, blockedChannels: block, quantised } = options;
  const ends = Object.values(outputs);
  /** A layout makes weights of its own of most constants: those that it does not ask for are left out. */
  const nameOf = (tensor: Tensor): string => {
    const name = names.get(tensor) ?? training?.lower(tensor) ?? lowerPlainly(tensor);
    names.set(tensor, name);
    return name;
  };
  const blocked = () => (keepBlocked && block ? createBlockedLayout(emitter, order, ends, block, nameOf) : undefined);
  const layout = quantised ? createQuantisedLayout(emitter, order, ends, quantised, nameOf) : blocked();
  const training =
    !layout && block && !options.dynamicBatch ? createTrainingLayout(emitter, order, ends, block, nameOf) : undefined;
  const namesOf = (tensors: readonly Tensor[]): string[] =>
    tensors.map((tensor) => layout?.plain(nameOf(tensor)) ?? asPlain(emitter, nameOf(tensor), tensor.shape));
  const lowerPlainly = (tensor: Tensor): string => {
    // The table is keyed by kind, so the rule's operation type is the tensor's; TypeScript cannot correlate the two.
    const rule = lowerings[tensor.operation.kind] as Lowering<Operation["kind"]>;
    return rule(emitter, tensor.operation, namesOf(tensor.inputs), tensor);
  };
  const inputs = new Map<string, Tensor>();
  for (const tensor of order) {
    if (tensor.operation.kind === "input") {
      const twin = inputs.get(tensor.operation.name);
      if (twin !== undefined && twin.shape.join() !== tensor.shape.join())
        throw new ShapeError(`input ${tensor.operation.name} has shapes [${twin.shape}] and [${tensor.shape}]`);
      inputs.set(tensor.operation.name, tensor);
    }
    if (layout && tensor.operation.kind === "constant") continue;
    if (training) {
      if (!training.isPart(tensor)) nameOf(tensor);
      continue;
    }
    names.set(tensor, layout?.lower(tensor) ?? lowerPlainly(tensor));
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

/** The tensors of a graph whose ranges `EncodeOptions.quantised` needs, by their names. */
export function quantisedTensors(outputs: Readonly<Record<string, Tensor>>): ReadonlyMap<string, Tensor> {
  const ends = Object.values(outputs);
  return planQuantisation(topologicalOrder(ends), ends).measured;
}

/** `TensorProto.DataType` of the ONNX specification. */
const DATA_TYPES: Readonly<Record<InputType, number>> = { float32: 1, uint8: 2, int8: 3 };

function writeValueInfo(info: MessageWriter, name: string, { shape, operation }: Tensor, dynamicBatch = false): void {
  info.text(1, name);
  info.message(2, (type) =>
    type.message(1, (tensorType) => {
      tensorType.varint(1, DATA_TYPES[operation.kind === "input" ? operation.type : "float32"]);
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

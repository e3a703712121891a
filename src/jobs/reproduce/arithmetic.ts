import { floatingPointOperations, op } from "../../graph/index.js";
import {
  collectLayout,
  constantLayers,
  createNetwork,
  type NetworkConfig,
  trainingStep,
  trainingStepDefaults,
} from "../../model/index.js";

/** Exact counts, of the convolutions and matrix products in the graphs. */
export interface NetworkArithmetic {
  readonly parameters: number;
  /** Of inference on one volume, embedding and mask. */
  readonly gigaflopPerVolume: number;
  /** Of all steps together, forward and backward. */
  readonly trainingTeraflop: number;
}

/** The arithmetic of a network that is trained for `steps` steps on batches of `classes` pairs of volumes. */
export function arithmeticOf(config: NetworkConfig, classes: number, steps: number): NetworkArithmetic {
  const network = createNetwork(config);
  const { layout, outputs } = trainingStep(network, { ...trainingStepDefaults, classes });
  const volumes = op.input("volumes", [1, 32, 32, 32]);
  const { embedding, maskLogits } = network.forward(constantLayers(zeros(network)), volumes);
  const inference = maskLogits === undefined ? [embedding] : [embedding, maskLogits];
  return {
    parameters: layout.parameterCount,
    gigaflopPerVolume: floatingPointOperations(inference) / 1e9,
    trainingTeraflop: (steps * floatingPointOperations(Object.values(outputs))) / 1e12,
  };
}

/** Weights of the right size: arithmetic does not depend on their values. */
function zeros(network: ReturnType<typeof createNetwork>): Map<string, Float32Array> {
  const { parameters, statistics } = collectLayout((layers) => {
    network.forward(layers, op.input("volumes", [2, 32, 32, 32]));
  });
  return new Map(
    [...parameters, ...statistics].map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce((product, edge) => product * edge, 1)),
    ]),
  );
}

import { op } from "../src/graph/index.js";
import { collectLayout, createNetwork, encodeModel, presetConfig } from "../src/model/index.js";
import { createRandom } from "../src/volume/index.js";

/** A small model with random weights: it can do nothing, but everything around it can be tested. */
export function untrainedModel(): Uint8Array {
  const config = presetConfig("cosnet", { channels: 4 });
  const network = createNetwork(config);
  const { parameters, statistics } = collectLayout((layers) => {
    network.forward(layers, op.input("volumes", [2, 32, 32, 32]));
  });
  const random = createRandom("untrained model");
  const values = new Map(
    [...parameters, ...statistics].map(({ name, shape, initial }) => {
      const deviation = typeof initial === "number" ? 0 : Math.sqrt(initial.gain / initial.fanIn);
      const middle = typeof initial === "number" ? initial : 0;
      const length = shape.reduce((product, edge) => product * edge, 1);
      return [name, Float32Array.from({ length }, () => middle + deviation * random.normal())] as const;
    }),
  );
  return encodeModel(config, values, { purpose: "tests" });
}

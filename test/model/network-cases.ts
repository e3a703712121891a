/** The networks of `test/fixtures/generate/networks.py` as configurations. */
import { cosnetDefaults, type NetworkConfig, paperDefaults, releasedDefaults } from "../../src/model/index.js";

const cosnet = {
  ...cosnetDefaults,
  widths: [2, 2, 4],
  blocks: [1, 1, 1],
  hiddenSize: 6,
  embeddingSize: 4,
} as const satisfies NetworkConfig;
const paper = { ...paperDefaults, channels: 2, embeddingSize: 6 } as const satisfies NetworkConfig;

export const networkCases: Readonly<Record<string, NetworkConfig>> = {
  cosnet,
  "cosnet-plain": { ...cosnet, duse: false, decoder: false },
  paper,
  "paper-no-duse": { ...paper, duse: false },
  "paper-no-decoder": { ...paper, decoder: false },
  released: { ...releasedDefaults, channels: 2, embeddingSize: 6 },
};

export const EDGE = 8;
export const CLASSES = 4;

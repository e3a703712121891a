import { type CosnetConfig, cosnet } from "./cosnet.js";
import type { Network } from "./network.js";

export type NetworkConfig = CosnetConfig;

/** The network a configuration describes. */
export function createNetwork(config: NetworkConfig): Network {
  return cosnet(config);
}

import { ConfigError } from "../errors.js";
import { type CosnetConfig, cosnet, cosnetDefaults } from "./cosnet.js";
import type { Network } from "./network.js";
import { type PaperConfig, paper, paperDefaults } from "./paper.js";
import { type ReleasedConfig, released, releasedDefaults } from "./released.js";

/** Any of the networks, by its preset. */
export type NetworkConfig = CosnetConfig | PaperConfig | ReleasedConfig;
export type PresetName = NetworkConfig["preset"];

export const presetNames: readonly PresetName[] = ["cosnet", "paper", "released"];

/** What can be changed about any preset from outside. */
export interface PresetOptions {
  readonly duse?: boolean;
  readonly decoder?: boolean;
  /** Channels of the finest level; the other levels keep their proportion to it. */
  readonly channels?: number;
}

/**
 * A preset's configuration with switches applied.
 * @throws ConfigError when the number of channels cannot be used.
 */
export function presetConfig(preset: PresetName, { duse, decoder, channels }: PresetOptions = {}): NetworkConfig {
  if (channels !== undefined && (!Number.isInteger(channels) || channels < 2))
    throw new ConfigError(`${channels} channels cannot be used: DuSE halves them`, { hint: "Give 2 or more." });
  const switches = { ...(duse !== undefined && { duse }), ...(decoder !== undefined && { decoder }) };
  const flat = { ...switches, ...(channels !== undefined && { channels }) };
  switch (preset) {
    case "paper":
      return { ...paperDefaults, ...flat };
    case "released":
      return { ...releasedDefaults, ...flat };
    case "cosnet":
      return {
        ...cosnetDefaults,
        ...switches,
        ...(channels !== undefined && { widths: [channels, 3 * channels, 6 * channels] as const }),
      };
  }
}

/** The network a configuration describes. */
export function createNetwork(config: NetworkConfig): Network {
  switch (config.preset) {
    case "cosnet":
      return cosnet(config);
    case "paper":
      return paper(config);
    case "released":
      return released(config);
  }
}

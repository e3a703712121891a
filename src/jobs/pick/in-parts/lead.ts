/** What all tomograms of a pick are compared with, found once and kept: so that many processes look for it. */
import { keptWarnings } from "../../../progress.js";
import { loadNetworks, type Networks, networksFor } from "../../search/index.js";
import type { Lead } from "../by-example/index.js";
import type { ListedParticles } from "../listed/listed-particles.js";
import { type PickOptions, type PickSettings, pickSettings } from "../options.js";
import type { PickScale, PickScales } from "../scales.js";
import { leadScales, openScales } from "../search-scales.js";

/** The examples as the networks see them, and what those that lie in the tomograms say of where to look; plain data. */
export interface PickLead {
  readonly scales: readonly KeptScale[];
  /** One a scale. */
  readonly leads: readonly Lead[];
  /** What was said of examples and their tomograms, in order. */
  readonly warnings: readonly string[];
}

/** What `findLead` finds. */
export interface FoundLead {
  readonly lead: PickLead;
  /** Where particles of lists are identified: those of each tomogram, by path. */
  readonly listed: ListedParticles | undefined;
  /** What is written of the classifier beside results. */
  readonly model: string;
}

/** A scale without its networks. */
interface KeptScale extends Pick<PickScale, "examples" | "classes"> {
  readonly particleDiameterAngstrom: number | undefined;
}

/**
 * Reads the examples, and lists of particles to identify, and searches the tomograms that examples lie in. What the search has
 * done stays in `workRoot`.
 * @throws as `pick`, for what is wrong with options and examples.
 */
export async function findLead(options: PickOptions): Promise<FoundLead> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const settings = { ...pickSettings(options), onWarning };
  await using networks = await loadNetworks(settings);
  const scales = await openScales(networks, settings);
  await using found = await leadScales(scales, settings);
  const kept = scales.map(({ examples, classes, settings: { particleDiameterAngstrom } }) => ({
    ...{ examples, classes, particleDiameterAngstrom },
  }));
  return { lead: { scales: kept, leads: found.leads, warnings }, listed: scales[0].listed, model: networks.modelLabel };
}

/** The scales as `findLead` had them, with these networks, and particles of lists for tomograms that are measured. */
export function scalesOf(
  { scales }: PickLead,
  networks: Networks,
  given: PickSettings,
  listed?: ListedParticles,
): PickScales {
  return scales.map(({ examples, classes, particleDiameterAngstrom }): PickScale => {
    const settings = { ...given, particleDiameterAngstrom };
    return { networks: networksFor(networks, particleDiameterAngstrom), examples, classes, settings, listed };
  }) as unknown as PickScales; // one at least, as was kept
}

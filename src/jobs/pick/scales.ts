/** At which voxels tomograms are searched: at those that the classes' sizes need. */
import type { Contrast } from "../../infer/index.js";
import { diameterOfScale, fitsScale, type Networks, networksFor, searchScales } from "../search/index.js";
import { classDiameters } from "./class-size.js";
import { type Examples, readExamples } from "./examples.js";
import type { ListedParticles } from "./listed/listed-particles.js";
import type { PickSettings } from "./options.js";

/** One search of all tomograms: networks at some voxels, and the examples as they see them. */
export interface PickScale {
  readonly networks: Networks;
  readonly examples: Examples;
  /** With the diameter that asks for these voxels. */
  readonly settings: PickSettings;
  /** Classes of the size that this search is for. */
  readonly classes: readonly ScaleClass[];
  /** Particles of lists, in place of what a search finds. */
  readonly listed?: ListedParticles | undefined;
}

/** Finest voxels first; one at least. */
export type PickScales = readonly [PickScale, ...PickScale[]];

/** A class that a search is for. */
interface ScaleClass {
  readonly label: number;
  /** Undefined where the examples do not show it. */
  readonly diameterAngstrom: number | undefined;
}

/** Larger particles than of this many of the networks' own voxels are searched only where a structure or an option says so. */
const LARGEST_MEASURED_SCALE = 12;
/** What `--particle-diameter` allows. */
const LARGEST_SCALE = 100;

/**
 * The searches that the classes need, finest voxels first. Sizes are those of structures and maps, or of the examples' masks; a
 * mask that is too large for a box is measured again at coarser voxels. `--particle-diameter` asks for one search.
 * @throws as `readExamples`.
 */
export async function planScales(networks: Networks, settings: PickSettings): Promise<PickScales> {
  const first = await readScale(networks, settings, settings.particleDiameterAngstrom);
  const { names, wantedClasses, contrasts } = first.examples;
  const sizes = classDiameters(first.examples, first.networks.embedder);
  const all = names.slice(0, wantedClasses).map((_, label) => ({ label, diameterAngstrom: sizes[label] }));
  if (settings.particleDiameterAngstrom !== undefined) return [{ ...first, classes: all }];
  const scales: PickScale[] = [];
  let left: readonly ScaleClass[] = all;
  for (const scale of searchScales(LARGEST_SCALE)) {
    const voxel = networks.trained.detector.voxelSizeAngstrom * scale;
    const isOpen = ({ label }: ScaleClass) => !isStated(first.examples, label) && scale <= LARGEST_MEASURED_SCALE;
    const possible = left.filter((one) => isOpen(one) || fits(one, voxel));
    if (possible.length === 0) continue;
    const diameter = diameterOfScale(scale, networks.trained.detector);
    const at = scale === 1 ? first : await readScale(networks, settings, diameter, contrasts);
    const measured = classDiameters(at.examples, at.networks.embedder);
    const settled = possible
      .map(({ label }) => ({ label, diameterAngstrom: measured[label] }))
      .filter((one) => fits(one, voxel));
    if (settled.length > 0) scales.push({ ...at, classes: settled });
    left = left.filter(({ label }) => settled.every((one) => one.label !== label));
  }
  const [finest, ...coarser] = scales;
  if (finest && left.length === 0) return [finest, ...coarser];
  const unsettled = left.map(({ label }) => names[label]).join(", ");
  settings.onWarning?.(
    `the examples do not show how large particles of ${unsettled} are: they are searched as if of 100 to 230 Å; say their diameter with --particle-diameter`,
  );
  const own = finest?.settings.particleDiameterAngstrom === undefined ? finest?.classes : undefined;
  return [{ ...first, classes: [...(own ?? []), ...left] }, ...(own ? coarser : scales)];
}

async function readScale(
  networks: Networks,
  given: PickSettings,
  particleDiameterAngstrom: number | undefined,
  knownContrasts?: ReadonlyMap<string, Contrast>,
): Promise<Omit<PickScale, "classes">> {
  const settings = { ...given, particleDiameterAngstrom };
  const own = networksFor(networks, particleDiameterAngstrom);
  return { networks: own, settings, examples: await readExamples(own, settings, knownContrasts) };
}

/** Whether a structure or map says how large the class is. */
function isStated({ boxes, supports }: Examples, label: number): boolean {
  return boxes.some(({ diameterAngstrom }, i) => supports.labels[i] === label && diameterAngstrom !== undefined);
}

function fits({ diameterAngstrom }: ScaleClass, voxelSizeAngstrom: number): boolean {
  return diameterAngstrom === undefined || fitsScale(diameterAngstrom, voxelSizeAngstrom);
}

import { join } from "node:path";
import type { Complex } from "../../../simulate/index.js";
import { simulateTomogram, type TomogramParameters, tomogramPresets } from "../../simulate-tomogram/index.js";
import { madeOnce } from "../measurement.js";
import type { PartSettings } from "../settings.js";
import { type LabelledTomogram, readTruth } from "./examples.js";
import { plannedPicking } from "./measure.js";
import type { PlannedPickingRow } from "./rows.js";

const SNR = 0.5;
const PARTICLES = 240;
/** Of one search, on two cores that do nothing else. */
const SECONDS = 20;
const CROWDED: TomogramParameters = {
  ...tomogramPresets.small,
  shape: [100, 256, 256],
  amount: { particles: PARTICLES },
  snrs: [SNR],
  subtomograms: { ...tomogramPresets.small.subtomograms, formats: [] },
};

/** What is in the ice besides the particles. */
const SPECIMENS: readonly {
  readonly name: string;
  readonly part: string;
  readonly besides: Partial<TomogramParameters>;
}[] = [
  { name: "crowded", part: "crowded tomogram", besides: {} },
  {
    name: "crowded-mixed",
    part: "the same with vesicles, microtubules, actin and gold",
    besides: {
      vesicles: { count: 4, radiusAngstrom: [250, 400], elongation: [1, 1.4] },
      filaments: { actin: 2, microtubules: 1 },
      gold: { count: 8, diameterAngstrom: 100 },
    },
  },
];

/** Crowded tomograms of the given complexes: examples come from one, another of the same kind is searched. */
export function crowdedTomograms(complexes: readonly Complex[], plain = CROWDED): PlannedPickingRow[] {
  return SPECIMENS.flatMap(({ name, part, besides }) => {
    const parameters = { ...plain, ...besides };
    const scene = madeOnce(async (settings) => {
      const from = await simulated(`${name}-examples`, parameters, complexes, settings);
      const searched = [await simulated(`${name}-searched`, parameters, complexes, settings)];
      return { from, truth: await readTruth(from), searched };
    });
    const common = { name, inverted: false, seconds: SECONDS, scene: () => scene };
    return [
      plannedPicking({ ...common, part, shots: 1, offered: 1 }),
      plannedPicking({ ...common, part, shots: 5, offered: 1 }),
      plannedPicking({ ...common, part: `${part}, half of the classes without examples`, shots: 1, offered: 0.5 }),
    ];
  });
}

/** One simulated tomogram, resumed where it was begun. */
async function simulated(
  name: string,
  parameters: TomogramParameters,
  complexes: readonly Complex[],
  { outputFolder, seed, threads = 2, signal, onProgress, onWarning }: PartSettings,
): Promise<LabelledTomogram> {
  const { folder, tomograms } = await simulateTomogram({
    source: { complexes },
    parameters,
    seed: `${seed} ${name}`,
    outputFolder: join(outputFolder, "tomograms", name),
    overwrite: true,
    ...{ threads, signal, onProgress, onWarning },
  });
  const { voxelSizeAngstrom } = parameters;
  return { name: "tomogram", path: tomograms[0]!, truthPath: join(folder, "particles.star"), voxelSizeAngstrom };
}

import { join } from "node:path";
import type { Complex } from "../../simulate/index.js";
import { simulateTomogram, type TomogramParameters, tomogramPresets } from "../simulate-tomogram/index.js";
import { type LabelledTomogram, readTruth } from "./examples.js";
import { measurePicking } from "./picking.js";
import { type PickingRow, pickingRow } from "./rows.js";
import { DRAWS, type PartSettings } from "./settings.js";

const SNR = 0.5;
const PARTICLES = 240;
const plain: TomogramParameters = {
  ...tomogramPresets.small,
  shape: [100, 256, 256],
  amount: { particles: PARTICLES },
  snrs: [SNR],
  subtomograms: { ...tomogramPresets.small.subtomograms, formats: [] },
};

/** What is in the ice besides the particles. */
const SPECIMENS: readonly { readonly name: string; readonly part: string; readonly parameters: TomogramParameters }[] =
  [
    { name: "crowded", part: "crowded tomogram", parameters: plain },
    {
      name: "crowded-mixed",
      part: "the same with vesicles, microtubules, actin and gold",
      parameters: {
        ...plain,
        vesicles: { count: 4, radiusAngstrom: [250, 400], elongation: [1, 1.4] },
        filaments: { actin: 2, microtubules: 1 },
        gold: { count: 8, diameterAngstrom: 100 },
      },
    },
  ];

/** Crowded tomograms of the given complexes: examples come from one, another of the same kind is searched. */
export async function crowdedTomograms(complexes: readonly Complex[], settings: PartSettings): Promise<PickingRow[]> {
  const rows: PickingRow[] = [];
  for (const { name, part, parameters } of SPECIMENS) {
    const from = await simulated(`${name}-examples`, parameters, complexes, settings);
    const searched = [await simulated(`${name}-searched`, parameters, complexes, settings)];
    const truth = await readTruth(from);
    const measured = async (title: string, shots: number, offered: number) => {
      const figures = [];
      for (const draw of DRAWS)
        figures.push(
          await measurePicking({ ...{ name, from, truth, searched, shots, draw, offered }, inverted: false }, settings),
        );
      rows.push(pickingRow(title, shots, figures));
    };
    await measured(part, 1, 1);
    await measured(part, 5, 1);
    await measured(`${part}, half of the classes without examples`, 1, 0.5);
  }
  return rows;
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
    ...{ threads, signal, onWarning },
    onProgress: (report) => onProgress?.({ ...report, stage: `${name}: ${report.stage}` }),
  });
  const { voxelSizeAngstrom } = parameters;
  return { name: "tomogram", path: tomograms[0]!, truthPath: join(folder, "particles.star"), voxelSizeAngstrom };
}

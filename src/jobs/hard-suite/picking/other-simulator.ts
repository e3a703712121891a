import { join } from "node:path";
import { ensureWritableFolder, fileExists } from "../../../files/disk/index.js";
import { writeParticleListFile } from "../../../files/particles/index.js";
import { madeOnce } from "../measurement.js";
import type { PartSettings } from "../settings.js";
import { type LabelledTomogram, readTruth } from "./examples.js";
import { plannedPicking } from "./measure.js";
import type { PlannedPickingRow } from "./rows.js";

const NAMES = ["tomo01", "tomo02", "tomo03", "tomo04", "tomo05"] as const;
/** The headers say 1; the particles are of the size that they have at 10. */
const VOXEL_SIZE_ANGSTROM = 10;
/** About half of the diameter of the smallest of the nine classes. */
const DISTANCE_ANGSTROM = 60;
/** Of one search, on two cores that do nothing else. */
const SECONDS = 45;

/**
 * Tomograms that another group's simulator made. Each draw takes its examples from another tomogram and searches the other four.
 * Undefined where they are not in the data folder.
 */
export async function otherSimulator(dataFolder: string): Promise<PlannedPickingRow[] | undefined> {
  const folder = join(dataFolder, "simulated", "labelled_tomograms");
  const given = NAMES.map((name) => ({
    name,
    path: join(folder, `${name}.mrc`),
    truthPath: join(folder, `${name}_objects.xml`),
    voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM,
  }));
  for (const { path, truthPath } of given)
    if (!(await fileExists(path)) || !(await fileExists(truthPath))) return undefined;
  const tomograms = madeOnce((settings) => withNamedTruth(given, settings));
  const scene = (draw: number) => async (settings: PartSettings) => {
    const all = await tomograms(settings);
    const from = all[draw - 1]!;
    return { from, truth: await readTruth(from), searched: all.filter((tomogram) => tomogram !== from) };
  };
  return [1, 3].map((shots) =>
    plannedPicking({
      ...{ name: "other-simulator", part: "another simulator's tomograms, 9 classes", shots, offered: 1 },
      ...{ distanceAngstrom: DISTANCE_ANGSTROM, inverted: true, seconds: SECONDS, scene },
    }),
  );
}

/** The same tomograms with lists that name them: the originals number the tomograms from 0. */
async function withNamedTruth(
  given: readonly LabelledTomogram[],
  { outputFolder }: PartSettings,
): Promise<LabelledTomogram[]> {
  await ensureWritableFolder(join(outputFolder, "truth"));
  const tomograms: LabelledTomogram[] = [];
  for (const tomogram of given) {
    const truthPath = join(outputFolder, "truth", `${tomogram.name}.csv`);
    await writeParticleListFile(truthPath, await readTruth(tomogram), { lossy: true });
    tomograms.push({ ...tomogram, truthPath });
  }
  return tomograms;
}

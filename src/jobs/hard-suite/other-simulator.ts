import { join } from "node:path";
import { ensureWritableFolder, fileExists } from "../../files/disk/index.js";
import { writeParticleListFile } from "../../files/particles/index.js";
import { type LabelledTomogram, readTruth } from "./examples.js";
import { measurePicking } from "./picking.js";
import { type PickingRow, pickingRow } from "./rows.js";
import { DRAWS, type PartSettings } from "./settings.js";

const NAMES = ["tomo01", "tomo02", "tomo03", "tomo04", "tomo05"] as const;
/** The headers say 1; the particles are of the size that they have at 10. */
const VOXEL_SIZE_ANGSTROM = 10;
/** About half of the diameter of the smallest of the nine classes. */
const DISTANCE_ANGSTROM = 60;

/**
 * Tomograms that another group's simulator made. Each draw takes its examples from another tomogram and searches the other four.
 * Undefined where they are not in the data folder.
 */
export async function otherSimulator(settings: PartSettings): Promise<PickingRow[] | undefined> {
  const { dataFolder, outputFolder } = settings;
  if (dataFolder === undefined) return undefined;
  const folder = join(dataFolder, "simulated", "labelled_tomograms");
  const given = NAMES.map((name) => ({
    name,
    path: join(folder, `${name}.mrc`),
    truthPath: join(folder, `${name}_objects.xml`),
    voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM,
  }));
  for (const { path, truthPath } of given)
    if (!(await fileExists(path)) || !(await fileExists(truthPath))) return undefined;
  await ensureWritableFolder(join(outputFolder, "truth"));
  const tomograms: LabelledTomogram[] = [];
  for (const tomogram of given) {
    const truthPath = join(outputFolder, "truth", `${tomogram.name}.csv`);
    await writeParticleListFile(truthPath, await readTruth(tomogram), { lossy: true }); // the originals number the tomograms from 0
    tomograms.push({ ...tomogram, truthPath });
  }
  const rows: PickingRow[] = [];
  for (const shots of [1, 3]) {
    const figures = [];
    for (const draw of DRAWS) {
      const from = tomograms[draw - 1]!;
      const searched = tomograms.filter((tomogram) => tomogram !== from);
      const truth = await readTruth(from);
      const where = {
        name: "other-simulator",
        from,
        truth,
        searched,
        distanceAngstrom: DISTANCE_ANGSTROM,
      };
      figures.push(await measurePicking({ ...where, shots, draw, offered: 1, inverted: true }, settings));
    }
    rows.push(pickingRow("another simulator's tomograms, 9 classes", shots, figures));
  }
  return rows;
}

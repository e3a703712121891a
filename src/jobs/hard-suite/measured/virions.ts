import { join } from "node:path";
import { ensureWritableFolder, fileExists } from "../../../files/disk/index.js";
import { writeParticleListFile } from "../../../files/particles/index.js";
import type { ParticleList } from "../../../io/index.js";
import { evaluatePicks } from "../../evaluate/index.js";
import { pick } from "../../pick/index.js";
import type { PartSettings } from "../settings.js";
import { finite } from "../spread.js";
import type { PlannedMeasuredSet } from "./rows.js";

/** Centres of the three whole virions, by eye. */
const CENTRES_ANGSTROM = [
  { x: 1094, y: 740, z: 827 },
  { x: 902, y: 738, z: 2296 },
  { x: 1292, y: 740, z: 3777 },
] as const;
const DIAMETER_ANGSTROM = 1250;
/** Of a pick from the centre by eye. */
const DISTANCE_ANGSTROM = 200;
const FIGURES = { found: "virions found, of 3", others: "other picks" } as const;

/** An HIV-1 tomogram with three whole virions, searched from one of them. Undefined where it is not in the data folder. */
export async function virions(dataFolder: string): Promise<PlannedMeasuredSet | undefined> {
  const tomogramPath = join(dataFolder, "real", "EMD-1155_HIV1_tomogram.ccp4");
  if (!(await fileExists(tomogramPath))) return undefined;
  return {
    set: "virions of a real tomogram (EMD-1155), one example, their diameter given",
    figures: FIGURES,
    draws: CENTRES_ANGSTROM.map((_, index) => ({
      ...{ name: `virions-example-${index + 1}`, follows: {}, seconds: 12 },
      measure: (settings) => searchFrom(index, tomogramPath, settings),
    })),
  };
}

async function searchFrom(
  example: number,
  tomogramPath: string,
  { outputFolder, threads, modelPath, seed, signal, onProgress, onWarning }: PartSettings,
): Promise<Record<keyof typeof FIGURES, number | null>> {
  const folder = join(outputFolder, "picks", "virions");
  await ensureWritableFolder(folder);
  const [truthPath, examples] = [join(folder, "truth.csv"), join(folder, `example-${example + 1}.csv`)];
  await writeParticleListFile(truthPath, listOf(CENTRES_ANGSTROM), { lossy: true });
  await writeParticleListFile(examples, listOf(CENTRES_ANGSTROM.slice(example, example + 1)), { lossy: true });
  const common = { threads, signal, seed, onProgress, onWarning };
  const { picksPath } = await pick({
    ...{ ...common, modelPath, examples: [examples], tomogramPaths: [tomogramPath], tomogramNames: [TOMOGRAM] },
    ...{ outputFolder: join(folder, "picked"), overwrite: true, keepWork: true, command: "benchmark --suite hard" },
    particleDiameterAngstrom: DIAMETER_ANGSTROM,
  });
  const { scores } = await evaluatePicks({
    ...{ ...common, picksPath, truthPaths: [truthPath], distanceAngstrom: DISTANCE_ANGSTROM },
  });
  const { picks, truePositives } = scores.detection;
  return { found: finite(truePositives), others: finite(picks - truePositives) };
}

const TOMOGRAM = "EMD-1155";

function listOf(positions: readonly (typeof CENTRES_ANGSTROM)[number][]): ParticleList {
  return {
    particles: positions.map((positionAngstrom) => ({
      ...{ positionAngstrom, className: "virion", tomogramName: TOMOGRAM, extra: {} },
    })),
    ...{ origin: "first-voxel", voxelSizeAngstrom: undefined, coordinatePixelSizeAngstrom: undefined, warnings: [] },
  };
}

import { join } from "node:path";
import { ensureWritableFolder, fileExists } from "../../../files/disk/index.js";
import { readParticleListFile, writeParticleListFile } from "../../../files/particles/index.js";
import { classNameOf, type ParticleList } from "../../../io/index.js";
import type { Vector3 } from "../../../volume/index.js";
import { evaluatePicks } from "../../evaluate/index.js";
import { pick } from "../../pick/index.js";
import { type LabelledTomogram, readTruth } from "../picking/examples.js";
import type { PartSettings } from "../settings.js";
import { finite } from "../spread.js";
import type { PlannedMeasuredSet } from "./rows.js";

const VOXEL_SIZE_ANGSTROM = 10.52;
/** Of a pick from the point that it stands for; the points are 84 Å apart. */
const DISTANCE_ANGSTROM = 60;
/** The hollow microtubule answers to a template of dark balls, and best to this size: chosen with the truth in hand. */
const SPHERE = { diameterAngstrom: 200, inverted: true } as const;
/** Of a pick that is nowhere near microtubule or gold. */
const ICE_DISTANCE_ANGSTROM = 130;
/** Rows of each class, from 0, whose particles are the examples: along the whole microtubule, with each bead once. */
const CLICKS = [
  { microtubule: 0, gold: 2, ice: 2 },
  { microtubule: 5, gold: 1, ice: 7 },
  { microtubule: 12, gold: 2, ice: 2 },
  { microtubule: 18, gold: 2, ice: 8 },
  { microtubule: 22, gold: 0, ice: 0 },
] as const;

const FIGURES = {
  microtubuleF1: `F1 of the 24 points on its axis within ${DISTANCE_ANGSTROM} Å`,
  microtubuleFound: "points found, of 24",
  goldFound: "gold beads found, of 3",
  microtubuleInIce: `picks named microtubule more than ${ICE_DISTANCE_ANGSTROM} Å from it and from every bead`,
  goldInIce: "the same, named gold",
  sphereF1: "F1 of the points by a sphere template of the best size and cut-off",
} as const;

/** A crop of a real tomogram: a microtubule, gold and ice from one click on each. Undefined where it is not in the data folder. */
export async function microtubules(dataFolder: string): Promise<PlannedMeasuredSet | undefined> {
  const folder = join(dataFolder, "real", "microtubules");
  const tomogram = {
    ...{ name: "13pf_MT", path: join(folder, "13pf_MT.mrc"), truthPath: join(folder, "13pf_MT_positions.csv") },
    voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM,
  };
  if (!(await fileExists(tomogram.path)) || !(await fileExists(tomogram.truthPath))) return undefined;
  return {
    set: "a microtubule of a real tomogram, one click on it, on gold and on ice",
    figures: FIGURES,
    draws: CLICKS.map((click, index) => ({
      ...{ name: `microtubule-click-${index + 1}`, follows: { click }, seconds: 25 },
      measure: (settings) => searchFrom(click, tomogram, `click-${index + 1}`, settings),
    })),
  };
}

type Click = (typeof CLICKS)[number];

async function searchFrom(
  click: Click,
  tomogram: LabelledTomogram,
  name: string,
  { outputFolder, threads, modelPath, seed, signal, onProgress, onWarning }: PartSettings,
): Promise<Record<keyof typeof FIGURES, number | null>> {
  const { path, voxelSizeAngstrom } = tomogram;
  const truth = await readTruth(tomogram);
  const folder = join(outputFolder, "picks", "microtubule");
  await ensureWritableFolder(folder);
  const [truthPath, examples] = [join(folder, "truth.csv"), join(folder, `${name}.csv`)];
  await writeParticleListFile(truthPath, truth, { lossy: true });
  await writeParticleListFile(examples, { ...truth, particles: clicked(truth, click) }, { lossy: true });
  const common = { threads, signal, seed, voxelSizeAngstrom, onProgress, onWarning };
  const { picksPath, csvPath } = await pick({
    ...{
      ...common,
      modelPath,
      inverted: false,
      examples: [examples],
      tomogramPaths: [path],
      tomogramNames: [tomogram.name],
    },
    ...{ outputFolder: join(folder, "picked"), overwrite: true, keepWork: true, command: "benchmark --suite hard" },
  });
  const { scores, baseline } = await evaluatePicks({
    ...{ ...common, picksPath, truthPaths: [truthPath], tomogramPaths: [path], distanceAngstrom: DISTANCE_ANGSTROM },
    ...SPHERE,
  });
  const of = (className: string) => scores.classes.find((score) => score.name === className);
  const sphere = baseline?.classes.find((score) => score.name === "microtubule")?.score;
  const { list } = await readParticleListFile(csvPath);
  return {
    microtubuleF1: finite(of("microtubule")?.f1),
    microtubuleFound: finite(of("microtubule")?.truePositives),
    goldFound: finite(of("gold")?.truePositives),
    microtubuleInIce: inIce(list, truth, "microtubule"),
    goldInIce: inIce(list, truth, "gold"),
    sphereF1: finite(sphere?.best?.f1),
  };
}

function clicked({ particles }: ParticleList, click: Click): ParticleList["particles"] {
  return Object.entries(click).flatMap(([name, row]) => positionsOf({ particles }, name).slice(row, row + 1));
}

function positionsOf({ particles }: Pick<ParticleList, "particles">, name: string): ParticleList["particles"] {
  return particles.filter((particle) => classNameOf(particle) === name);
}

/** Picks of a class that are far from everything but ice. */
function inIce(picks: ParticleList, truth: ParticleList, className: string): number {
  const things = [...positionsOf(truth, "microtubule"), ...positionsOf(truth, "gold")];
  const isFar = (position: Vector3) =>
    things.every(({ positionAngstrom: { x, y, z } = position }) => {
      return Math.hypot(position.x - x, position.y - y, position.z - z) > ICE_DISTANCE_ANGSTROM;
    });
  return positionsOf(picks, className).filter(({ positionAngstrom }) => positionAngstrom && isFar(positionAngstrom))
    .length;
}

import { join, resolve } from "node:path";
import { loadComplex, loadComplexes } from "../../../files/complexes/index.js";
import { ensureWritableFolder, fileExists } from "../../../files/disk/index.js";
import { writeParticleListFile } from "../../../files/particles/index.js";
import type { ParticleList } from "../../../io/index.js";
import type { Complex } from "../../../simulate/index.js";
import { classify } from "../../classify/index.js";
import { simulateParticles } from "../../simulate-particles/index.js";
import { type Measurement, madeOnce } from "../measurement.js";
import { DRAWS, type PartSettings } from "../settings.js";
import type { PlannedMeasuredSet } from "./rows.js";

/** Subtomograms of two tomograms, all of them 70S ribosomes; protein is bright. Their hand is opposite to the structures', as a user may get it. */
const BOXES = ["050", "083"].flatMap((tomogram) =>
  Array.from({ length: 10 }, (_, index) => `Unt_${tomogram}_${String(index + 1).padStart(2, "0")}.mrc`),
);
const RIBOSOME = "4V4R_70S";
const RIBOSOME_FILE = "related/4V4R_70S_10A.mrc";
const AMONG_SIX = new Set([RIBOSOME, "1OEL", "1BXN", "2UV8", "1QVR", "3ZBI"]);
/** The heaviest of the library that fit into a box; with them and the benchmark's 14 training complexes, 22 classes. */
const LIBRARY = [
  ...["Mgen_MG_355_HEXAMER_sw.pdb", "5SUQ.cif", "1NCB.cif", "1IOK.pdb", "Mgen_4j7c.pdb", "3UWX.cif"],
  "Mgen_phes.pdb",
];
const EXAMPLES = { count: 5, snr: 1000 } as const;
const FIGURES = {
  amongSix: "named ribosome among 6 classes, of 20",
  amongAll: "among 22 classes, of 20",
  stacksAmongSix: "from their 2-D stacks: named ribosome among 6 classes",
  stacksAmongAll: "from their 2-D stacks: among 22 classes",
} as const;
/** The same particles as WarpTools exported them. */
const STACKS = "tilts/particles.star";

/**
 * Real ribosomes among simulated examples of ribosomes and other complexes. None of the benchmark's test complexes is among
 * them. Undefined where boxes or structures are not in the data folder.
 */
export async function ribosomes(dataFolder: string): Promise<PlannedMeasuredSet | undefined> {
  const folder = resolve(dataFolder, "real", "ribosomes_10499");
  const boxes = BOXES.map((name) => join(folder, name));
  const stacks = join(folder, STACKS);
  const structures = join(dataFolder, "structures");
  const training = join(structures, "benchmark", "train");
  const single = [RIBOSOME_FILE, ...LIBRARY.map((name) => `library/${name}.gz`)].map((name) => join(structures, name));
  for (const path of [...boxes, stacks, training, ...single]) if (!(await fileExists(path))) return undefined;
  const complexes = madeOnce(async (settings) => [
    ...(await loadComplexes(training, settings)),
    ...(await Promise.all(single.map((path) => loadComplex(path, nameOf(path), settings)))),
  ]);
  const draws = DRAWS.map(
    (draw): Measurement<Record<keyof typeof FIGURES, number>> => ({
      ...{ name: `ribosomes-draw-${draw}`, follows: { ...EXAMPLES, from: ["boxes", "stacks"] }, seconds: 35 },
      async measure(settings) {
        const all = await complexes(settings);
        const six = all.filter(({ name }) => AMONG_SIX.has(name));
        const [amongSix, stacksAmongSix] = await namedRight({ boxes, stacks }, six, draw, settings);
        const [amongAll, stacksAmongAll] = await namedRight({ boxes, stacks }, all, draw, settings);
        return { amongSix, amongAll, stacksAmongSix, stacksAmongAll };
      },
    }),
  );
  const set = `20 ribosomes of real tomograms, ${EXAMPLES.count} simulated examples of each class`;
  return { set, figures: FIGURES, draws };
}

/** "1NCB" of "library/1NCB.cif.gz". */
function nameOf(path: string): string {
  return path.replace(/^.*[/\\]/, "").replace(/(_10A)?\.(pdb|cif|mrc)(\.gz)?$/, "");
}

/** How many of the boxes, and of the stacks, are taken for ribosomes, from newly simulated examples of the classes. */
async function namedRight(
  { boxes, stacks }: { readonly boxes: readonly string[]; readonly stacks: string },
  complexes: readonly Complex[],
  draw: number,
  { outputFolder, threads, modelPath, seed, signal, onProgress, onWarning }: PartSettings,
): Promise<readonly [boxes: number, stacks: number]> {
  const folder = join(outputFolder, "ribosomes");
  await ensureWritableFolder(folder);
  const particlesPath = join(folder, "particles.star");
  await writeParticleListFile(particlesPath, listOf(boxes), { lossy: true });
  const { starFile } = await simulateParticles({
    ...{ source: { complexes }, particlesPerClass: EXAMPLES.count, snr: EXAMPLES.snr, crowded: false },
    ...{ seed: `${seed} hard suite ${draw}`, outputFolder: join(folder, `examples-${complexes.length}`) },
    ...{ overwrite: true, signal, onProgress, onWarning },
  });
  const ribosomesOf = async (list: string): Promise<number> => {
    const { classes } = await classify({
      ...{ examples: [starFile], particlesPath: list, modelPath, threads, crf: "off" },
      ...{ inverted: false, examplesInverted: false },
      ...{ outputFolder: join(folder, `classified-${complexes.length}`), overwrite: true, seed, signal },
      ...{ onProgress, onWarning, command: "benchmark --suite hard" },
    });
    return classes.find(({ name }) => name === RIBOSOME)!.particles;
  };
  return [await ribosomesOf(particlesPath), await ribosomesOf(stacks)];
}

function listOf(boxes: readonly string[]): ParticleList {
  return {
    particles: boxes.map((imageName) => ({ imageName, extra: {} })),
    ...{ origin: "first-voxel", voxelSizeAngstrom: undefined, coordinatePixelSizeAngstrom: undefined, warnings: [] },
  };
}

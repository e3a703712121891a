/** Subtomograms of boxes, with the weight that lies beside them, else that of their tomogram. */
import {
  type BoxContrast,
  contrastOfBox,
  createSubtomogramMaker,
  normaliseSubtomogram,
  resampleWeight,
  type Subtomogram,
  withWeight,
} from "../../../infer/index.js";
import type { Particle, ParticleList } from "../../../io/index.js";
import type { Vector3 } from "../../../volume/index.js";
import type { OwnBoxes } from "../own-box.js";
import type { WarningCounter } from "../warning-counter.js";
import { createCtfMultiplier } from "./ctf-multiplier.js";
import type { PlacedBoxes } from "./placed-boxes.js";
import type { OpenSubtomogramsOptions, WeightSource } from "./subtomogram-options.js";
import { createTomogramWeights } from "./tomogram-weights.js";
import { readWeightFile, type WeightFile } from "./weight-file.js";

/** A particle whose place in its box the list has yet to say. */
export interface MadeSubtomogram {
  readonly subtomogram: Subtomogram;
  readonly voxelSizeAngstrom: number;
  readonly weightSource: WeightSource;
  readonly centreAngstrom: Vector3 | undefined;
}

/** What boxes and their weights are read from, and what is said of them. */
interface BoxSubtomogramSource {
  readonly path: string;
  readonly own: OwnBoxes;
  readonly boxes: PlacedBoxes;
  readonly doubts: WarningCounter;
  /** Where weights are from, in sentences. */
  readonly statements: Set<string>;
}

/** @returns what reads a particle. @throws (from it) FileError, FormatError that name the particle. */
export function createBoxSubtomograms(
  list: ParticleList,
  { path, own, boxes, doubts, statements }: BoxSubtomogramSource,
  options: OpenSubtomogramsOptions,
): (particle: Particle, where: string) => Promise<MadeSubtomogram> {
  const makers = new Map<number, ReturnType<typeof createSubtomogramMaker>>();
  const sharedWeight = createTomogramWeights(list, path, boxes, options);
  const multiplied = createCtfMultiplier(list, { path, doubts, statements }, options);
  return async (particle, where) => {
    const { box, centreAngstrom } = await boxes.read(particle, where);
    const [edge] = box.shape;
    const { voxelSizeAngstrom } = box;
    const make = makers.get(edge) ?? createSubtomogramMaker(edge);
    makers.set(edge, make);
    const file = own.has(particle) ? await readWeightFile(list, path, particle) : undefined;
    if (file) {
      const stored = { edge: file.edge, voxelSizeAngstrom: particle.imageVoxelSizeAngstrom ?? voxelSizeAngstrom };
      const weight = resampleWeight(file.weight, stored, { edge, voxelSizeAngstrom });
      const contrast = contrastOf(file, make(box.data, weight));
      statements.add(STATEMENTS[contrast]);
      if (file.kind === "unknown" && contrast !== "plain") doubts.add(ASSUMPTIONS[contrast]);
      const subtomogram = normaliseSubtomogram(withWeight(make(box.data, weight), contrast));
      return { subtomogram, voxelSizeAngstrom, weightSource: "read", centreAngstrom };
    }
    const { weight, source, statement, warnings } = await sharedWeight(particle, edge);
    statements.add(statement);
    for (const warning of warnings) doubts.add(warning);
    const measured = make(box.data, weight);
    const made = options.multiplyByCtf ? await multiplied(measured, voxelSizeAngstrom, particle, where) : measured;
    return { subtomogram: normaliseSubtomogram(made), voxelSizeAngstrom, weightSource: source, centreAngstrom };
  };
}

function contrastOf({ kind }: WeightFile, box: Subtomogram): BoxContrast {
  if (kind === "unknown") return contrastOfBox(box);
  return kind === "squared" ? "multiplied" : "plain";
}

const STATEMENTS: Readonly<Record<BoxContrast, string>> = {
  multiplied: "Fourier weights are read from files; the boxes were multiplied by their contrast transfer",
  restored: "Fourier weights are read from files; contrast transfer had been divided out of the boxes",
  plain: "Fourier weights are read from files: the contrast transfer of boxes that were not multiplied by it",
};
const ASSUMPTIONS: Readonly<Record<"multiplied" | "restored", string>> = {
  multiplied: "boxes are taken to be multiplied by their Fourier weights, because their power grows with these",
  restored: "boxes are taken to be divided by their Fourier weights, because their power falls with these",
};

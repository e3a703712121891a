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
import { type ListedTransfer, listedTransfer } from "./listed-transfer.js";
import type { PlacedBox, PlacedBoxes } from "./placed-boxes.js";
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
  const makerFor = (edge: number) => {
    const make = makers.get(edge) ?? createSubtomogramMaker(edge);
    makers.set(edge, make);
    return make;
  };
  const weighted = ({ box }: PlacedBox, file: WeightFile, particle: Particle): Subtomogram => {
    const [edge] = box.shape;
    const { voxelSizeAngstrom } = box;
    const stored = { edge: file.edge, voxelSizeAngstrom: particle.imageVoxelSizeAngstrom ?? voxelSizeAngstrom };
    return makerFor(edge)(box.data, resampleWeight(file.weight, stored, { edge, voxelSizeAngstrom }));
  };
  /** What most of some particles say: those of a list were made alike, and one alone is noise. */
  const contrastOfList = async (): Promise<BoxContrast> => {
    const step = Math.max(1, Math.floor(list.particles.length / VOTERS));
    let multipliedVotes = 0;
    let votes = 0;
    for (let row = 0; row < list.particles.length && votes < VOTERS; row += step) {
      const particle = list.particles[row]!;
      const file = own.has(particle) ? await readWeightFile(list, path, particle) : undefined;
      if (file?.kind !== "unknown") continue;
      votes++;
      const placed = await boxes.read(particle, `${path}, particle ${row + 1}`);
      if (contrastOfBox(weighted(placed, file, particle)) === "multiplied") multipliedVotes++;
    }
    return 2 * multipliedVotes >= votes ? "multiplied" : "restored";
  };
  let listContrast: Promise<BoxContrast> | undefined;
  const contrastOf = ({ kind }: WeightFile): BoxContrast | Promise<BoxContrast> => {
    if (kind !== "unknown") return kind === "squared" ? "multiplied" : "plain";
    listContrast ??= contrastOfList();
    return listContrast;
  };
  return async (particle, where) => {
    const placed = await boxes.read(particle, where);
    const { box, centreAngstrom } = placed;
    const [edge] = box.shape;
    const { voxelSizeAngstrom } = box;
    const file = own.has(particle) ? await readWeightFile(list, path, particle) : undefined;
    if (file) {
      const contrast = await contrastOf(file);
      statements.add(STATEMENTS[contrast]);
      if (file.kind === "unknown" && contrast !== "plain") doubts.add(ASSUMPTIONS[contrast]);
      const subtomogram = normaliseSubtomogram(withWeight(weighted(placed, file, particle), contrast));
      return { subtomogram, voxelSizeAngstrom, weightSource: "read", centreAngstrom };
    }
    const { weight, source, statement, warnings } = await sharedWeight(particle, edge);
    statements.add(statement);
    for (const warning of warnings) doubts.add(warning);
    const measured = makerFor(edge)(box.data, weight);
    const listed = own.has(particle) ? listedTransfer(list, particle, { edge, voxelSizeAngstrom }, where) : undefined;
    if (listed) statements.add(listed.isPremultiplied ? TRANSFER.multiplied : TRANSFER.plain);
    const made = listed
      ? withTransfer(measured, listed)
      : options.multiplyByCtf
        ? await multiplied(measured, voxelSizeAngstrom, particle, where)
        : measured;
    return { subtomogram: normaliseSubtomogram(made), voxelSizeAngstrom, weightSource: source, centreAngstrom };
  };
}

/** Particles of a list that are asked how their boxes are related to their weights. */
const VOTERS = 12;

/** Of a box whose list states its contrast transfer. */
function withTransfer(
  { edge, spectrum, weight }: Subtomogram,
  { transfer, isPremultiplied }: ListedTransfer,
): Subtomogram {
  const product = weight.map((measured, at) => measured * transfer[at]!);
  if (!isPremultiplied) return withWeight({ edge, spectrum, weight: product }, "plain");
  return {
    ...{ edge, spectrum },
    weight: product.map((value, at) => value * transfer[at]!),
  };
}

const STATEMENTS: Readonly<Record<BoxContrast, string>> = {
  multiplied: "Fourier weights are read from files; the boxes were multiplied by their contrast transfer",
  restored: "Fourier weights are read from files; contrast transfer had been divided out of the boxes",
  plain: "Fourier weights are read from files: the contrast transfer of boxes that were not multiplied by it",
};
const TRANSFER = {
  multiplied: "contrast transfer follows from the defocus in the list; boxes were multiplied by it, as the list says",
  plain: "contrast transfer follows from the defocus in the list; boxes were not corrected for it",
} as const;
const ASSUMPTIONS: Readonly<Record<"multiplied" | "restored", string>> = {
  multiplied: "boxes are taken to be multiplied by their Fourier weights, because their power grows with these",
  restored: "boxes are taken to be divided by their Fourier weights, because their power falls with these",
};

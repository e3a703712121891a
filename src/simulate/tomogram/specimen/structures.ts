import type { Random } from "../../../volume/index.js";
import type { LabelVolumes } from "./density.js";
import type { DrawStructure, StructureContext } from "./draw-structure.js";
import { placeFilaments } from "./filament.js";
import { placeGold } from "./gold.js";
import { placeVesicles } from "./membrane.js";
import type { Occupancy } from "./pack-occupancy.js";
import { type PlacedStructure, type SpecimenOptions, STRUCTURE_KINDS, type StructureKind } from "./specimen.js";

/** Where structures are drawn, and how they are numbered. */
export interface StructureTargets {
  readonly occupancy: Occupancy;
  readonly density: Float32Array;
  readonly labels: LabelVolumes;
  readonly random: Random;
  readonly firstInstance: number;
  readonly firstClass: number;
}

/** Draws per structure before it is given up. */
const ATTEMPTS = 200;

/**
 * Vesicles, then microtubules, actin and gold, each at random positions that are still free. They may lie within each
 * other (gold in a vesicle), but no voxel belongs to two.
 */
export function placeStructures(options: SpecimenOptions, targets: StructureTargets) {
  const { occupancy, density, labels, random, firstInstance, firstClass } = targets;
  const { vesicles, filaments, gold } = options;
  const wanted: [StructureKind, number, DrawStructure | undefined][] = [
    ["membrane", vesicles?.count ?? 0, vesicles && placeVesicles(vesicles)],
    ["microtubule", filaments?.microtubules ?? 0, placeFilaments("microtubule")],
    ["actin", filaments?.actin ?? 0, placeFilaments("actin")],
    ["gold", gold?.count ?? 0, gold && placeGold(gold)],
  ];
  const requested = Object.fromEntries(wanted.map(([kind, count]) => [kind, count])) as Record<StructureKind, number>;
  const counts = Object.fromEntries(STRUCTURE_KINDS.map((kind) => [kind, 0])) as Record<StructureKind, number>;
  const placed: PlacedStructure[] = [];
  const [, ny, nx] = options.shape;
  let voxels = 0;
  for (const [kind, count, draw] of wanted)
    for (let i = 0; i < count; i++) {
      const instance = firstInstance + placed.length;
      const classNumber = firstClass + STRUCTURE_KINDS.indexOf(kind);
      const context: StructureContext = {
        options,
        occupancy,
        density,
        label(x, y, z) {
          const at = (z * ny + y) * nx + x;
          if (labels.classLabels[at] === 0) voxels++;
          labels.classLabels[at] = classNumber;
          labels.instanceLabels[at] = instance;
          occupancy.takeVoxel(x, y, z);
        },
      };
      const stream = random.fork(kind, i);
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const structure = draw?.(stream, context);
        if (!structure) continue;
        placed.push({ kind, instance, classNumber, ...structure });
        counts[kind]++;
        break;
      }
    }
  const short = STRUCTURE_KINDS.filter((kind) => counts[kind] < requested[kind]);
  const reason =
    short.length === 0
      ? undefined
      : `Only ${short.map((kind) => `${counts[kind]} of ${requested[kind]} ${kind}`).join(", ")} found room in ${ATTEMPTS} attempts each.`;
  return { placed, requested, counts, voxels, reason };
}

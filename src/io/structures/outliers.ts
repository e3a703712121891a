import { type AtomicStructure, kilodaltonWithHydrogen } from "./build.js";
import { atomicWeight } from "./elements.js";

/** An atom this many times as far from the middle as nearly all others, and further than that by 100 Å, belongs to nothing. */
const FAR = 3;
const MARGIN_ANGSTROM = 100;
/** Nearly all: what lies beyond is left out only when it is this little, so that no part of a complex ever is. */
const NEARLY_ALL = 0.97;
const LARGEST_FRACTION = 0.01;
const SAMPLED_ATOMS = 100_000;

/**
 * A structure without the atoms that lie far from all others, as a mistyped coordinate does: one of them would move the centre
 * of mass out of the molecule. Those left out are named in a warning.
 */
export function withoutOutliers(structure: AtomicStructure): AtomicStructure {
  const { atomCount, positionsAngstrom: positions, elements, atomNames } = structure;
  const [mx, my, mz] = [0, 1, 2].map((axis) => quantile(atomCount, 0.5, (atom) => positions[3 * atom + axis]));
  const distance = (atom: number): number => {
    const [dx, dy, dz] = [positions[3 * atom] - mx, positions[3 * atom + 1] - my, positions[3 * atom + 2] - mz];
    return Math.sqrt(dx * dx + dy * dy + dz * dz);
  };
  const limit = FAR * quantile(atomCount, NEARLY_ALL, distance) + MARGIN_ANGSTROM;
  const far: number[] = [];
  for (let atom = 0; atom < atomCount; atom++) if (distance(atom) > limit) far.push(atom);
  if (far.length === 0 || far.length > Math.max(1, LARGEST_FRACTION * atomCount)) return structure;
  const isFar = new Set(far);
  const near = elements.flatMap((_, atom) => (isFar.has(atom) ? [] : [atom]));
  const named = far.slice(0, 3).map((atom) => {
    const [x, y, z] = positions.subarray(3 * atom, 3 * atom + 3);
    return `${atomNames[atom]} at (${x.toFixed(1)}, ${y.toFixed(1)}, ${z.toFixed(1)}) Å`;
  });
  const others = far.length > named.length ? ` and ${far.length - named.length} more` : "";
  const kept = near.map((atom) => elements[atom]);
  return {
    ...structure,
    atomCount: near.length,
    positionsAngstrom: Float32Array.from(
      { length: 3 * near.length },
      (_, i) => positions[3 * near[Math.floor(i / 3)] + (i % 3)],
    ),
    elements: kept,
    atomNames: near.map((atom) => atomNames[atom]),
    massKilodalton: kilodaltonWithHydrogen(kept.reduce((dalton, element) => dalton + atomicWeight(element), 0)),
    warnings: [
      ...structure.warnings,
      `atoms more than ${Math.round(limit)} Å from the middle of the structure are left out: ${named.join(", ")}${others}`,
    ],
  };
}

/** A quantile of a measure over the atoms, or over a regular sample of many. */
function quantile(atomCount: number, fraction: number, measure: (atom: number) => number): number {
  const step = Math.ceil(atomCount / SAMPLED_ATOMS);
  const values = Float64Array.from({ length: Math.ceil(atomCount / step) }, (_, i) => measure(i * step)).sort();
  return values[Math.floor(fraction * (values.length - 1))];
}

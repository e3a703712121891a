import type { Vector3 } from "../../volume/index.js";

/** One particle that a picker reports. */
export interface PickedParticle {
  readonly tomogram: string;
  /** From the centre of voxel (0,0,0). */
  readonly positionAngstrom: Vector3;
  /** Undefined when the picker does not say: the pick then counts for detection only. */
  readonly className?: string | undefined;
  /** Higher means more confident. Without it there is no curve and no average precision. */
  readonly score?: number | undefined;
  /** That it is a particle of its class, as the picker says. */
  readonly probability?: number | undefined;
}

/** One particle of the ground truth. */
export interface TrueParticle {
  readonly tomogram: string;
  readonly positionAngstrom: Vector3;
  readonly className: string;
  /** A pick within this distance of the centre may be this particle; by default half of its diameter. */
  readonly matchDistanceAngstrom: number;
}

const naturalOrder = new Intl.Collator("en", { numeric: true });

/** Class names in a natural order: "2" before "10". */
export function sortedClassNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort(naturalOrder.compare);
}

/** The rows of each group, by its name, in the order of the list. */
export function rowsByName<T>(items: readonly T[], nameOf: (item: T) => string | undefined): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [row, item] of items.entries()) {
    const name = nameOf(item);
    if (name === undefined) continue;
    const rows = groups.get(name);
    if (rows) rows.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}

import { classNameOf, type Particle, tomogramNameOf } from "../../io/index.js";
import { createPointGrid, type Vector3 } from "../../volume/index.js";

/** Rows by falling score; those without one last, equals in the order of the list. */
export function bestFirst(rows: readonly number[], scores: readonly (number | undefined)[]): number[] {
  const score = (row: number) => scores[row] ?? Number.NEGATIVE_INFINITY;
  return rows.toSorted((a, b) => (score(a) === score(b) ? a - b : score(b) - score(a)));
}

/**
 * The rows that stay, in the order of the list, when of two particles nearer to each other than a distance the one that comes
 * later in `order` goes. A particle that has gone drives away no other. Particles of different tomograms are never near.
 */
export function spacedRows(
  order: readonly number[],
  positionsAngstrom: readonly Vector3[],
  { distanceAngstrom, groupOf }: { readonly distanceAngstrom: number; readonly groupOf: (row: number) => number },
): number[] {
  const kept = createPointGrid(distanceAngstrom);
  return order
    .filter((row) => {
      const position = positionsAngstrom[row]!;
      if (kept.someNear(position, (_, distance) => distance < distanceAngstrom, groupOf(row))) return false;
      kept.add(position, groupOf(row));
      return true;
    })
    .sort((a, b) => a - b);
}

/** Numbers the tomograms of particles, or the classes in them, whatever the names' endings. */
export function groupsOf(particles: readonly Particle[], { withinClass }: { readonly withinClass: boolean }) {
  const numbers = new Map<string, number>();
  const own = new Map<string, string>();
  return particles.map((particle) => {
    const { tomogramName = "" } = particle;
    let tomogram = own.get(tomogramName);
    if (tomogram === undefined) own.set(tomogramName, (tomogram = tomogramNameOf(tomogramName)));
    const key = withinClass ? JSON.stringify([tomogram, classNameOf(particle)]) : tomogram;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

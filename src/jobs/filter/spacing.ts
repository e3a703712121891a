import { classNameOf, eachRow, type Particle, type Steps, tomogramNameOf } from "../../io/index.js";
import { createPointGrid, type Vector3 } from "../../volume/index.js";

/** Rows by falling score; those without one last, equals in the order of the list. */
export function bestFirst(rows: readonly number[], scores: readonly (number | undefined)[]): number[] {
  const values = Float64Array.from(scores, (score) => score ?? Number.NEGATIVE_INFINITY);
  return rows.toSorted((a, b) => (values[a] === values[b] ? a - b : values[b]! - values[a]!));
}

/**
 * In steps, the rows that stay, in the order of the list, when of two particles nearer to each other than a distance the one that comes
 * later in `order` goes. A particle that has gone drives away no other. Particles of different tomograms are never near.
 */
export function* spacedRows(
  order: readonly number[],
  positionsAngstrom: readonly Vector3[],
  { distanceAngstrom, groupOf }: { readonly distanceAngstrom: number; readonly groupOf: (row: number) => number },
): Steps<number[]> {
  const kept = createPointGrid(distanceAngstrom);
  const stays = yield* eachRow(order.length, (place) => {
    const row = order[place]!;
    const position = positionsAngstrom[row]!;
    if (kept.someNear(position, (_, distance) => distance < distanceAngstrom, groupOf(row))) return false;
    kept.add(position, groupOf(row));
    return true;
  });
  return order.filter((_, place) => stays[place]).sort((a, b) => a - b);
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

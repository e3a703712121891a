import { parseDecimal } from "../../text/number.js";
import type { Particle } from "./particle-list.js";

/** How good a particle is: its score, else cosnet's own columns of a score or probability; undefined where the list has none. */
export function scoreOf({ score, extra }: Particle): number | undefined {
  return score ?? columnNumber(extra, "cosnetScore") ?? columnNumber(extra, "cosnetProbability");
}

/** The number in a further column, whose name may begin with STAR's underscore; undefined where there is none. */
export function columnNumber(extra: Particle["extra"], column: string): number | undefined {
  const name = column.replace(/^_/, "");
  return Object.hasOwn(extra, name) ? parseDecimal(extra[name]) : undefined;
}

import { ConfigError } from "../../errors.js";
import type { ListedParticle } from "./lists.js";

/**
 * Picks with the truth's names of their classes.
 * @param pairs names of one class in either list, the picks' first; a pair may be the other way round.
 * @throws ConfigError when neither list has a name.
 */
export function withTrueClassNames<T extends ListedParticle>(
  picks: readonly T[],
  truths: readonly ListedParticle[],
  pairs: readonly (readonly [pickName: string, trueName: string])[],
): readonly T[] {
  if (pairs.length === 0) return picks;
  const [picked, real] = [picks, truths].map((list) => new Set(list.flatMap(({ className }) => className ?? [])));
  const names = new Map(
    pairs.map(([one, other]) => {
      const [pickName, trueName] = picked!.has(one) || real!.has(other) ? [one, other] : [other, one];
      if (!real!.has(trueName)) throw unknown(trueName, "ground truth", real!);
      if (!picked!.has(pickName)) throw unknown(pickName, "picks", picked!);
      return [pickName, trueName];
    }),
  );
  return picks.map((pick) => {
    const name = names.get(pick.className ?? "");
    return name === undefined ? pick : { ...pick, className: name };
  });
}

function unknown(name: string, where: string, names: ReadonlySet<string>): ConfigError {
  return new ConfigError(`the ${where} have no class ${name} (--same-class)`.replace("truth have", "truth has"), {
    hint: `There are: ${[...names].slice(0, 20).join(", ") || "none"}.`,
  });
}

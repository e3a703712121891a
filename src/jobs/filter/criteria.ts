/** What particles must have, whatever their place: tomogram, class, score, rank. */
import { ConfigError } from "../../errors.js";
import {
  classLabel,
  classNameOf,
  columnNumber,
  isSameTomogram,
  type Particle,
  type ParticleList,
  scoreOf,
} from "../../io/index.js";
import { type Criterion, each, type FilterContext } from "./criterion.js";
import { apart, awayFromBorder, inMasks, inRegion, regionOf } from "./place-criteria.js";
import { bestFirst } from "./spacing.js";

/** All criteria that the options ask for, in their order. @throws ConfigError when the list lacks what one needs. */
export function criteriaOf(context: FilterContext): Criterion[] {
  const { options } = context;
  const { onlyTomograms, classes, exceptClasses, minimumScore, minimumProbability, maskPaths, topOfClass } = options;
  const criteria: Criterion[] = [];
  if (onlyTomograms) criteria.push(ofTomograms(context, onlyTomograms));
  if (classes) criteria.push(ofClasses(context, classes, true));
  if (exceptClasses) criteria.push(ofClasses(context, exceptClasses, false));
  if (minimumScore !== undefined)
    criteria.push(atLeast("score", context.scores, minimumScore, options.scoreColumn ?? "score"));
  if (minimumProbability !== undefined) {
    const column = "cosnetProbability";
    const values = context.list.particles.map(({ extra }) => columnNumber(extra, column));
    criteria.push(atLeast("probability", values, minimumProbability, column));
  }
  const region = regionOf(context);
  if (region) criteria.push(inRegion(context, region));
  if (maskPaths) criteria.push(inMasks(context, maskPaths));
  if (options.borderAngstrom !== undefined) criteria.push(awayFromBorder(context, options.borderAngstrom));
  if (options.minimumDistanceAngstrom !== undefined) criteria.push(apart(context, options.minimumDistanceAngstrom));
  if (topOfClass !== undefined) criteria.push(best(context, topOfClass));
  return criteria;
}

/** The score of each particle. @throws ConfigError when the column asked for has no number at all. */
export function scoresOf({ particles }: ParticleList, column: string | undefined): (number | undefined)[] {
  if (column === undefined || column === "score") return particles.map(scoreOf);
  const scores = particles.map(({ extra }) => columnNumber(extra, column));
  if (particles.length === 0 || scores.some((score) => score !== undefined)) return scores;
  throw new ConfigError(`no particle has a number in column ${column}`, {
    hint: `Columns there are: ${["score", ...Object.keys(particles[0]!.extra)].join(", ")}.`,
  });
}

function ofTomograms({ list: { particles } }: FilterContext, wanted: readonly string[]): Criterion {
  const names = new Set(particles.map(({ tomogramName }) => tomogramName ?? ""));
  const kept = new Set([...names].filter((name) => wanted.some((other) => isSameTomogram(name, other))));
  const unknown = wanted.find((name) => ![...kept].some((other) => isSameTomogram(name, other)));
  if (unknown !== undefined) throw notInList("tomogram", unknown, names);
  return each("of other tomograms", (row) => kept.has(particles[row]!.tomogramName ?? ""));
}

function ofClasses({ list: { particles } }: FilterContext, wanted: readonly string[], isKept: boolean): Criterion {
  const names = new Set(particles.map((particle) => classNameOf(particle) ?? NO_CLASS));
  const isOf = (particle: Particle) =>
    wanted.includes(classNameOf(particle) ?? NO_CLASS) || wanted.includes(classLabel(particle) ?? NO_CLASS);
  const unknown = wanted.find((name) => !names.has(name) && !names.has(`class ${name}`));
  if (unknown !== undefined) throw notInList("class", unknown, names);
  const what = isKept ? "of other classes" : `of class ${wanted.join(", ")}`;
  return each(what, (row) => isOf(particles[row]!) === isKept);
}

const NO_CLASS = "(no class)";

function notInList(what: string, name: string, names: ReadonlySet<string>): ConfigError {
  const shown = [...names].slice(0, 10).map((other) => other || "(without a name)");
  const more = names.size > 10 ? ` and ${names.size - 10} more` : "";
  const hint = names.size === 0 ? "The list holds no particles." : `There are: ${shown.join(", ")}${more}.`;
  return new ConfigError(`no particle is of ${what} ${name}`, { hint });
}

function atLeast(what: string, values: readonly (number | undefined)[], least: number, column: string): Criterion {
  if (values.length > 0 && values.every((value) => value === undefined))
    throw new ConfigError(`no particle has a ${what} (column ${column})`, {
      hint: "Name the column that holds it (--score-column).",
    });
  const without = values.filter((value) => value === undefined).length;
  const note = without > 0 ? ` or without one (${without})` : "";
  return each(`with a ${what} below ${least}${note}`, (row) => (values[row] ?? Number.NEGATIVE_INFINITY) >= least);
}

function best({ list, scores }: FilterContext, count: number): Criterion {
  return {
    what: `not among the best ${count} of their class`,
    keep(rows) {
      const taken = new Map<string, number>();
      return bestFirst(rows, scores)
        .filter((row) => {
          const name = classNameOf(list.particles[row]!) ?? NO_CLASS;
          const number = (taken.get(name) ?? 0) + 1;
          taken.set(name, number);
          return number <= count;
        })
        .sort((a, b) => a - b);
    },
  };
}

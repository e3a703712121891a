import type { StarColumn } from "../../text/star/document.js";
import type { Particle } from "./particle-list.js";

/** The columns of a table of particles, in the order in which they were added. */
export interface Columns {
  readonly columns: [name: string, values: StarColumn][];
  /** Adds a column that at least one particle has a value for; it is empty for the others. */
  readonly add: (name: string, value: (particle: Particle, index: number) => string | undefined) => void;
  /** Adds the particles' further columns (`Particle.extra`) whose names are not taken. */
  readonly addExtra: (wanted?: (name: string) => boolean) => void;
}

/** A table of particles without columns. */
export function createColumns(particles: readonly Particle[]): Columns {
  const columns: Columns["columns"] = [];
  const add: Columns["add"] = (name, value) => {
    if (particles.some((particle, index) => value(particle, index) !== undefined))
      columns.push([name, columnOf(particles.length, (index) => value(particles[index], index) ?? "")]);
  };
  return {
    columns,
    add,
    addExtra(wanted = () => true) {
      const taken = new Set(columns.map(([name]) => name));
      for (const name of extraNames(particles))
        if (!taken.has(name) && wanted(name))
          add(name, ({ extra }) => (Object.hasOwn(extra, name) ? extra[name] : undefined));
    },
  };
}

/** A column whose values are made when they are asked for: those of a million particles are never in memory together. */
export function columnOf(length: number, value: (index: number) => string): StarColumn {
  return {
    length,
    at: value,
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index++) yield value(index);
    },
  };
}

/** The names of the further columns that at least one particle has, in order of appearance. */
export function extraNames(particles: readonly Particle[]): Set<string> {
  const names = new Set<string>();
  for (const { extra } of particles) for (const name in extra) names.add(name);
  return names;
}

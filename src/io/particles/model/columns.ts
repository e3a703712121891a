import type { Particle } from "./particle-list.js";

/** The columns of a table of particles, in the order in which they were added. */
export interface Columns {
  readonly columns: [name: string, values: string[]][];
  /** Adds a column that at least one particle has a value for; it is empty for the others. */
  readonly add: (name: string, value: (particle: Particle, index: number) => string | undefined) => void;
  /** Adds the particles' further columns (`Particle.extra`) whose names are not taken. */
  readonly addExtra: (wanted?: (name: string) => boolean) => void;
}

/** A table of particles without columns. */
export function createColumns(particles: readonly Particle[]): Columns {
  const columns: Columns["columns"] = [];
  const add: Columns["add"] = (name, value) => {
    const values = particles.map(value);
    if (values.some((text) => text !== undefined)) columns.push([name, values.map((text) => text ?? "")]);
  };
  return {
    columns,
    add,
    addExtra(wanted = () => true) {
      const taken = new Set(columns.map(([name]) => name));
      for (const name of new Set(particles.flatMap(({ extra }) => Object.keys(extra))))
        if (!taken.has(name) && wanted(name)) add(name, ({ extra }) => extra[name]);
    },
  };
}

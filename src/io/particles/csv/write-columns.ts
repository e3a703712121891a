import { csvLine } from "../../text/csv-write.js";
import { extraNames } from "../model/columns.js";
import type { Particle } from "../model/particle-list.js";

/** A column to write. It is left out where no particle has a value, unless it is `always` there. */
export interface CsvColumn {
  readonly name: string;
  readonly value: (particle: Particle, index: number) => string | undefined;
  readonly always?: boolean;
}

/**
 * A table of particles: the given columns, then the particles' further ones (`Particle.extra`); of these, one whose name is
 * taken is called "name_2". Texts are made row by row, some thousand rows a piece, since columns of a million of them would not
 * fit into memory.
 */
export function* csvOfParticles(particles: readonly Particle[], wanted: readonly CsvColumn[]): Generator<string> {
  const columns = wanted.filter(({ value, always }) => always || particles.some((p, i) => value(p, i) !== undefined));
  const taken = new Set(columns.map(({ name }) => name));
  for (const extra of extraNames(particles)) {
    let name = extra;
    for (let copy = 2; taken.has(name); copy++) name = `${extra}_${copy}`;
    taken.add(name);
    columns.push({
      name,
      value: (particle) => (Object.hasOwn(particle.extra, extra) ? particle.extra[extra] : undefined),
    });
  }
  yield `${csvLine(columns.map(({ name }) => name))}\n`;
  for (let start = 0; start < particles.length; start += ROWS_AT_ONCE) {
    const rows = particles
      .slice(start, start + ROWS_AT_ONCE)
      .map((particle, i) => csvLine(columns.map(({ value }) => value(particle, start + i) ?? "")));
    yield `${rows.join("\n")}\n`;
  }
}

/** Rows that are kept as texts of their own until they become one. */
const ROWS_AT_ONCE = 4096;

import type { ParticleList, StarTable } from "../../io/index.js";
import { starLoop } from "../../io/index.js";

/** The optics groups of several lists as one table. */
export interface MergedOptics {
  /** Undefined unless every list has one. */
  readonly optics: StarTable | undefined;
  /** The group in that table of a group of a list; undefined without a table. */
  readonly groupOf: (list: number, group: string | undefined) => string | undefined;
  readonly warnings: readonly string[];
}

const NUMBER = "rlnOpticsGroup";
const NAME = "rlnOpticsGroupName";

/**
 * Groups that say the same are one; others keep their number and name where these are free, else get the next number and a
 * name that says so, because RELION takes groups of one name for the same. Columns that only some tables have are left out.
 */
export function mergeOptics(lists: readonly ParticleList[]): MergedOptics {
  const tables = lists.flatMap(({ optics }) => (optics ? [optics] : []));
  if (tables.length < lists.length) {
    const warnings = tables.length > 0 ? ["only some of the lists have optics groups: they are left out"] : [];
    return { optics: undefined, groupOf: () => undefined, warnings };
  }
  const columns = [...tables[0]!.columns.keys()].filter((column) => tables.every((table) => table.columns.has(column)));
  const dropped = new Set(
    tables.flatMap((table) => [...table.columns.keys()]).filter((name) => !columns.includes(name)),
  );
  const rows: Map<string, string>[] = [];
  const known = new Map<string, string>();
  const groups = tables.map((table) => {
    const numbers = new Map<string, string>();
    for (let row = 0; row < table.rowCount; row++) {
      const values = new Map(columns.map((column) => [column, table.columns.get(column)![row]!]));
      const content = JSON.stringify([...values].filter(([column]) => column !== NUMBER));
      let number = known.get(content);
      if (number === undefined) {
        number = freeNumber(rows, values.get(NUMBER) ?? "1");
        known.set(content, number);
        rows.push(renamed(values, number, rows));
      }
      numbers.set(values.get(NUMBER) ?? "1", number);
    }
    return numbers;
  });
  const warnings = dropped.size > 0 ? [`only some of the optics tables have ${[...dropped].join(", ")}: left out`] : [];
  return {
    optics: starLoop(columns.map((column) => [column, rows.map((row) => row.get(column)!)])),
    groupOf: (list, group) => groups[list]!.get(group ?? "1") ?? group,
    warnings,
  };
}

function freeNumber(rows: readonly Map<string, string>[], wanted: string): string {
  const taken = new Set(rows.map((row) => row.get(NUMBER)));
  if (!taken.has(wanted)) return wanted;
  let next = rows.length + 1;
  while (taken.has(String(next))) next++;
  return String(next);
}

function renamed(values: Map<string, string>, number: string, rows: readonly Map<string, string>[]) {
  const name = values.get(NAME);
  const isTaken = name !== undefined && rows.some((row) => row.get(NAME) === name);
  return new Map([...values, [NUMBER, number], ...(isTaken ? [[NAME, `${name}_${number}`] as const] : [])]);
}

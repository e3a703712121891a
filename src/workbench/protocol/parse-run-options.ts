import { FormatError } from "../../errors.js";
import type { RunOptions } from "./run.js";

const NUMBERS = ["particleDiameterAngstrom", "detectionThreshold", "seed"] as const;
const FLAGS = ["closedSet", "masks"] as const;

/** Options of a run that come from outside. @throws FormatError naming the one that is wrong. */
export function parseRunOptions(value: unknown): RunOptions {
  if (typeof value !== "object" || value === null)
    throw new FormatError("a run's options must be an object", "options");
  const given = value as Readonly<Record<string, unknown>>; // every field is looked at
  const options: Record<string, number | boolean> = {};
  for (const name of NUMBERS) {
    const number = given[name] ?? undefined;
    if (number === undefined) continue;
    if (typeof number !== "number" || !Number.isFinite(number)) throw wrong(name, "a finite number");
    options[name] = number;
  }
  for (const name of FLAGS) {
    const flag = given[name] ?? undefined;
    if (flag === undefined) continue;
    if (typeof flag !== "boolean") throw wrong(name, "true or false");
    options[name] = flag;
  }
  return options;
}

function wrong(name: string, expected: string): FormatError {
  return new FormatError(`"${name}" must be ${expected}`, "a run's options");
}

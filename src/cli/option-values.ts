import { InvalidArgumentError } from "commander";

/**
 * Strict parsers of option values. Commander puts "option '--ways <list>' argument '2,x' is invalid." before the message.
 * Nothing is guessed: "5x", "", "0x10" and "1e400" are no numbers here.
 */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export interface NumberRange {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** An integer within the range. */
export function integerOption(range: NumberRange = {}): (text: string) => number {
  return (text) => {
    if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
      throw new InvalidArgumentError(`Give a whole number${inRange(range)}.`);
    return checkRange(Number(text), range, "a whole number");
  };
}

/** A finite number within the range. */
export function numberOption(range: NumberRange = {}): (text: string) => number {
  return (text) => {
    if (!NUMBER.test(text) || !Number.isFinite(Number(text)))
      throw new InvalidArgumentError(`Give a number${inRange(range)}.`);
    return checkRange(Number(text), range, "a number");
  };
}

/** A voxel size in Angstrom: no tomogram, map or particle has another than in this range, but a unit mistaken has. */
export const voxelSizeOption = numberOption({ minimum: 0.05, maximum: 1000 });

/** A signal-to-noise ratio: a positive number, or "inf" for no noise. */
export function snrOption(text: string): number {
  if (/^(inf|infinity)$/i.test(text)) return Infinity;
  if (!NUMBER.test(text) || !Number.isFinite(Number(text)) || Number(text) <= 0)
    throw new InvalidArgumentError('Give a positive number, or "inf" for no noise.');
  return Number(text);
}

/** Comma-separated values, each read by `parse`; no empty places and no value twice. */
export function listOption<T>(parse: (text: string) => T): (text: string) => T[] {
  return (text) => {
    const parts = text.split(",").map((part) => part.trim());
    if (parts.includes("")) throw new InvalidArgumentError("Give values separated by single commas.");
    const values = parts.map((part) => {
      try {
        return parse(part);
      } catch (error) {
        if (parts.length === 1 || !(error instanceof InvalidArgumentError)) throw error;
        throw new InvalidArgumentError(`'${part}': ${error.message}`);
      }
    });
    const again = values.find((value, index) => values.indexOf(value) !== index);
    if (again !== undefined) throw new InvalidArgumentError(`${again} is given twice.`);
    return values;
  };
}

/** One of the named choices. */
export function choiceOption<T extends string>(...choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new InvalidArgumentError(`Choose one of ${choices.join(", ")}.`);
    return choice;
  };
}

function checkRange(value: number, range: NumberRange, what: string): number {
  if (value < (range.minimum ?? -Infinity) || value > (range.maximum ?? Infinity))
    throw new InvalidArgumentError(`Give ${what}${inRange(range)}.`);
  return value;
}

function inRange({ minimum, maximum }: NumberRange): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? "" : ` of at most ${maximum}`;
}

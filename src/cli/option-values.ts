import { InvalidArgumentError } from "commander";

/**
 * Strict parsers of option values. Commander puts "option '--ways <list>' argument '2,x' is invalid." before the message.
 * Nothing is guessed: "5x", "", "0x10" and "1e400" are not numbers here.
 */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** An integer from `minimum` to `maximum`. */
export function integerOption(minimum = -Infinity, maximum = Infinity): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`Give a whole number${rangeText(minimum, maximum)}.`);
  };
}

/** A finite number from `minimum` to `maximum`. */
export function numberOption(minimum = -Infinity, maximum = Infinity): (text: string) => number {
  return (text) => {
    const value = NUMBER.test(text) ? Number(text) : NaN;
    if (Number.isFinite(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`Give a number${rangeText(minimum, maximum)}.`);
  };
}

/** A voxel size in Å: those of all tomograms, maps and particles are in this range, those in a mistaken unit are not. */
export const voxelSizeOption = numberOption(0.05, 1000);

/** Lowest and highest tilt in degrees, `-50,60`; one number stands for both sides. */
export function tiltRangeOption(text: string): readonly [number, number] {
  const numbers = text.split(",").map(numberOption(-90, 90));
  const [lowest, highest] = numbers.length === 1 ? [-Math.abs(numbers[0]!), Math.abs(numbers[0]!)] : numbers;
  if (numbers.length > 2 || lowest === undefined || highest === undefined || lowest >= highest)
    throw new InvalidArgumentError("Give the maximum tilt angle, such as 60, or lowest and highest, such as -50,60.");
  return [lowest, highest];
}

/** A signal-to-noise ratio: a positive number, or "inf" for no noise. */
export function snrOption(text: string): number {
  if (/^(inf|infinity)$/i.test(text)) return Infinity;
  if (!NUMBER.test(text) || !Number.isFinite(Number(text)) || Number(text) <= 0)
    throw new InvalidArgumentError('Give a positive number, or "inf" for no noise.');
  return Number(text);
}

/** Comma-separated values, each read by `parse`; no empty item and no value twice. */
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

/** A parser that accepts a few words only, for completion in shells. */
export interface ChoiceParser<T extends string> {
  (text: string): T;
  readonly choices: readonly T[];
}

/** One of the named choices. */
export function choiceOption<T extends string>(...choices: readonly T[]): ChoiceParser<T> {
  const parse = (text: string) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new InvalidArgumentError(`Choose one of ${choices.join(", ")}.`);
    return choice;
  };
  return Object.assign(parse, { choices });
}

function rangeText(minimum: number, maximum: number): string {
  if (minimum > -Infinity && maximum < Infinity) return ` from ${minimum} to ${maximum}`;
  if (minimum > -Infinity) return ` of at least ${minimum}`;
  return maximum < Infinity ? ` of at most ${maximum}` : "";
}

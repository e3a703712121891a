/** Which classes are filaments: as the user says, else as their examples show. */
import { ConfigError } from "../../../errors.js";
import type { Examples } from "../examples.js";
import type { PickSettings } from "../options.js";

type Told = Pick<PickSettings, "filaments" | "notFilaments" | "filamentSpacingAngstrom">;

/** @throws ConfigError for a class that has no example, or that is said to be both. */
export function checkFilaments(
  { names, wantedClasses }: Pick<Examples, "names" | "wantedClasses">,
  { filaments, notFilaments }: Told,
): void {
  const known = names.slice(0, wantedClasses);
  for (const [option, told] of [
    ["--filament", filaments],
    ["--not-filament", notFilaments],
  ] as const)
    for (const name of told)
      if (!known.includes(name))
        throw new ConfigError(`${option} names ${name}, of which there is no example`, {
          hint: `The examples are of ${known.join(", ")}.`,
        });
  const both = filaments.find((name) => notFilaments.includes(name));
  if (both !== undefined)
    throw new ConfigError(`${both} is said to be a filament and not to be one`, {
      hint: "Name it with --filament or with --not-filament.",
    });
}

/**
 * Why a class is a filament; undefined where it is none.
 * @param pieces of each example that lies in a tomogram, whether what looks like it goes on to both sides
 */
export function filamentReason(name: string, pieces: readonly boolean[], told: Told): string | undefined {
  if (told.filaments.includes(name)) return "as --filament says";
  if (told.notFilaments.includes(name)) return undefined;
  const going = pieces.filter(Boolean).length;
  return 2 * going > pieces.length ? "what looks like it goes on to both sides" : undefined;
}

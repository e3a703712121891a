import { FormatError } from "../../errors.js";
import type { ListedParticles, RunRequest } from "./run.js";

type Fields = Readonly<Record<string, unknown>>;

/** One reader for each kind of run: it takes what the kind has, and nothing else. */
const READERS: { readonly [Kind in RunRequest["kind"]]: (fields: Fields) => Extract<RunRequest, { kind: Kind }> } = {
  pick: (fields) => ({
    kind: "pick",
    ...given(fields, "listed", listedParticles),
    ...given(fields, "particleDiameterAngstrom", number),
    ...given(fields, "detectionThreshold", number),
    ...given(fields, "closedSet", flag),
    ...given(fields, "masks", flag),
    ...given(fields, "seed", number),
  }),
  segment: (fields) => ({ kind: "segment", ofRunId: text(fields, "ofRunId"), ...given(fields, "joint", flag) }),
  average: (fields) => ({
    kind: "average",
    ofRunId: text(fields, "ofRunId"),
    ...given(fields, "classIds", texts),
    ...given(fields, "symmetry", text),
  }),
};

/** A run that is asked for from outside. @throws FormatError naming the field that is wrong. */
export function parseRunRequest(value: unknown): RunRequest {
  if (typeof value !== "object" || value === null) throw new FormatError("it must be an object", "a run's request");
  const fields = value as Fields; // every field is looked at
  const { kind } = fields;
  if (typeof kind !== "string" || !Object.hasOwn(READERS, kind))
    throw wrong(
      "kind",
      Object.keys(READERS)
        .join(", ")
        .replace(/, (\w+)$/, " or $1"),
    );
  return READERS[kind as RunRequest["kind"]](fields); // its own key, as was just looked up
}

function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(name, "a finite number");
  return value;
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== "boolean") throw wrong(name, "true or false");
  return value;
}

const LONGEST_TEXT = 100;
const MOST_TEXTS = 1000;
/** No file system has longer ones. */
const LONGEST_PATH = 4096;

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value.length > LONGEST_TEXT) throw wrong(name, "a short text");
  return value;
}

function listedParticles(fields: Fields, name: string): ListedParticles {
  const value = fields[name];
  if (typeof value !== "object" || value === null) throw wrong(name, "a list's path and its tomogram");
  const { path, ...others } = value as Fields; // every field is looked at
  if (typeof path !== "string" || path.length > LONGEST_PATH) throw wrong("path", "the path of a list");
  return { tomogramId: text(others, "tomogramId"), path };
}

function texts(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.length > MOST_TEXTS) throw wrong(name, "a list of texts");
  return value.map((_, index) => text(value as unknown as Fields, String(index))); // an array has its items by their numbers
}

/** JSON knows no undefined: null says the same. */
function given<Name extends string, Value>(
  fields: Fields,
  name: Name,
  read: (fields: Fields, name: string) => Value,
): { readonly [N in Name]?: Value } {
  if (fields[name] === undefined || fields[name] === null) return {};
  return { [name]: read(fields, name) } as { readonly [N in Name]: Value }; // a computed key is a string to the compiler
}

function wrong(name: string, expected: string): FormatError {
  return new FormatError(`"${name}" must be ${expected}`, "a run's request");
}

import { FormatError } from "../../../errors.js";

/** An object of a JSON document; its keys come from files, so they are asked for by `property` alone. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object with names. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an object holds under a name of its own. */
export function property(object: unknown, name: string): unknown {
  return isJsonObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A list, or an empty one for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The object that UTF-8 bytes of JSON hold. @throws FormatError */
export function parseJsonObject(bytes: Uint8Array, where: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FormatError("not a readable Zarr store: damaged JSON", where, {
      cause,
      hint: "The file is damaged; copy the store again.",
    });
  }
  if (!isJsonObject(value)) throw new FormatError("a JSON object was expected", where);
  return value;
}

/** A value of a file as messages show it: short, whatever it is. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (Array.isArray(value))
    return `[${value.slice(0, 8).map(shownElement).join(", ")}${value.length > 8 ? ", ..." : ""}]`;
  return shownElement(value);
}

function shownElement(value: unknown): string {
  if (typeof value === "string") return shown(value);
  if (isJsonObject(value)) return "{...}";
  return Array.isArray(value) ? "[...]" : String(value);
}

/** Steps that come from outside: over the network, or from a journal that somebody may have edited. */
import { FormatError } from "../../errors.js";
import type { Step } from "./history.js";
import type { VoxelPosition } from "./project.js";

type Fields = Readonly<Record<string, unknown>>;

/** One reader for each kind of step: it takes what the kind has, and nothing else. */
const READERS: { readonly [Kind in Step["type"]]: (fields: Fields) => Extract<Step, { readonly type: Kind }> } = {
  undo: () => ({ type: "undo" }),
  redo: () => ({ type: "redo" }),
  "add-tomogram": (fields) => ({
    type: "add-tomogram",
    path: text(fields, "path"),
    ...given("isNamedAtStart", optional(fields, "isNamedAtStart", flag)),
  }),
  "describe-tomogram": (fields) => ({
    type: "describe-tomogram",
    id: text(fields, "id"),
    ...given("voxelSizeAngstrom", optional(fields, "voxelSizeAngstrom", number)),
    ...given("contrast", optional(fields, "contrast", contrast)),
  }),
  "remove-tomogram": (fields) => ({ type: "remove-tomogram", id: text(fields, "id") }),
  "add-class": (fields) => ({
    type: "add-class",
    name: text(fields, "name"),
    ...given("colour", optional(fields, "colour", text)),
  }),
  "change-class": (fields) => ({
    type: "change-class",
    id: text(fields, "id"),
    ...given("name", optional(fields, "name", text)),
    ...given("colour", optional(fields, "colour", text)),
  }),
  "remove-class": (fields) => ({ type: "remove-class", id: text(fields, "id") }),
  "add-example": (fields) => ({ type: "add-example", ...placed(fields) }),
  "move-example": (fields) => ({ type: "move-example", id: text(fields, "id"), position: position(fields) }),
  "reassign-example": (fields) => ({ type: "reassign-example", id: text(fields, "id"), classId: classId(fields) }),
  "remove-example": (fields) => ({ type: "remove-example", id: text(fields, "id") }),
  judge: (fields) => ({ type: "judge", ...placed(fields) }),
  "withdraw-verdict": (fields) => ({
    type: "withdraw-verdict",
    tomogramId: text(fields, "tomogramId"),
    position: position(fields),
  }),
  "set-threshold": (fields) => ({
    type: "set-threshold",
    classId: text(fields, "classId"),
    probability: number(fields, "probability"),
  }),
};

/** @throws FormatError naming the field that is wrong. Whether the step can be taken is for `takeStep` to say. */
export function parseStep(value: unknown): Step {
  if (!isFields(value)) throw new FormatError("a step must be an object", "step");
  const { type } = value;
  if (typeof type !== "string" || !Object.hasOwn(READERS, type)) throw wrong(value, "type", "a kind of step");
  return READERS[type as Step["type"]](value); // its own key, as was just looked up
}

function placed(fields: Fields) {
  return { tomogramId: text(fields, "tomogramId"), classId: classId(fields), position: position(fields) };
}

const LONGEST_TEXT = 4096;

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value.length > LONGEST_TEXT) throw wrong(fields, name, "a text");
  return value;
}

function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(fields, name, "a finite number");
  return value;
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== "boolean") throw wrong(fields, name, "true or false");
  return value;
}

function contrast(fields: Fields, name: string): "dark" | "bright" {
  const value = fields[name];
  if (value !== "dark" && value !== "bright") throw wrong(fields, name, '"dark" or "bright"');
  return value;
}

function classId(fields: Fields): string | null {
  return fields.classId === null ? null : text(fields, "classId");
}

function position(fields: Fields): VoxelPosition {
  const value = fields.position;
  if (!isFields(value)) throw wrong(fields, "position", "an object with x, y and z");
  return { x: number(value, "x"), y: number(value, "y"), z: number(value, "z") };
}

/** JSON knows no undefined: null says the same. */
function optional<Value>(fields: Fields, name: string, read: (fields: Fields, name: string) => Value) {
  return fields[name] === undefined || fields[name] === null ? undefined : read(fields, name);
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]: Value }); // a computed key is a string to the compiler
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(fields: Fields, name: string, expected: string): FormatError {
  const kind = typeof fields.type === "string" ? ` of "${fields.type.slice(0, 40)}"` : "";
  return new FormatError(
    `"${name}" must be ${expected}, not ${JSON.stringify(fields[name]) ?? "missing"}`,
    `step${kind}`,
  );
}

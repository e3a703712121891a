// What a parser may answer: a tagged error, or a result whose numbers are numbers.

/** What is wrong with a thrown error; undefined where it is one that a user understands. */
export function faultOfError(error) {
  if (typeof error?.tag !== "string") return `untagged ${error?.stack ?? error}`;
  if (!(error.message.length > 0 && error.message.length < 8000))
    return `a message of ${error.message.length} characters`;
  return undefined;
}

/** Fields that may be NaN, as their documentation says: a volume of unknown voxel size, and what voxels hold. */
const MAY_BE_NAN = new Set(["volume", "statistics", "header", "data", "fields", "extended"]);

/** The path to a number of a result that is none, or undefined. */
export function oddNumber(value, path = "result", depth = 0) {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== "object" || value === null || depth > 6) return undefined;
  if (ArrayBuffer.isView(value)) return undefined;
  const entries = value instanceof Map ? value : Object.entries(value);
  for (const [key, item] of entries) {
    if (MAY_BE_NAN.has(key)) continue;
    const odd = oddNumber(item, `${path}.${String(key).slice(0, 30)}`, depth + 1);
    if (odd !== undefined) return odd;
  }
  return undefined;
}

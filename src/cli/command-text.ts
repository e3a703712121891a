/** Options that say how to report, not what to do. */
const LEFT_OUT: ReadonlySet<string> = new Set(["json", "quiet", "debug"]);

/** A command as it can be typed again: arguments first, then the options that were given or have a default. */
export function commandText(name: string, args: readonly string[], flags: object): string {
  const parts = ["cosnet", name, ...args.map(quoted)];
  for (const [flag, value] of Object.entries(flags) as [string, unknown][]) {
    if (value === undefined || value === false || LEFT_OUT.has(flag)) continue;
    parts.push(`--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
    if (value !== true) parts.push(...valuesOf(value));
  }
  return parts.join(" ");
}

/** Numbers are given as one list with commas, files and names one by one. */
function valuesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [quoted(String(value))];
  if (value.every((part) => typeof part === "number"))
    return [value.map((part) => (part === Number.POSITIVE_INFINITY ? "inf" : String(part))).join(",")];
  return value.map((part) => quoted(String(part)));
}

function quoted(text: string): string {
  return /^[\w.,:/@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Options that say how to report, not what to do. */
const LEFT_OUT: ReadonlySet<string> = new Set(["json", "quiet", "debug"]);

/** What is on unless it is switched off with `--no-...`. */
const ON_BY_DEFAULT: ReadonlySet<string> = new Set(["adapt", "gold", "learn", "ctf", "duse", "decoder"]);

/** A command as it can be typed again: arguments first, then the options that were given or have a default. */
export function commandText(name: string, args: readonly string[], flags: object): string {
  const parts = ["cosnet", name, ...args.map(quoted)];
  for (const [flag, value] of Object.entries(flags) as [string, unknown][]) {
    if (value === undefined || LEFT_OUT.has(flag) || (value === true && ON_BY_DEFAULT.has(flag))) continue;
    const option = flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    parts.push(value === false ? `--no-${option}` : `--${option}`);
    if (typeof value !== "boolean") parts.push(...valuesOf(value));
  }
  return parts.join(" ");
}

/** What was typed, with quotes where a shell needs them. */
export function typedCommand(): string {
  const words = process.argv.slice(2).map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`));
  return ["cosnet", ...words].join(" ");
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

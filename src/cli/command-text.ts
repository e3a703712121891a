/** Options that say how to report, not what to do. */
const LEFT_OUT: ReadonlySet<string> = new Set(["json", "quiet", "debug"]);

/** A command as it can be typed again: arguments first, then the options that were given or have a default. */
export function commandText(name: string, args: readonly string[], flags: object): string {
  const parts = ["cosnet", name, ...args.map(quoted)];
  for (const [flag, value] of Object.entries(flags) as [string, unknown][]) {
    if (value === undefined || value === false || LEFT_OUT.has(flag)) continue;
    parts.push(`--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
    if (value !== true) parts.push(...(Array.isArray(value) ? value : [value]).map((part) => quoted(String(part))));
  }
  return parts.join(" ");
}

function quoted(text: string): string {
  return /^[\w.,:/@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

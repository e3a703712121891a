/** Options that had another name in the version before. The old ones still work; the next version drops this table. */
const RENAMED_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["--support", "--examples"],
  ["--supports", "--examples"],
  ["--support-tomogram", "--examples-tomogram"],
  ["--support-seeds", "--example-draws"],
  ["--average-turns", "--test-time-averaging"],
]);

/**
 * The arguments with today's names of options.
 * @param isKnown whether the command that is called has an option, such as "--examples".
 * @param notify called with one sentence for each old name.
 */
export function withTodaysNames(
  args: readonly string[],
  isKnown: (name: string) => boolean,
  notify: (notice: string) => void,
): string[] {
  const told = new Set<string>();
  return args.map((argument) => {
    const [name = "", ...value] = argument.split("=");
    const today = RENAMED_OPTIONS.get(name);
    if (today === undefined || !isKnown(today)) return argument;
    if (!told.has(name)) notify(`${name} is now ${today}; the old name will go with the next version`);
    told.add(name);
    return [today, ...value].join("=");
  });
}

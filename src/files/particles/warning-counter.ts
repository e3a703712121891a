/** What was odd about many files, each thing said once. */
export type WarningCounter = ReturnType<typeof createWarningCounter>;

/** Counts what is said of many files alike, so that ten thousand particles do not give ten thousand lines. */
export function createWarningCounter() {
  const files = new Map<string, Map<string, string>>();
  return {
    /** @param reason what the file was read for: read again for the same, it does not count again. */
    add(warning: string, path?: string, reason = path): void {
      const known = files.get(warning) ?? new Map<string, string>();
      if (path !== undefined && reason !== undefined) known.set(reason, path);
      files.set(warning, known);
    },
    warnings: (): string[] =>
      [...files].map(([warning, paths]) => {
        const [first] = paths.values();
        if (first === undefined) return warning;
        return paths.size === 1 ? `${first}: ${warning}` : `${warning} (${paths.size} files, the first is ${first})`;
      }),
  };
}

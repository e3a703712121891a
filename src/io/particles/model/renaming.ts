/** What a name becomes where a format, or a file's name, has no room for all of its characters. */

/** More are counted, not listed. */
const LISTED = 6;

/**
 * `"80S ribosome" is written as 80S-ribosome`, of the names that change.
 * @param writtenName what a name becomes.
 * @returns undefined where none changes.
 */
export function renamingText(
  names: Iterable<string | undefined>,
  writtenName: (name: string) => string,
): string | undefined {
  const changed = [...new Set(names)].flatMap((name) => {
    if (name === undefined) return [];
    const written = writtenName(name);
    return written === name ? [] : [`"${name}" is written as ${written}`];
  });
  if (changed.length === 0) return undefined;
  const more = changed.length > LISTED ? `, and ${changed.length - LISTED} more likewise` : "";
  return changed.slice(0, LISTED).join(", ") + more;
}

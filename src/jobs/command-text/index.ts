/** Commands as people can type them again. */

/** A word for a shell, in quotes where it is no plain word. */
export function shellWord(text: string): string {
  return /^[\w.,:/@%=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

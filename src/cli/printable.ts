/** Control characters, and the marks that turn the direction of text: in a file name they could rewrite the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text of files and their names, fit for a terminal: what is not printable is shown as its code, \x1b for escape. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}

/** A text of several lines on one. */
export function onOneLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line, index) => (index === 0 ? line.trimEnd() : line.trim()));
  return lines.filter((line) => line !== "").join(" ");
}

/** The beginning and the end of a text that is too long to read. */
export function shortened(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  const end = Math.floor((maximum - 1) / 3);
  return `${text.slice(0, maximum - 1 - end)}…${text.slice(text.length - end)}`;
}

/** A fraction in %, with one decimal and without the sign. */
export function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

/** The classes' names, each on one line and padded to the longest. */
export function paddedNames(classes: readonly { readonly name: string }[]): string[] {
  const names = classes.map(({ name }) => shortened(name.replace(/\s+/g, " "), 60));
  const width = names.reduce((most, name) => Math.max(most, name.length), 0);
  return names.map((name) => name.padEnd(width));
}

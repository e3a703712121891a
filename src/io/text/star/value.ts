/** Where a value of a STAR line ends. */

export const LINE_FEED = 10;
const [TAB, CARRIAGE_RETURN, SPACE, DOUBLE, SINGLE] = [9, 13, 32, 34, 39] as const;

export function isLineEnd(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}

/** Whether a character is between values, line ends included. */
export function isSpace(code: number): boolean {
  return code === SPACE || code === TAB || isLineEnd(code);
}

function isQuote(code: number): boolean {
  return code === SINGLE || code === DOUBLE;
}

/**
 * The position after the value that starts at `start`; undefined for a quote that its line does not close. A quote ends the
 * value only before a space or the end of the line, so that 5'-end needs no escape.
 */
export function endOfValue(text: string, start: number): number | undefined {
  const first = text.charCodeAt(start);
  const isQuoted = isQuote(first);
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isQuoted) {
      if (isSpace(code)) return at;
    } else if (isLineEnd(code)) return undefined;
    else if (code === first && (at + 1 === text.length || isSpace(text.charCodeAt(at + 1)))) return at + 1;
  }
  return isQuoted ? undefined : text.length;
}

/** The value that starts at `start`, without its quotes. */
export function valueAt(text: string, start: number): string {
  const end = endOfValue(text, start) ?? text.length;
  return isQuote(text.charCodeAt(start)) ? text.slice(start + 1, end - 1) : text.slice(start, end);
}

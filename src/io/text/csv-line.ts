/** One line of a table of text, and its values. */
import { FormatError } from "../../errors.js";
import { unescaped } from "./csv-write.js";

/**
 * The values of a line, without blanks around them and with their quotes taken away, as in RFC 4180.
 * @throws FormatError for a quote that is not closed, or that text follows.
 */
export function splitLine(line: string, separator: string, where: () => string): string[] {
  if (separator === " ") return line.trim().split(/\s+/);
  if (!line.includes('"')) return line.split(separator).map((value) => unescaped(value.trim()));
  const values: string[] = [];
  for (let at = 0; at <= line.length; ) {
    if (line[at] !== '"') {
      const end = line.indexOf(separator, at);
      values.push(unescaped(line.slice(at, end < 0 ? undefined : end).trim()));
      if (end < 0) return values;
      at = end + 1;
      continue;
    }
    let value = "";
    for (at++; ; at++) {
      const quote = line.indexOf('"', at);
      if (quote < 0) throw new FormatError("a quote is opened and not closed", where());
      value += line.slice(at, quote);
      at = quote + 1;
      if (line[at] !== '"') break;
      value += '"';
    }
    values.push(unescaped(value));
    if (at >= line.length) return values;
    if (line[at] !== separator) throw new FormatError("text follows a closing quote", where());
    at++;
  }
  return values;
}

/** How many values a line has that has no quotes, without cutting it; undefined where quotes or blanks make it less simple. */
export function plainValueCount(line: string, separator: string): number | undefined {
  if (separator === " " || line.includes('"')) return undefined;
  let count = 1;
  for (let at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, at + 1)) count++;
  return count;
}

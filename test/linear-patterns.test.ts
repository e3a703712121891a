/** No regular expression of the sources backtracks: file contents meet all of them, and 64 kB of blanks may not stop a program. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import ts from "typescript";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "..", "src");
/** Quadratic patterns take 10^10 steps for such a text, linear ones 10^5. */
const TOKEN_LENGTH = 100_000;
/** A guard, not a measurement: a thousand times what a linear pattern needs for all its texts. */
const STOPPED_AFTER_MILLISECONDS = 2_000;

/** What files are made of, and what each pattern says itself (see `attacksOn`). */
const TOKENS = [" ", "\t", "\n", "\r\n", "\u2028", "0", "1.", "a", "A1", "_", "-", ".", ".a", ".gz", "/", "+", "="];

function patternsOf(file: string): { readonly place: string; readonly pattern: RegExp }[] {
  const source = ts.createSourceFile(file, readFileSync(join(SRC, file), "utf8"), ts.ScriptTarget.Latest, true);
  const found: { place: string; pattern: RegExp }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, body = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ place: `${file}:${line + 1} ${node.text}`, pattern: new RegExp(body, flags.replace("y", "")) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Long runs of each token and of each of the pattern's own characters, before an end that nothing matches. */
function attacksOn(pattern: RegExp): string[] {
  const plain = pattern.source.replace(/\\[a-zA-Z]|[\\^$()[\]{}|?*+]/g, " ");
  const own = [...new Set([...plain].filter((character) => character !== " "))];
  const words = plain.split(/\s+/).filter((word) => word.length > 1);
  const tokens = new Set([...TOKENS, ...own, ...words]);
  const [prefix = ""] = /^[\w' "[]+/.exec(pattern.source.replace(/^\^|\\(?=[[(])/g, "")) ?? [];
  return [...tokens].flatMap((token) => {
    const run = token.repeat(Math.ceil(TOKEN_LENGTH / token.length));
    // A line end of Unicode is a blank for \s, but not a character for the dot.
    // Joined, which makes a text of one piece, where adding would leave the copying to the search.
    return [...new Set(["", prefix, "a=", "0 "])].map((start) => [start, run, "\u0000\u2028\u0000"].join(""));
  });
}

const places = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .flatMap(patternsOf);

test("there are patterns to look at", () => expect(places.length).toBeGreaterThan(50));

test.each(places)("$place takes steps in proportion to the text", ({ pattern }) => {
  const texts = attacksOn(pattern);
  const searchEach = () => {
    for (const text of texts) text.search(pattern);
  };
  // Together first, because setting a clock takes longer than most of the searches.
  if (isDoneInTime(searchEach)) return;
  for (const text of texts) expect(isDoneInTime(() => text.search(pattern))).toBe(true);
});

test("a pattern that backtracks is found", () => {
  expect(attacksOn(/^(\d+\.?\d*)$/).every((text) => isDoneInTime(() => /^(\d+\.?\d*)$/.exec(text)))).toBe(false);
});

/** Node can stop a synchronous function only when a script of its own calls it. */
function isDoneInTime(work: () => unknown): boolean {
  const key = Symbol.for("cosnet.linear-patterns");
  Object.assign(globalThis, { [key]: work });
  try {
    runInThisContext('globalThis[Symbol.for("cosnet.linear-patterns")]()', { timeout: STOPPED_AFTER_MILLISECONDS });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw error;
  }
}

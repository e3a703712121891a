import { expect, test } from "vitest";
import { FormatError } from "../../errors.js";
import { csvLine, csvQuoted, csvText, parseCsv } from "./csv.js";

const ODD = ["a,b", 'the "odd" one', " spaces ", "#1", "a;b", "tab\tbed", ""];

test("values are quoted where they must be, and read again as they were", () => {
  expect(csvText([["name", "count"], ["ribosome", 3], ...ODD.map((name, i) => [name, i])])).toBe(
    'name,count\nribosome,3\n"a,b",0\n"the ""odd"" one",1\n" spaces ",2\n"#1",3\n"a;b",4\n"tab\tbed",5\n,6\n',
  );
  expect(parseCsv(`a,b,c,d,e,f,g\n${csvLine(ODD)}\n`).rows).toEqual([ODD]);
  expect(csvQuoted('5" gun')).toBe('"5"" gun"');
});

test("a value of more than one line is quoted in tables for others, and refused in those that are read again", () => {
  expect(csvText([["a\nb"]])).toBe('"a\nb"\n');
  expect(() => csvLine(["a\nb"])).toThrow(FormatError);
});

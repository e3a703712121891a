import { describe, expect, test } from "vitest";
import { FormatError } from "../../errors.js";
import { parseCsv } from "./csv.js";
import { csvLine, csvQuoted, csvText } from "./csv-write.js";

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

test("no spreadsheet runs what a text holds, and it is read again as it was; numbers stay numbers", () => {
  const texts = ["=1+1", "+a", "-b", "@c", "'=d", "'plain", "-5.5", "+1e3", "-"];
  const line = csvLine(texts);
  expect(line).toBe("'=1+1,'+a,'-b,'@c,''=d,'plain,-5.5,+1e3,'-");
  expect(parseCsv(`a,b,c,d,e,f,g,h,i\n${line}\n`).rows).toEqual([texts]);
  expect(csvText([[-3, "=SUM(A1)"]])).toBe("-3,'=SUM(A1)\n");
});

describe("tables as programs write them", () => {
  const table = { header: ["x", "y", "z"], rows: [["1", "2", "3"]] };

  test.each([
    ["CRLF and a byte order mark", "\ufeffx,y,z\r\n1,2,3\r\n"],
    ["semicolons", "x;y;z\n1;2;3\n"],
    ["tabs", "x\ty\tz\n1\t2\t3\n"],
    ["spaces", "x y z\n1  2 3\n"],
    ["blank lines and comments", "\n# made by hand\n\nx,y,z\n\n1,2,3\n\n"],
    ["the names in a comment", "# x y z\n1 2 3\n"],
    ["a separator at the end of a row", "x,y,z\n1,2,3,\n"],
  ])("%s", (_, text) => expect(parseCsv(text)).toMatchObject({ ...table, warnings: [] }));

  test.each([
    ["a title", "Particles of TS_01\nx,y,z\n1,2,3\n"],
    ["Excel's separator", "sep=;\nx;y;z\n1;2;3\n"],
  ])("%s before the names is passed over with a word", (_, text) =>
    expect(parseCsv(text)).toMatchObject({ ...table, lines: [3], warnings: ["passed over before the table: line 1"] }),
  );
});

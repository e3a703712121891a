import { describe, expect, test } from "vitest";
import { FormatError } from "../../errors.js";
import { type CsvTable, parseCsv } from "./csv.js";
import { csvLine, csvQuoted, csvText } from "./csv-write.js";

const rowsOf = ({ rowCount, row }: CsvTable) => Array.from({ length: rowCount }, (_, index) => row(index));

const ODD = ["a,b", 'the "odd" one', " spaces ", "#1", "a;b", "tab\tbed", ""];

test("values are quoted where they must be, and read again as they were", () => {
  expect(csvText([["name", "count"], ["ribosome", 3], ...ODD.map((name, i) => [name, i])])).toBe(
    'name,count\nribosome,3\n"a,b",0\n"the ""odd"" one",1\n" spaces ",2\n"#1",3\n"a;b",4\n"tab\tbed",5\n,6\n',
  );
  expect(rowsOf(parseCsv(`a,b,c,d,e,f,g\n${csvLine(ODD)}\n`))).toEqual([ODD]);
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
  expect(rowsOf(parseCsv(`a,b,c,d,e,f,g,h,i\n${line}\n`))).toEqual([texts]);
  expect(csvText([[-3, "=SUM(A1)"]])).toBe("-3,'=SUM(A1)\n");
});

describe("tables as programs write them", () => {
  test.each<[string, string, number, string[]]>([
    ["CRLF and a byte order mark", "\ufeffx,y,z\r\n1,2,3\r\n", 2, []],
    ["semicolons", "x;y;z\n1;2;3\n", 2, []],
    ["tabs", "x\ty\tz\n1\t2\t3\n", 2, []],
    ["spaces", "x y z\n1  2 3\n", 2, []],
    ["blank lines and comments", "\n# made by hand\n\nx,y,z\n\n1,2,3\n\n", 6, []],
    ["the names in a comment", "# x y z\n1 2 3\n", 2, []],
    ["a separator at the end of a row", "x,y,z\n1,2,3,\n", 2, []],
    ["a title", "Particles of TS_01\nx,y,z\n1,2,3\n", 3, ["passed over before the table: line 1"]],
    ["Excel's separator", "sep=;\nx;y;z\n1;2;3\n", 3, ["passed over before the table: line 1"]],
  ])("%s", (_, text, line, warnings) => {
    const table = parseCsv(text);
    expect(table.header).toEqual(["x", "y", "z"]);
    expect(rowsOf(table)).toEqual([["1", "2", "3"]]);
    expect(table.lineOf(0)).toBe(line);
    expect(table.warnings).toEqual(warnings);
  });
});

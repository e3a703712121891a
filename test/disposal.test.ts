/** What a promise still needs is not disposed of: where something is `using`, promises are awaited before they are returned. */
import { join, relative } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

test.each(["tsconfig.json", "tsconfig.page.json"])("promises outlive what they use nowhere in %s", (name) => {
  expect(unawaitedReturns(programOf(name))).toEqual([]);
});

test("a promise that would is told", () => {
  const code = `
    declare function open(): AsyncDisposable & { read(): Promise<number>; size(): number };
    export async function early() { await using file = open(); return file.read(); }
    export async function late() { await using file = open(); return await file.read(); }
    export async function value() { await using file = open(); return file.size(); }
    export async function inner() { await using file = open(); return [0].map(() => { return file.read(); }).length; }
  `;
  const host = ts.createCompilerHost({ lib: ["lib.esnext.d.ts"], target: ts.ScriptTarget.ESNext });
  const { getSourceFile } = host;
  host.getSourceFile = (path, target) =>
    path === "code.ts" ? ts.createSourceFile(path, code, target) : getSourceFile(path, target);
  const program = ts.createProgram(["code.ts"], { lib: ["lib.esnext.d.ts"], target: ts.ScriptTarget.ESNext }, host);
  expect(unawaitedReturns(program)).toEqual([expect.stringMatching(/code\.ts:3: return file\.read\(\);$/)]);
});

function programOf(configuration: string): ts.Program {
  const { config } = ts.readConfigFile(join(ROOT, configuration), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return ts.createProgram(fileNames, options);
}

function unawaitedReturns(program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const found: string[] = [];
  for (const file of program.getSourceFiles()) if (!file.isDeclarationFile) visit(file, false);
  return found;

  function visit(node: ts.Node, disposes: boolean): void {
    if (ts.isFunctionLike(node)) disposes = false;
    if (disposes && ts.isReturnStatement(node) && node.expression !== undefined) {
      const isAwaited = ts.isAwaitExpression(node.expression);
      const type = checker.getTypeAtLocation(node.expression);
      if (!isAwaited && checker.getPropertyOfType(type, "then") !== undefined) found.push(placeOf(node));
    }
    ts.forEachChild(node, (child) => {
      visit(child, disposes);
      if (isUsing(child)) disposes = true;
    });
  }
}

const isUsing = (node: ts.Node): boolean =>
  ts.isVariableStatement(node) &&
  [ts.NodeFlags.Using, ts.NodeFlags.AwaitUsing].includes(node.declarationList.flags & ts.NodeFlags.BlockScoped);

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  return `${relative(ROOT, file.fileName)}:${line}: ${node.getText().split("\n")[0]}`;
}

import { FormatError } from "../../errors.js";
import { quotedExcerpt } from "../text/number.js";

/** Twelve numbers, rotation (row by row) and translation: x' = m0 x + m1 y + m2 z + m3, and so on. Angstrom. */
export type Operator = readonly number[];

/** A biological assembly: each generator applies all its operators to all its chains. */
export interface Assembly {
  readonly id: string;
  readonly generators: readonly { readonly chains: ReadonlySet<string>; readonly operators: readonly Operator[] }[];
}

/** The operator that moves nothing. */
export const IDENTITY: Operator = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** All copies that the assemblies of one file may ask for: the largest virus has 1,680, a short text can ask for billions. */
const MOST_COPIES = 100_000;

/** Counts the copies that the assemblies of a file ask for, before they are made. */
export type CopyBudget = { copies: number };

/** First `inner`, then `outer`, as one operator. */
function compose(outer: Operator, inner: Operator): Operator {
  const product: number[] = [];
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 4; column++) {
      let sum = column === 3 ? outer[row * 4 + 3] : 0;
      for (let k = 0; k < 3; k++) sum += outer[row * 4 + k] * inner[k * 4 + column];
      product.push(sum);
    }
  return product;
}

/**
 * The operators of an mmCIF oper_expression such as "1,2", "(1-60)" or "(1,2)(3-5)": parentheses side by side
 * multiply, the right one applied first (PDBx/mmCIF dictionary, _pdbx_struct_assembly_gen.oper_expression).
 * @param budget what the file's earlier expressions have asked for; is added to
 * @throws FormatError for an unknown operator, a text that is not such an expression, or one that asks for too many copies.
 */
export function expandOperatorExpression(
  expression: string,
  operators: ReadonlyMap<string, Operator>,
  { where, budget }: { readonly where: string; readonly budget: CopyBudget },
): Operator[] {
  const groups = expression.includes("(")
    ? [...expression.matchAll(/\(([^()]*)\)/g)].map(([, group]) => group)
    : [expression];
  const rest = expression.replace(/\([^()]*\)/g, "").trim();
  if (groups.length === 0 || (expression.includes("(") && rest !== ""))
    throw new FormatError(`operator expression ${quotedExcerpt(expression)} cannot be read`, where);
  const copies = groups.reduce((product, group) => product * countOf(group), 1);
  budget.copies += copies;
  if (budget.copies > MOST_COPIES)
    throw new FormatError(
      `operator expression ${quotedExcerpt(expression)} asks for ${copies} copies; the assemblies of a file may have ${MOST_COPIES}`,
      where,
      { hint: "The file is damaged, or not meant to be read." },
    );
  return groups
    .map((group) => namesIn(group, operators, where))
    .reduce<Operator[]>(
      (outer, names) => outer.flatMap((first) => names.map((name) => compose(first, operators.get(name)!))),
      [IDENTITY],
    );
}

function namesIn(group: string, operators: ReadonlyMap<string, Operator>, where: string): string[] {
  return group.split(",").flatMap((part) => {
    const item = part.trim();
    const { first, count } = rangeOf(item);
    const names = operators.has(item)
      ? [item]
      : Array.from({ length: count }, (_, i) => (first === undefined ? item : String(first + i)));
    for (const name of names)
      if (!operators.has(name)) throw new FormatError(`assembly operator ${quotedExcerpt(name)} is not defined`, where);
    return names;
  });
}

/** How many operators a group such as "1-60,P" names, at most: a range may also be one operator's name. */
function countOf(group: string): number {
  return group.split(",").reduce((sum, part) => sum + rangeOf(part.trim()).count, 0);
}

/** "3-5" is three operators from 3 on, anything else one. */
function rangeOf(item: string): { readonly first: number | undefined; readonly count: number } {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(item) ?? [];
  return first === undefined
    ? { first: undefined, count: 1 }
    : { first: +first, count: Math.max(0, +last - +first + 1) };
}

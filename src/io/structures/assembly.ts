import { FormatError } from "../../errors.js";

/** Twelve numbers, rotation (row by row) and translation: x' = m0 x + m1 y + m2 z + m3, and so on. Angstrom. */
export type Operator = readonly number[];

/** A biological assembly: each generator applies all its operators to all its chains. */
export interface Assembly {
  readonly id: string;
  readonly generators: readonly { readonly chains: ReadonlySet<string>; readonly operators: readonly Operator[] }[];
}

/** The operator that moves nothing. */
export const IDENTITY: Operator = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

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
 * @throws FormatError for an unknown operator or a text that is not such an expression.
 */
export function expandOperatorExpression(
  expression: string,
  operators: ReadonlyMap<string, Operator>,
  where: string,
): Operator[] {
  const groups = expression.includes("(")
    ? [...expression.matchAll(/\(([^()]*)\)/g)].map(([, group]) => group)
    : [expression];
  const rest = expression.replace(/\([^()]*\)/g, "").trim();
  if (groups.length === 0 || (expression.includes("(") && rest !== ""))
    throw new FormatError(`operator expression "${expression}" cannot be read`, where);
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
    const range = /^(\d+)-(\d+)$/.exec(item);
    const names =
      range && !operators.has(item)
        ? Array.from({ length: Math.min(100_000, Math.max(0, +range[2] - +range[1] + 1)) }, (_, i) =>
            String(+range[1] + i),
          )
        : [item];
    for (const name of names)
      if (!operators.has(name)) throw new FormatError(`assembly operator "${name}" is not defined`, where);
    return names;
  });
}

import { FormatError } from "../../errors.js";
import { numberColumn, type StarBlock, type StarTable, textColumn } from "../text/star/document.js";
import { parseCif } from "../text/star/parse-cif.js";
import { type Assembly, expandOperatorExpression, type Operator } from "./assembly.js";
import { createAtomCollector, type FileAtoms } from "./atoms.js";

/**
 * Heavy atoms and assemblies of a PDBx/mmCIF file: the _atom_site, _pdbx_struct_assembly_gen and
 * _pdbx_struct_oper_list categories, as loops or as single values.
 * @throws FormatError when there is no _atom_site category, or a value in it is not a number.
 */
export function parseMmcif(text: string, name: string): FileAtoms {
  const document = parseCif(text, { name });
  const block = document.blocks.find((candidate) => category(candidate, "atom_site"));
  const site = block && category(block, "atom_site");
  if (!site)
    throw new FormatError("there are no coordinates (_atom_site) in this file", name, {
      hint: "Structure-factor and ligand files cannot be used; the coordinates of the entry are needed.",
    });
  return {
    ...readAtomSite(site, name),
    title: singleValue(block, "struct.title") ?? singleValue(block, "entry.id") ?? "",
    assemblies: readAssemblies(block, name),
  };
}

function readAtomSite(site: StarTable, name: string): Omit<FileAtoms, "title" | "assemblies"> {
  const where = `${name}, _atom_site`;
  const text = (column: string) => site.columns.get(`atom_site.${column}`);
  const [xs, ys, zs] = ["Cartn_x", "Cartn_y", "Cartn_z"].map((axis) => numberColumn(site, `atom_site.${axis}`, where));
  const names = text("label_atom_id") ?? textColumn(site, "atom_site.auth_atom_id", where);
  const residues = text("label_comp_id") ?? text("auth_comp_id");
  const asyms = text("label_asym_id") ?? textColumn(site, "atom_site.auth_asym_id", where);
  const sequence = text("auth_seq_id") ?? text("label_seq_id");
  const [symbols, groups, alternates, models] = ["type_symbol", "group_PDB", "label_alt_id", "pdbx_PDB_model_num"].map(
    text,
  );
  const { atoms, add } = createAtomCollector();
  const modelStarts = [0];
  for (let i = 0; i < site.rowCount; i++) {
    if (models && i > 0 && models[i] !== models[i - 1]) modelStarts.push(atoms.x.length);
    add({
      symbol: symbols?.[i] ?? "",
      nameField: ` ${names[i]}`,
      isHetero: groups?.[i] === "HETATM",
      residue: residues?.[i] ?? "",
      residueKey: `${asyms[i]} ${sequence?.[i]}`,
      alternate: (alternates?.[i] ?? "").replace(/^[.?]$/, ""),
      chain: asyms[i],
      position: () => [xs[i], ys[i], zs[i]],
    });
  }
  return { ...atoms, modelStarts };
}

function readAssemblies(block: StarBlock, name: string): Assembly[] {
  const table = category(block, "pdbx_struct_assembly_gen");
  const list = category(block, "pdbx_struct_oper_list");
  if (!table || !list) return [];
  const operators = readOperators(list, `${name}, _pdbx_struct_oper_list`);
  const where = `${name}, _pdbx_struct_assembly_gen`;
  const column = (suffix: string) => textColumn(table, `pdbx_struct_assembly_gen.${suffix}`, where);
  const [ids, expressions, asyms] = [column("assembly_id"), column("oper_expression"), column("asym_id_list")];
  const assemblies = new Map<string, Assembly["generators"][number][]>();
  const budget = { copies: 0 };
  ids.forEach((id, i) => {
    const chains = new Set(asyms[i].split(",").map((chain) => chain.trim()));
    const generator = { chains, operators: expandOperatorExpression(expressions[i], operators, { where, budget }) };
    const generators = assemblies.get(id);
    if (generators) generators.push(generator);
    else assemblies.set(id, [generator]);
  });
  return [...assemblies].map(([id, generators]) => ({ id, generators }));
}

function readOperators(list: StarTable, where: string): Map<string, Operator> {
  const column = (suffix: string) => numberColumn(list, `pdbx_struct_oper_list.${suffix}`, where);
  const columns = [1, 2, 3].flatMap((row) => [
    ...[1, 2, 3].map((k) => column(`matrix[${row}][${k}]`)),
    column(`vector[${row}]`),
  ]);
  const ids = textColumn(list, "pdbx_struct_oper_list.id", where);
  return new Map(ids.map((id, i) => [id, columns.map((values) => values[i])]));
}

/** The table whose tags start with the category's name. */
function category(block: StarBlock, name: string): StarTable | undefined {
  // Single values of several categories follow each other as one run of pairs, so a run may hold more than this one.
  return block.tables.find(({ columns }) => [...columns.keys()].some((tag) => tag.startsWith(`${name}.`)));
}

function singleValue(block: StarBlock, tag: string): string | undefined {
  const value = block.tables.find(({ columns }) => columns.has(tag))?.columns.get(tag)?.[0];
  return value === "?" || value === "." ? undefined : value?.replace(/\s+/g, " ").trim();
}

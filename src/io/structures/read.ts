import { ConfigError, FormatError } from "../../errors.js";
import { gunzipIfNeeded } from "../text/gzip.js";
import type { Assembly } from "./assembly.js";
import type { FileAtoms } from "./atoms.js";
import { type AtomicStructure, buildStructure } from "./build.js";
import { parseMmcif } from "./mmcif.js";
import { withoutOutliers } from "./outliers.js";
import { parsePdb } from "./pdb.js";

export type { AtomicStructure } from "./build.js";

/** Which part of a structure is read. */
export interface ReadStructureOptions {
  /** Named in the result and in messages. */
  readonly name: string;
  /** Which biological assembly to build (default "1", else the first there is), or "none". */
  readonly assembly?: string | undefined;
}

/**
 * Reads PDB or PDBx/mmCIF coordinates, gzip-compressed or not, told apart by content, and builds the assembly.
 * @throws FormatError when the bytes are neither, hold no atoms, or are corrupt.
 * @throws ConfigError when the assembly asked for is not in the file.
 */
export function readStructure(bytes: Uint8Array, { name, assembly }: ReadStructureOptions): AtomicStructure {
  const text = new TextDecoder().decode(gunzipIfNeeded(bytes, { name, maximumBytes: 2 ** 29 }));
  const kind = structureKind(text);
  if (!kind)
    throw new FormatError("neither PDB nor mmCIF coordinates", name, {
      hint: "Expected ATOM records or an _atom_site category.",
    });
  const atoms = kind === "mmcif" ? parseMmcif(text, name) : parsePdb(text, name);
  if (atoms.x.length === 0) throw new FormatError("the file holds no heavy atoms", name);
  const warnings: string[] = [];
  const { chosen, end } = chooseAssembly(atoms, { name, assembly, warnings });
  return withoutOutliers(buildStructure(atoms, chosen, { name, end, warnings }));
}

/** Whether a text (or a long enough beginning of it) holds mmCIF or PDB coordinates. */
export function structureKind(text: string): "pdb" | "mmcif" | undefined {
  // mmCIF first: its atom lines start with ATOM or HETATM, too.
  if (/^_atom_site\./m.test(text)) return "mmcif";
  return /^(ATOM {2}|HETATM).{24}[ \d.-]{24}/m.test(text) ? "pdb" : undefined;
}

/**
 * Which assembly to build, and how many of the file's atoms belong to it. Several models are either an ensemble (NMR:
 * the same molecules again, superposed), of which the first is taken, or the copies of a biological-unit file, of
 * which all are taken and nothing more is applied. What tells them apart is how far corresponding atoms lie.
 */
function chooseAssembly(
  { assemblies, modelStarts, x, y, z }: FileAtoms,
  { name, assembly, warnings }: { name: string; assembly: string | undefined; warnings: string[] },
): { chosen: Assembly | undefined; end: number } {
  let end = x.length;
  if (modelStarts.length > 1) {
    const [first, second, third = x.length] = modelStarts as [number, number, number?];
    const size = second - first;
    let squares = 0;
    for (let i = 0; i < size; i++)
      squares += (x[i] - x[second + i]) ** 2 + (y[i] - y[second + i]) ** 2 + (z[i] - z[second + i]) ** 2;
    const copies = third - second !== size || Math.sqrt(squares / size) > ENSEMBLE_SPREAD_ANGSTROM;
    if (copies) {
      warnings.push(`${modelStarts.length} models lie side by side and are taken together as the biological unit`);
      return { chosen: undefined, end };
    }
    warnings.push(`the first of ${modelStarts.length} superposed models is used`);
    end = second;
  }
  if (assembly === "none") return { chosen: undefined, end };
  const chosen = assemblies.find(({ id }) => id === (assembly ?? "1")) ?? (assembly ? undefined : assemblies[0]);
  if (assembly && !chosen)
    throw new ConfigError(`there is no assembly "${assembly}"`, {
      where: name,
      hint: `The file has ${assemblies.length > 0 ? assemblies.map(({ id }) => id).join(", ") : "no assembly records"}; "none" takes the coordinates as they are.`,
    });
  return { chosen, end };
}

/** Superposed models of an ensemble differ by a few Angstrom; copies of a complex by at least its radius. */
const ENSEMBLE_SPREAD_ANGSTROM = 12;

import { readStructure } from "../../io/index.js";
import type { DescribeFileOptions, Details } from "./description.js";

/** What `cosnet info` says of a PDB or mmCIF file. @throws FormatError when it is damaged. */
export function describeStructure(bytes: Uint8Array, path: string, options: DescribeFileOptions): Details {
  const structure = readStructure(bytes, { name: path, assembly: options.assembly });
  const { assembly, positionsAngstrom, atomCount } = structure;
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = low.map((value) => -value);
  for (let i = 0; i < 3 * atomCount; i++) {
    low[i % 3] = Math.min(low[i % 3]!, positionsAngstrom[i]!);
    high[i % 3] = Math.max(high[i % 3]!, positionsAngstrom[i]!);
  }
  return {
    fields: {
      title: structure.title || undefined,
      assembly: `${assembly.id}${assembly.available.length > 0 ? ` of ${assembly.available.join(", ")}` : ""}`,
      operators: assembly.operatorCount,
      chains: assembly.chainCount,
      heavyAtoms: atomCount,
      massKilodalton: Math.round(structure.massKilodalton),
      extentAngstrom: low.map((value, axis) => Math.round(high[axis]! - value)).join(" x "),
    },
    warnings: structure.warnings,
  };
}

import { FormatError } from "../../../errors.js";
import type { Vector3 } from "../../../volume/index.js";
import { findTable, numberColumn, type StarDocument, textColumn } from "../../text/star/document.js";
import { parseStar } from "../../text/star/parse.js";
import { scaled } from "../model/placement.js";
import { tomogramNameOf } from "../model/tomogram-name.js";

/**
 * Edge lengths in Angstrom by tomogram name, from a RELION 4 or 5 tomograms.star; by the tomogram's own name as well ("TS_1" of
 * TS_1.tomostar).
 * @throws FormatError when there is no such table, and for sizes or pixel sizes that no tomogram can have.
 */
export function readTomogramSizes(
  source: string | StarDocument,
  { name = "STAR" }: { name?: string } = {},
): Map<string, Vector3> {
  const document = typeof source === "string" ? parseStar(source, { name }) : source;
  const table = findTable(document, "global");
  if (!table) throw new FormatError("there is no data_global table", name, { hint: "Give RELION's tomograms.star." });
  const where = `${name}, data_global`;
  const edges = ["X", "Y", "Z"].map((axis) => numberColumn(table, `rlnTomoSize${axis}`, where));
  const pixelSizes = numberColumn(table, "rlnTomoTiltSeriesPixelSize", where);
  const names = textColumn(table, "rlnTomoName", where);
  const sizes = new Map<string, Vector3>();
  for (const [row, tomogram] of names.entries()) {
    const [x, y, z] = edges.map((lengths) => lengths[row]);
    checkSize(tomogram, [x, y, z], pixelSizes[row], where);
    const size = scaled({ x, y, z }, pixelSizes[row]);
    const known = sizes.get(tomogram);
    if (known && !(known.x === size.x && known.y === size.y && known.z === size.z))
      throw new FormatError(`tomogram ${tomogram} is listed twice, with different sizes`, where);
    sizes.set(tomogram, size);
  }
  for (const [tomogram, size] of [...sizes]) {
    const own = tomogramNameOf(tomogram);
    if (!sizes.has(own)) sizes.set(own, size);
  }
  return sizes;
}

/** What headers can hold, and ten centimetres in Å: the product of larger ones would be infinite. */
const LARGEST_EDGE = 2 ** 31;
const BEYOND_ALL_SIZES = 1e9;

/** @throws FormatError that names the tomogram; RELION writes -999 where a size was not given. */
function checkSize(tomogram: string, pixels: readonly number[], pixelSizeAngstrom: number, where: string): void {
  if (!pixels.every((edge) => Number.isInteger(edge) && edge > 0 && edge < LARGEST_EDGE))
    throw new FormatError(`tomogram ${tomogram} has the impossible size ${pixels.join(" x ")}`, where, {
      hint: "Sizes are whole numbers of pixels (rlnTomoSizeX, Y, Z; RELION writes -999 where none was given): correct the file, or give the tomogram (--tomogram).",
    });
  if (!(pixelSizeAngstrom > 0 && pixelSizeAngstrom < BEYOND_ALL_SIZES))
    throw new FormatError(`tomogram ${tomogram} has the impossible pixel size ${pixelSizeAngstrom} Å`, where, {
      hint: "Correct rlnTomoTiltSeriesPixelSize, or give the tomogram (--tomogram).",
    });
}

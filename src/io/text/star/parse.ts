import { arrayTable, type StarDocument } from "./document.js";
import { scanStar } from "./scan.js";

/**
 * Parses STAR as RELION writes it, rows being lines, with every value as a text of its own. Large lists are better scanned:
 * see `scanStar`.
 * @throws FormatError as `scanStar`.
 */
export function parseStar(text: string, options: { name?: string } = {}): StarDocument {
  return {
    blocks: scanStar(text, options).blocks.map((block) => ({ ...block, tables: block.tables.map(arrayTable) })),
  };
}

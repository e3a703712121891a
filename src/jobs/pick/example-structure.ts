import { basename } from "node:path";
import { ConfigError } from "../../errors.js";
import { loadComplex } from "../../files/complexes/index.js";
import { diameterOfGyration } from "../../infer/index.js";
import { createRenderer } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import type { ExampleBoxes, ExampleSettings } from "./example-box.js";

/** Poses in which a structure or map is drawn: enough for a prototype that does not depend on their choice. */
const POSES = 24;

/**
 * `NAME=FILE`, a structure or map: drawn noise-free in random poses under the tomogram's own missing wedge and contrast
 * transfer.
 * @throws ConfigError without a name or file; FileError, FormatError, AbortError.
 */
export async function boxesOfStructure(argument: string, settings: ExampleSettings): Promise<ExampleBoxes> {
  const equals = argument.indexOf("=");
  const [className, path] = [argument.slice(0, equals), argument.slice(equals + 1)];
  if (className.trim() === "" || path === "")
    throw new ConfigError(`${argument} is neither a list nor NAME=FILE`, {
      hint: "Give a structure or map with the class's name, such as --examples ribosome=4V4Q.cif.",
    });
  const { imaging, edge, boxVoxelSizeAngstrom: voxelSizeAngstrom, seed } = settings;
  const complex = await loadComplex(path, className, settings);
  const renderer = createRenderer({ ...imaging, boxSize: edge, voxelSizeAngstrom });
  const random = createRandom(seed).fork("support", className);
  const diameterAngstrom = diameterOfGyration(complex.gyrationRadiusAngstrom);
  const boxes = Array.from({ length: POSES }, (_, pose) => ({
    className,
    volume: renderer.render(complex, { random: random.fork("pose", pose), snr: Number.POSITIVE_INFINITY }).volume,
    source: `${basename(path)}, pose ${pose + 1}`,
    diameterAngstrom,
  }));
  return { boxes, specimens: new Map() };
}

/** The one grammar of examples on the command line: `FILE` or `CLASS=FILE`, where content says what the file is. */
import { ConfigError, FileError, FormatError } from "../../errors.js";
import { fileExists, fileKind, isFolder, isZarrFolder, readFileBytes } from "../../files/disk/index.js";
import { readVolumeFile } from "../../files/tomogram/index.js";
import { recogniseParticleFormat } from "../../io/index.js";
import { looksLikeParticleImage } from "./particle-image.js";

/** A particle list of any format; its own classes count where none is named. */
interface ListArgument {
  readonly kind: "list";
  readonly path: string;
  readonly className: string | undefined;
}

/** The box of one particle, or a structure or map that particles are drawn from. */
export interface VolumeArgument {
  readonly kind: "image" | "template";
  readonly path: string;
  readonly className: string;
}

export type ExampleArgument = ListArgument | VolumeArgument;

/**
 * Takes an argument apart and looks into its file. A name with an equals sign that is a file is that file.
 * @throws FileError when there is no such file; FormatError when it is none of these, and for a structure, map or box without a
 * class; ConfigError for an empty name.
 */
export async function readExampleArgument(argument: string): Promise<ExampleArgument> {
  const equals = (await fileExists(argument)) ? -1 : argument.indexOf("=");
  const path = argument.slice(equals + 1);
  const className = equals < 0 ? undefined : argument.slice(0, equals).trim();
  if (className === "" || path === "")
    throw new ConfigError(`${argument} is neither a file nor CLASS=FILE`, {
      hint: "Name the class before the equals sign and the file after it, such as --examples ribosome=clicks.csv.",
    });
  if (!(await fileExists(path)))
    throw new FileError("there is no such file of examples", path, {
      hint: "Give a particle list, or CLASS=FILE with a list, box, structure or map of that class.",
    });
  const kind = await kindOf(path);
  if (kind === "list") return { kind, path, className };
  if (className === undefined)
    throw new FormatError(`this is not a particle list but a ${kind}, whose class is not named`, path, {
      hint: `Name it: --examples CLASS=${path}.`,
    });
  return { kind: kind === "structure" ? "template" : await volumeKind(path), path, className };
}

/** By content; the names of files say little. */
async function kindOf(path: string): Promise<"list" | "structure" | "volume"> {
  if (await isZarrFolder(path)) return "volume";
  if (await isFolder(path)) return "list"; // of copick
  const bytes = await readFileBytes(path);
  const kind = fileKind(bytes);
  if (kind === "pdb" || kind === "mmcif") return "structure";
  if (recogniseParticleFormat(bytes, path)) return "list";
  if (kind === "unknown" || kind === "onnx" || kind === "safetensors" || kind === "star")
    throw new FormatError("this is not a particle list, structure, map or box", path, {
      hint: "`cosnet info` says what a file is.",
    });
  return "volume";
}

async function volumeKind(path: string): Promise<VolumeArgument["kind"]> {
  const { volume } = await readVolumeFile(path);
  return looksLikeParticleImage(volume) ? "image" : "template";
}

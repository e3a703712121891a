/** A step as a line of the journal, and back. Paths are written from the project's folder, so that it can be moved with its data. */
import { isAbsolute, relative, resolve } from "node:path";
import { FormatError } from "../../errors.js";
import { fileExists } from "../../files/disk/index.js";
import { parseStep, type Step } from "../protocol/index.js";

/** The first line: what the file is, and how the others are to be read. */
const HEADER = { cosnet: "workbench project", format: 1 } as const;

export function headerLine(): string {
  return `${JSON.stringify(HEADER)}\n`;
}

/** @throws FormatError when the first line is not ours, or of a later format. */
export function checkHeader(line: string, path: string): void {
  const header = parsed(line, path) as Partial<typeof HEADER> | null; // looked at field by field
  if (header?.cosnet !== HEADER.cosnet)
    throw new FormatError("this is not the journal of a workbench project", path, {
      hint: "Choose another folder for the project.",
    });
  if (header.format !== HEADER.format)
    throw new FormatError(
      `this project is of format ${header.format}; this version reads format ${HEADER.format}`,
      path,
      {
        hint: "Open it with the version of cosnet that wrote it, or a later one.",
      },
    );
}

export function lineOf(step: Step, folder: string): string {
  const written =
    step.type === "add-tomogram" ? { ...step, path: relative(folder, step.path) || ".", fullPath: step.path } : step;
  return `${JSON.stringify(written)}\n`;
}

/** A tomogram is where it lies from the project's folder; where nothing is there, it is where it once was. @throws FormatError */
export async function stepOfLine(line: string, folder: string, where: string): Promise<Step> {
  const value = parsed(line, where);
  const step = parseStep(value);
  if (step.type !== "add-tomogram") return step;
  const path = resolve(folder, step.path);
  const { fullPath } = value as { readonly fullPath?: unknown }; // `parseStep` has found an object
  if (typeof fullPath !== "string" || !isAbsolute(fullPath) || (await fileExists(path))) return { ...step, path };
  return { ...step, path: (await fileExists(fullPath)) ? fullPath : path };
}

function parsed(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new FormatError("this line is damaged", where, { cause, hint: "Restore the project from a copy." });
  }
}

import { open } from "node:fs/promises";
import type { StagedFiles } from "../../files/disk/index.js";
import { fileError } from "../../files/disk/index.js";
import { type SurfacePart, writeGlb, writePly, writeStl } from "../../io/index.js";
import { classColour } from "../../report/index.js";
import { placeMesh, type SurfaceMesh } from "../../volume/index.js";
import type { SurfaceFormat } from "./options.js";

const WRITERS = { stl: writeStl, ply: writePly, glb: writeGlb } as const;

/** One surface of a file. */
export interface NamedMesh {
  readonly name: string;
  readonly mesh: SurfaceMesh;
}

/**
 * Writes meshes of one class as one file in each format, under `stem` and the format's ending. Gives the names.
 * @throws FileError; ConfigError when the format cannot hold so much.
 */
export async function writeSurfaces(
  files: StagedFiles,
  stem: string,
  meshes: readonly NamedMesh[],
  {
    formats,
    classIndex,
    comment,
  }: { readonly formats: readonly SurfaceFormat[]; readonly classIndex: number; readonly comment: string },
): Promise<string[]> {
  const colour = classColour(classIndex);
  const parts: SurfacePart[] = meshes.map(({ name, mesh }) => ({ name, mesh, colour }));
  const names = formats.map((format) => `${stem}.${format}`);
  for (const [i, format] of formats.entries()) {
    const path = await files.reserve(names[i]!);
    const file = await open(path, "w").catch((cause) => {
      throw fileError(names[i]!, "written", cause);
    });
    try {
      for (const chunk of WRITERS[format](parts, { comment })) await file.writeFile(chunk); // goes on where it was
    } catch (cause) {
      throw cause instanceof Error && "code" in cause ? fileError(names[i]!, "written", cause) : cause;
    } finally {
      await file.close();
    }
  }
  return names;
}

/** "ribosome 80S" as a part of a file name; the label keeps names apart that become alike. */
export function surfaceStem(name: string, label: number): string {
  const plain = name
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  return `surfaces/class-${label}${plain ? `-${plain}` : ""}`;
}

/** Boxes without a common tomogram side by side in rows along x, so that they can be looked at together. */
export function layOut(meshes: readonly NamedMesh[], spacingAngstrom: number): NamedMesh[] {
  const columns = Math.ceil(Math.sqrt(meshes.length));
  return meshes.map(({ name, mesh }, i) => ({
    name,
    mesh: placeMesh(mesh, 1, {
      x: (i % columns) * spacingAngstrom,
      y: Math.floor(i / columns) * spacingAngstrom,
      z: 0,
    }),
  }));
}

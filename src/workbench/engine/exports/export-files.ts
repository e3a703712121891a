/** What a run has besides its list: masks, surfaces, the command. */
import { join } from "node:path";
import { ConfigError } from "../../../errors.js";
import { readFileBytes } from "../../../files/disk/index.js";
import { writePly } from "../../../io/index.js";
import { breathe } from "../../../progress.js";
import { placeMesh } from "../../../volume/index.js";
import type { ExportedFile, Project } from "../../protocol/index.js";
import type { DoneRun } from "../runs/run-reader.js";
import { maskSurface } from "../runs/surface.js";
import type { DecidedList } from "./decided-list.js";
import type { FilesFormat } from "./formats.js";

/** @throws ConfigError when the run wrote no masks; FileError. */
export async function exportFiles(
  run: DoneRun,
  { decided, project }: { readonly decided: DecidedList; readonly project: Project },
  format: FilesFormat,
): Promise<ExportedFile[]> {
  if (format === "command")
    return [{ name: "pick.sh", bytes: new TextEncoder().encode(`#!/bin/sh\n${run.record.command}\n`) }];
  const names = decided.list.particles.flatMap(({ extra }) => extra.cosnetMaskName ?? []);
  if (names.length === 0)
    throw new ConfigError(`${run.record.id} has no masks of these picks`, { hint: "Start a run that writes masks." });
  if (format === "masks")
    return Promise.all(names.map(async (name) => ({ name, bytes: await readFileBytes(join(run.folder, name)) })));
  return surfacesOf(run, decided, project);
}

async function surfacesOf(run: DoneRun, { list }: DecidedList, { classes }: Project): Promise<ExportedFile[]> {
  const files: ExportedFile[] = [];
  for (const tomogram of run.tomograms)
    for (const { name, colour } of classes) {
      const own = list.particles.filter(
        (one) => one.tomogramName === tomogram.name && one.className === name && one.extra.cosnetMaskName,
      );
      if (own.length === 0) continue;
      const parts = [];
      for (const [i, particle] of own.entries()) {
        const mesh = await maskSurface(run, tomogram, particle);
        const size = tomogram.takenVoxelSizeAngstrom;
        const placed = placeMesh(mesh, size, { x: 0, y: 0, z: 0 });
        parts.push({ name: `${name}-${i + 1}`, mesh: placed, colour: rgbOf(colour) });
        await breathe(undefined);
      }
      const chunks = [
        ...writePly(parts, { comment: `cosnet: ${name} in ${tomogram.name}, Angstrom from the first voxel` }),
      ];
      files.push({ name: `${tomogram.name}_${name}.ply`, bytes: joined(chunks) });
    }
  return files;
}

function rgbOf(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

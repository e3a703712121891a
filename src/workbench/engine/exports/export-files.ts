/** What a run has besides its list: masks, labels, surfaces, averages, the command. */
import { join } from "node:path";
import { ConfigError } from "../../../errors.js";
import { readFileBytes, readFolder } from "../../../files/disk/index.js";
import { type Particle, writePly } from "../../../io/index.js";
import { breathe } from "../../../progress.js";
import { placeMesh } from "../../../volume/index.js";
import type { ExportedFile, Project } from "../../protocol/index.js";
import type { DecidedList } from "../runs/decided-list.js";
import { averageFolder, segmentFolder } from "../runs/kinds/jobs.js";
import type { DoneRun } from "../runs/run-file.js";
import { maskSurface } from "../runs/surface.js";
import type { FilesFormat } from "./formats.js";

export interface ExportContext {
  readonly project: Project;
  /** The last runs of these kinds on the run's picks, where there are any. */
  readonly segmented: DoneRun | undefined;
  readonly averaged: DoneRun | undefined;
}

interface FilesContext extends ExportContext {
  readonly decided: DecidedList;
}

/** @throws ConfigError when the run has none of these files; FileError. */
export async function exportFiles(
  run: DoneRun,
  { decided, project, segmented, averaged }: FilesContext,
  format: FilesFormat,
): Promise<ExportedFile[]> {
  switch (format) {
    case "command":
      return [commandFile(run, segmented, averaged)];
    case "labels":
      if (!segmented) throw new ConfigError("labels come with surfaces", { hint: "Make surfaces first." });
      return segmentedFiles(segmented, (name) => /^(?:labels|instances)\.mrc$/.test(name));
    case "averages":
      if (!averaged) throw new ConfigError("nothing has been averaged", { hint: "Average the picks first." });
      return filesIn(averageFolder(averaged.folder), "", (name) => /\.(?:mrc|star)$/.test(name));
    case "surfaces":
      return segmented
        ? segmentedFiles(segmented, (name) => /^surfaces\/[^/]+\.ply$/.test(name))
        : surfacesOf(run, withMasks(run, decided), project);
    case "masks":
      return masksOf(run, withMasks(run, decided));
  }
}

function commandFile(run: DoneRun, ...further: readonly (DoneRun | undefined)[]): ExportedFile {
  const commands = [run, ...further].flatMap((one) => one?.record.command ?? []);
  return { name: "pick.sh", bytes: new TextEncoder().encode(`#!/bin/sh\n${commands.join("\n")}\n`) };
}

/** Of each tomogram, whose name goes before where there are several. */
async function segmentedFiles(
  { job, folder, tomograms }: DoneRun,
  isWanted: (name: string) => boolean,
): Promise<ExportedFile[]> {
  const parts = job.kind === "segment" ? job.parts : [];
  const files = parts.map(({ tomogramId }) => {
    const name = tomograms.find(({ id }) => id === tomogramId)?.name ?? tomogramId;
    return filesIn(segmentFolder(folder, tomogramId), parts.length > 1 ? `${name}/` : "", isWanted);
  });
  return (await Promise.all(files)).flat();
}

async function filesIn(folder: string, prefix: string, isWanted: (name: string) => boolean): Promise<ExportedFile[]> {
  const files = [...(await readFolder(folder, { isWanted }))];
  return files.map(([name, bytes]) => ({ name: `${prefix}${name}`, bytes }));
}

/** The picks that the run wrote masks of. */
function withMasks({ record }: DoneRun, { list }: DecidedList): readonly Particle[] {
  const particles = list.particles.filter(({ extra }) => extra.cosnetMaskName !== undefined);
  if (particles.length === 0)
    throw new ConfigError(`${record.id} has no masks of these picks`, { hint: "Make surfaces first." });
  return particles;
}

function masksOf({ folder }: DoneRun, particles: readonly Particle[]): Promise<ExportedFile[]> {
  const names = particles.flatMap(({ extra }) => extra.cosnetMaskName ?? []);
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFileBytes(join(folder, name)) })));
}

async function surfacesOf(run: DoneRun, particles: readonly Particle[], { classes }: Project): Promise<ExportedFile[]> {
  const files: ExportedFile[] = [];
  for (const tomogram of run.tomograms)
    for (const { name, colour } of classes) {
      const own = particles.filter((one) => one.tomogramName === tomogram.name && one.className === name);
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

/** What a run of `average` came to, from its maps, its list and average.json. */
import { basename, join } from "node:path";
import { FormatError } from "../../../errors.js";
import { readFileBytes, readJson } from "../../../files/disk/index.js";
import { readVolumeFile } from "../../../files/tomogram/index.js";
import { type ParticleList, positionsFromFirstVoxel, readParticles } from "../../../io/index.js";
import { SURFACE_FRACTION } from "../../../jobs/average/index.js";
import { centreIndex, NO_TURN, placeMesh, surfaceMesh, type Volume } from "../../../volume/index.js";
import type { AverageMap, AverageResults, PoseTable, Surface } from "../../protocol/index.js";
import type { RunTomogram } from "./example-lists.js";
import { averageFolder } from "./kinds/jobs.js";
import { sizeAngstrom } from "./results.js";
import type { DoneRun } from "./run-file.js";

/** The parts of average.json that are shown. */
interface Sidecar {
  readonly classes: readonly {
    readonly name: string;
    readonly particles: number;
    readonly used: number;
    readonly symmetry: string;
    readonly resolutionAngstrom?: number;
    readonly mapPath?: string;
  }[];
  readonly averaged: readonly {
    readonly averages: readonly {
      readonly name: string;
      readonly fourierShellCorrelation: Readonly<Record<"unmasked" | "corrected", readonly number[]>>;
    }[];
  }[];
}

/** @throws FileError, FormatError when the run's files have been removed or changed. */
export async function readAverages(run: DoneRun): Promise<AverageResults> {
  const folder = averageFolder(run.folder);
  const path = join(folder, "average.json");
  const sidecar = (await readJson(path)) as Sidecar | null | undefined; // our own file, written whole
  if (!sidecar) throw new FormatError("it is not there, or no JSON", path);
  const listPath = join(folder, "particles.star");
  const list = readParticles(new TextDecoder().decode(await readFileBytes(listPath)), { name: listPath });
  const correlations = new Map(
    sidecar.averaged.flatMap(({ averages }) =>
      averages.map(({ name, fourierShellCorrelation }) => [name, fourierShellCorrelation] as const),
    ),
  );
  const classes: AverageResults["classes"][number][] = [];
  for (const { id, name } of run.classes) {
    const own = sidecar.classes.find((other) => other.name === name);
    if (!own) continue;
    const { particles, used, mapPath, symmetry, resolutionAngstrom } = own;
    const correlation = correlations.get(name);
    const map: AverageMap | undefined =
      mapPath === undefined || used === 0 || !correlation
        ? undefined
        : {
            ...drawn((await readVolumeFile(join(folder, "maps", basename(mapPath)))).volume),
            ...{ symmetry, resolutionAngstrom },
            correlation: {
              unmasked: Float32Array.from(correlation.unmasked),
              corrected: Float32Array.from(correlation.corrected),
            },
            poses: run.tomograms.map((tomogram) => posesIn(tomogram, list, name)),
          };
    classes.push({ classId: id, name, particles, used, map });
  }
  return { runId: run.record.id, classes };
}

function drawn(volume: Volume): Pick<AverageMap, "edgeVoxels" | "voxelSizeAngstrom" | "sections" | "surface"> {
  const { data, shape, voxelSizeAngstrom } = volume;
  const [edge] = shape;
  const middle = centreIndex(edge);
  const sections = new Float32Array(3 * edge * edge);
  for (let row = 0; row < edge; row++)
    for (let column = 0; column < edge; column++) {
      const at = row * edge + column;
      sections[at] = data[(middle * edge + row) * edge + column]!;
      sections[edge * edge + at] = data[(row * edge + middle) * edge + column]!;
      sections[2 * edge * edge + at] = data[(row * edge + column) * edge + middle]!;
    }
  const highest = data.reduce((most, value) => Math.max(most, value), 0);
  return { edgeVoxels: edge, voxelSizeAngstrom, sections, surface: surfaceAt(volume, SURFACE_FRACTION * highest) };
}

function surfaceAt({ data, shape, voxelSizeAngstrom }: Volume, level: number): Surface {
  const first = -centreIndex(shape[0]) * voxelSizeAngstrom;
  const mesh = placeMesh(surfaceMesh(data, shape, level), voxelSizeAngstrom, { x: first, y: first, z: first });
  return { positions: mesh.positions, indices: mesh.triangles };
}

function posesIn(tomogram: RunTomogram, list: ParticleList, className: string): PoseTable {
  const particles = list.particles.filter((one) => one.className === className && one.tomogramName === tomogram.name);
  const at = positionsFromFirstVoxel({ ...list, particles }, { tomogramSizeAngstrom: sizeAngstrom(tomogram) });
  const positions = at.flatMap(({ x, y, z }) => [x, y, z]);
  const rotations = particles.flatMap(({ orientation: { w, x, y, z } = NO_TURN }) => [w, x, y, z]);
  return {
    ...{ tomogramId: tomogram.id, count: particles.length },
    positions: Float32Array.from(positions, (angstrom) => angstrom / tomogram.takenVoxelSizeAngstrom),
    rotations: Float32Array.from(rotations),
  };
}

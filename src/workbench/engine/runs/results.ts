/** What a run found, from its candidates.star. */
import { join } from "node:path";
import { readFileBytes } from "../../../files/disk/index.js";
import { type Particle, type ParticleList, positionsFromFirstVoxel, readParticles } from "../../../io/index.js";
import type { Vector3 } from "../../../volume/index.js";
import { type CandidateTable, REJECTION_REASONS, type RunResults } from "../../protocol/index.js";
import type { RunTomogram } from "./example-lists.js";
import type { Run } from "./run-file.js";

/** The candidates with the rows of their list, which say everything exactly. */
export interface ReadResults {
  readonly results: RunResults;
  /** candidates.star; picks are as picks.star has them. */
  readonly list: ParticleList;
  /** Rows of the list, in the order of the tables one after the other. */
  readonly rows: readonly number[];
}

/** @throws FileError, FormatError when the run's files have been removed or changed. */
export async function readResults({
  folder,
  record,
  classes,
  tomograms,
}: Run & { readonly folder: string }): Promise<ReadResults> {
  const candidates = await readList(join(folder, "candidates.star"));
  const picks = (await readList(join(folder, "picks.star"))).particles.values(); // in the same order
  const list = {
    ...candidates,
    particles: candidates.particles.map((one) => (one.className === NONE ? one : (picks.next().value ?? one))),
  };
  const tomogramSizesAngstrom = new Map(tomograms.map((tomogram) => [tomogram.name, sizeAngstrom(tomogram)]));
  const positions = positionsFromFirstVoxel(list, { tomogramSizesAngstrom });
  const rows: number[] = [];
  const tables = tomograms.map((tomogram) => {
    const own = list.particles.flatMap(({ tomogramName }, row) => (tomogramName === tomogram.name ? [row] : []));
    for (const row of own) rows.push(row);
    return tableOf(own, { tomogram, list, positions, classes });
  });
  return { list, rows, results: { runId: record.id, classIds: classes.map(({ id }) => id), tables } };
}

async function readList(path: string): Promise<ParticleList> {
  return readParticles(new TextDecoder().decode(await readFileBytes(path)), { name: path });
}

interface TableSource {
  readonly tomogram: RunTomogram;
  readonly list: ParticleList;
  readonly positions: readonly Vector3[];
  readonly classes: Run["classes"];
}

const NO_CLASS = 255;
/** What `pick` calls a candidate that is no pick. */
const NONE = "none";

function tableOf(rows: readonly number[], { tomogram, list, positions, classes }: TableSource): CandidateTable {
  const count = rows.length;
  const table = {
    ...{ tomogramId: tomogram.id, count, positions: new Float32Array(3 * count) },
    ...{ classIndex: new Uint8Array(count).fill(NO_CLASS), probability: new Float32Array(count) },
    ...{ detectionScore: new Float32Array(count), radiusAngstrom: new Float32Array(count) },
    rejection: new Uint8Array(count),
  };
  const indexOfClass = new Map(classes.map(({ name }, index) => [name, index]));
  const picked = new Set(list.particles.map(({ className }) => className));
  for (const [i, row] of rows.entries()) {
    const particle = list.particles[row]!;
    const { x, y, z } = positions[row]!;
    table.positions.set(
      [x, y, z].map((angstrom) => angstrom / tomogram.takenVoxelSizeAngstrom),
      3 * i,
    );
    table.classIndex[i] = indexOfClass.get(column(particle, "BestClassName")) ?? NO_CLASS;
    table.probability[i] = numberIn(particle, "Probability");
    table.detectionScore[i] = numberIn(particle, "DetectionScore");
    table.radiusAngstrom[i] = numberIn(particle, "DiameterAngst") / 2;
    const atBorder = isAtBorder(positions[row]!, table.radiusAngstrom[i]!, tomogram);
    table.rejection[i] = REJECTION_REASONS.indexOf(rejectionOf(particle, { indexOfClass, picked, atBorder }));
  }
  return table;
}

/** As `pick` decides it, from the columns that it wrote. */
function rejectionOf(
  particle: Particle,
  {
    indexOfClass,
    picked,
    atBorder,
  }: {
    readonly indexOfClass: ReadonlyMap<string, number>;
    readonly picked: ReadonlySet<string | undefined>;
    readonly atBorder: boolean;
  },
): (typeof REJECTION_REASONS)[number] {
  if (particle.className !== undefined && indexOfClass.has(particle.className)) return "pick";
  if (numberIn(particle, "KnownProbability") < 0.5) return "none";
  if (!indexOfClass.has(column(particle, "BestClassName"))) return "negative";
  if (atBorder && numberIn(particle, "Probability") < 0.5) return "border";
  if (!(numberIn(particle, "KnownProbability") > 0.5)) return "none"; // exactly one half is a little less, rounded
  // Of a class at whose examples there is nothing nothing is picked; what is of the same particle is so beside a pick.
  return picked.has(column(particle, "BestClassName")) ? "same" : "empty";
}

function isAtBorder({ x, y, z }: Vector3, radius: number, tomogram: RunTomogram): boolean {
  const size = sizeAngstrom(tomogram);
  return Math.min(x, y, z, size.x - x, size.y - y, size.z - z) < radius;
}

export function sizeAngstrom({ shape: [nz, ny, nx], takenVoxelSizeAngstrom: voxel }: RunTomogram): Vector3 {
  return { x: nx * voxel, y: ny * voxel, z: nz * voxel };
}

function column({ extra }: Particle, name: string): string {
  return extra[`cosnet${name}`] ?? "";
}

function numberIn(particle: Particle, name: string): number {
  return Number(column(particle, name));
}

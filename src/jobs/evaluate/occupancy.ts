import { rowsByName } from "../../evaluate/index.js";
import { eachSection, openTomogram, type StageProgress } from "../../files/tomogram/index.js";
import type { Vector3 } from "../../volume/index.js";
import type { ListedParticle } from "./lists.js";

/** What a label volume says of the particles of one tomogram. */
export interface Occupancy {
  /** "instances": a label is a particle; "classes": a label is a class. */
  readonly kind: "instances" | "classes";
  /** Volume of each true particle (its class's mean with class labels), in Å³; 0 when it has no voxel. */
  readonly volumesCubicAngstrom: readonly number[];
  /** The true particle in whose voxels each pick lies, -1 for background. */
  readonly truthOfPick: readonly number[];
}

/**
 * Looks picks up in a label volume as the SHREC 2021 contest did: the position rounded to a voxel and clamped to the
 * volume, labels dilated by one voxel along the axes (the larger label where two meet). Reads the volume once, section by
 * section, and counts each label's voxels on the way.
 *
 * Labels are the particles' own instance numbers (`cosnetInstance`) where the list has them; else classes, when they are
 * the truth's class numbers and every pick of a class label goes to the nearest particle of that class; else row numbers
 * of the list, from 1.
 * @throws FileError, FormatError, ConfigError as reading does; AbortError.
 */
export async function readOccupancy(
  path: string,
  picks: readonly Pick<ListedParticle, "positionAngstrom">[],
  truths: readonly ListedParticle[],
  options: { readonly voxelSizeAngstrom?: number | undefined } & StageProgress,
): Promise<Occupancy> {
  await using volume = await openTomogram(path, options);
  const { shape, voxelSizeAngstrom } = volume;
  const [nz, ny, nx] = shape;
  const nearest = (valueAngstrom: number, length: number) =>
    Math.max(0, Math.min(length - 1, Math.round(valueAngstrom / voxelSizeAngstrom)));
  const rounded = picks.map(
    ({ positionAngstrom: { x, y, z } }) => [nearest(z, nz), nearest(y, ny), nearest(x, nx)] as const,
  );
  const bySection = new Map<number, number[]>();
  rounded.forEach(([z], pick) => {
    for (const section of [z - 1, z, z + 1]) {
      const there = bySection.get(section);
      if (there) there.push(pick);
      else bySection.set(section, [pick]);
    }
  });
  const labels = new Uint32Array(picks.length);
  const counts = new Map<number, number>();
  await eachSection(
    volume,
    (section, z) => {
      countLabels(section, counts);
      for (const pick of bySection.get(z) ?? []) {
        const [pz, y, x] = rounded[pick]!;
        const take = (row: number, column: number) => {
          if (row < 0 || row >= ny || column < 0 || column >= nx) return;
          labels[pick] = Math.max(labels[pick]!, section[row * nx + column]!);
        };
        take(y, x);
        if (pz !== z) continue;
        for (const step of [-1, 1]) {
          take(y + step, x);
          take(y, x + step);
        }
      }
    },
    options,
  );
  return interpret({ labels, counts, picks, truths, voxelVolume: voxelSizeAngstrom ** 3 });
}

function countLabels(section: Float32Array, counts: Map<number, number>): void {
  // Labels come in runs: one look-up a run.
  for (let start = 0; start < section.length; ) {
    const label = section[start]!;
    let end = start + 1;
    while (end < section.length && section[end] === label) end++;
    if (label > 0) counts.set(label, (counts.get(label) ?? 0) + end - start);
    start = end;
  }
}

function interpret({
  labels,
  counts,
  picks,
  truths,
  voxelVolume,
}: {
  readonly labels: Uint32Array;
  readonly counts: ReadonlyMap<number, number>;
  readonly picks: readonly Pick<ListedParticle, "positionAngstrom">[];
  readonly truths: readonly ListedParticle[];
  readonly voxelVolume: number;
}): Occupancy {
  const listed = truths.every(({ instance }) => instance !== undefined);
  const classNumbers = new Set(truths.map(({ classNumber }) => classNumber));
  const isClasses =
    !listed && [...counts.keys()].every((label) => classNumbers.has(label)) && classNumbers.size < truths.length;
  if (isClasses) {
    const membersOf = rowsByName(truths, ({ classNumber }) => String(classNumber));
    const members = (label: number) => membersOf.get(String(label)) ?? [];
    return {
      kind: "classes",
      volumesCubicAngstrom: truths.map(
        ({ classNumber = 0 }) => ((counts.get(classNumber) ?? 0) * voxelVolume) / members(classNumber).length,
      ),
      truthOfPick: Array.from(labels, (label, pick) =>
        label === 0 ? -1 : nearestOf(members(label), picks[pick]!.positionAngstrom, truths),
      ),
    };
  }
  const labelOf = truths.map(({ instance }, row) => (listed ? instance! : row + 1));
  const truthOfLabel = new Map(labelOf.map((label, truth) => [label, truth]));
  return {
    kind: "instances",
    volumesCubicAngstrom: labelOf.map((label) => (counts.get(label) ?? 0) * voxelVolume),
    truthOfPick: Array.from(labels, (label) => truthOfLabel.get(label) ?? -1),
  };
}

/** The nearest of some particles, -1 for none. */
function nearestOf(rows: readonly number[], position: Vector3, truths: readonly ListedParticle[]): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const other = truths[row]!.positionAngstrom;
    const distance = Math.hypot(other.x - position.x, other.y - position.y, other.z - position.z);
    if (distance >= least) continue;
    best = row;
    least = distance;
  }
  return best;
}

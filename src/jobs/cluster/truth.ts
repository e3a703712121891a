import { adjustedRandIndex, matchPicks, sortedClassNames } from "../../evaluate/index.js";
import { classNameOf, type ParticleList } from "../../io/index.js";
import { type ListedParticle, meetTruth, tomogramKey } from "../evaluate/index.js";
import type { ClusterOptions } from "./options.js";
import { clusterOptionDefaults } from "./options.js";

/** How the clusters compare with true classes. */
export interface ClusterTruth {
  /** 1 when clusters and classes are the same, 0 on average by chance; over the particles whose class is known. */
  readonly adjustedRandIndex: number;
  /** Particles whose class is known, of all. */
  readonly known: number;
  readonly particles: number;
  /** Share of the known particles in clusters that are of the class most frequent in their cluster. */
  readonly purity: number;
  /** Classes that are more than half of at least one cluster, of all. */
  readonly coveredClasses: number;
  readonly classes: number;
  /** For each cluster the class most frequent in it, and its share of all members; undefined when no member's class is known. */
  readonly majority: readonly ({ readonly className: string; readonly share: number } | undefined)[];
  /** Where the classes come from. */
  readonly source: string;
}

/**
 * Compares clusters with the truth where one is given (candidates that are no true particle are left aside), or with the
 * classes that the list itself states for all of its particles.
 */
export async function compareWithTruth(
  list: ParticleList,
  labels: Int32Array,
  options: ClusterOptions,
): Promise<ClusterTruth | undefined> {
  const { truthPaths = [] } = options;
  if (truthPaths.length > 0) {
    const distance = options.distanceAngstrom ?? clusterOptionDefaults.distanceAngstrom;
    const classes = await truthByPosition(list, truthPaths, distance, options);
    return compare(classes, labels, `${truthPaths.join(", ")}, within ${distance} Å`);
  }
  const stated = list.particles.map(classNameOf);
  if (stated.some((name) => name === undefined) || new Set(stated).size < 2) return undefined;
  return compare(stated, labels, "the classes stated in the list");
}

interface Row extends ListedParticle {
  readonly row: number;
}

/** The class of each particle that is near a true one, one to one. */
async function truthByPosition(
  list: ParticleList,
  truthPaths: readonly string[],
  distanceAngstrom: number,
  options: ClusterOptions,
): Promise<(string | undefined)[]> {
  const particles = list.particles.flatMap(({ positionAngstrom, tomogramName, score }, row): Row[] =>
    positionAngstrom
      ? [
          {
            ...{ row, positionAngstrom, score },
            tomogram: tomogramKey(tomogramName ?? "tomogram"),
            ...{ className: undefined, classNumber: undefined, instance: undefined, diameterAngstrom: undefined },
          },
        ]
      : [],
  );
  const { picks, truths } = await meetTruth(
    { path: "the candidates", ownName: "", origin: list.origin, particles, warnings: [] },
    { truthPaths, voxelSizeAngstrom: options.voxelSizeAngstrom, onWarning: options.onWarning },
  );
  const { truthOfPick } = matchPicks(
    picks,
    truths.map((truth) => ({ ...truth, className: truth.className!, matchDistanceAngstrom: distanceAngstrom })),
  );
  const classes: (string | undefined)[] = new Array(list.particles.length).fill(undefined);
  picks.forEach(({ row }, pick) => {
    const truth = truths[truthOfPick[pick]!];
    if (truth) classes[row] = truth.className;
  });
  return classes;
}

function compare(classes: readonly (string | undefined)[], labels: Int32Array, source: string): ClusterTruth {
  const known = Array.from(labels.keys()).filter((row) => classes[row] !== undefined);
  const clusterCount = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  const counts = Array.from({ length: clusterCount }, () => new Map<string, number>());
  for (const row of known) {
    const own = counts[labels[row]!];
    own?.set(classes[row]!, (own.get(classes[row]!) ?? 0) + 1);
  }
  const sizes = counts.map((_, cluster) => labels.filter((label) => label === cluster).length);
  const majority = counts.map((own, cluster) => {
    const [first] = [...own].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const total = [...own.values()].reduce((sum, count) => sum + count, 0);
    return first && { className: first[0], share: first[1] / sizes[cluster]!, count: first[1], total };
  });
  const clustered = majority.reduce((sum, entry) => sum + (entry?.total ?? 0), 0);
  const right = majority.reduce((sum, entry) => sum + (entry?.count ?? 0), 0);
  return {
    adjustedRandIndex: adjustedRandIndex(
      known.map((row) => classes[row]!),
      known.map((row) => labels[row]!),
    ),
    known: known.length,
    particles: labels.length,
    purity: right / clustered,
    coveredClasses: new Set(majority.flatMap((entry) => (entry && entry.share > 0.5 ? entry.className : []))).size,
    classes: sortedClassNames(known.map((row) => classes[row]!)).length,
    majority: majority.map((entry) => entry && { className: entry.className, share: entry.share }),
    source,
  };
}

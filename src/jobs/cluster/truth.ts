import { adjustedRandIndex, matchPicks, sortedClassNames } from "../../evaluate/index.js";
import { classNameOf, type ParticleList, tomogramNameOf } from "../../io/index.js";
import { meetTruth } from "../evaluate/index.js";
import type { ClusterSettings } from "./options.js";

/** How the clusters compare with the ground truth. */
export interface ClusterTruth {
  /** 1 when clusters and classes are the same, 0 on average by chance; over the particles whose class is known. */
  readonly adjustedRandIndex: number;
  /** Particles whose class is known, of all. */
  readonly known: number;
  readonly particles: number;
  /** Fraction of the known particles in clusters that are of the class most frequent in their cluster. */
  readonly purity: number;
  /** Classes that are more than half of at least one cluster, of all. */
  readonly coveredClasses: number;
  readonly classes: number;
  /** For each cluster the class most frequent in it, and its fraction of all members; undefined when no member's class is known. */
  readonly majority: readonly ({ readonly className: string; readonly share: number } | undefined)[];
  /** Where the classes come from. */
  readonly source: string;
}

/**
 * Compares clusters with the ground truth where one is given (candidates that are none of its particles are left aside), or
 * with the classes that the list itself states for all of its particles. @throws as `meetTruth`.
 */
export async function compareWithTruth(
  list: ParticleList,
  labels: Int32Array,
  settings: ClusterSettings,
): Promise<ClusterTruth | undefined> {
  const { truthPaths, distanceAngstrom } = settings;
  if (truthPaths.length > 0) {
    const classes = await truthByPosition(list, settings);
    return compare(classes, labels, `${truthPaths.join(", ")}, within ${distanceAngstrom} Å`);
  }
  const stated = list.particles.map(classNameOf);
  if (stated.some((name) => name === undefined) || new Set(stated).size < 2) return undefined;
  return compare(stated, labels, "the classes stated in the list");
}

/** The class of each particle that is near one of the ground truth, one to one. */
async function truthByPosition(list: ParticleList, settings: ClusterSettings): Promise<(string | undefined)[]> {
  const unknown = { className: undefined, classNumber: undefined, instance: undefined, diameterAngstrom: undefined };
  const particles = list.particles.flatMap(({ positionAngstrom, tomogramName = "tomogram", score }, row) =>
    positionAngstrom ? [{ ...unknown, row, positionAngstrom, score, tomogram: tomogramNameOf(tomogramName) }] : [],
  );
  const { picks, truths } = await meetTruth(
    { path: "the candidates", ownName: "", origin: list.origin, particles, warnings: [] },
    settings,
  );
  const { truthOfPick } = matchPicks(
    picks,
    truths.map((truth) => ({
      ...truth,
      className: truth.className ?? "", // matching does not look at it
      matchDistanceAngstrom: settings.distanceAngstrom,
    })),
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
    const [first] = [...own].sort(([a, count], [b, other]) => other - count || (a < b ? -1 : 1));
    return first && { className: first[0], share: first[1] / sizes[cluster]!, count: first[1] };
  });
  const clustered = known.filter((row) => labels[row]! >= 0).length;
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

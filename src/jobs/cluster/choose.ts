import { dirname, join } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import { refuseToOverwrite, writeFileAtomic } from "../../files/disk/index.js";
import { readParticleListFile, relinkParticles } from "../../files/particles/index.js";
import { type Particle, writeParticles } from "../../io/index.js";
import { clusterName } from "./output.js";

/** One class of examples, made from one or more clusters. */
export interface ChosenClass {
  readonly name: string;
  /** Cluster numbers, from 1. */
  readonly clusters: readonly number[];
}

/** Which clusters are to become the examples of which class. */
export interface ChooseExamplesOptions {
  /** Folder that `cluster` wrote. */
  readonly folder: string;
  readonly classes: readonly ChosenClass[];
  /** STAR list that is written, for `pick --examples`. */
  readonly outputPath: string;
  /** Examples of each class: the members nearest to the middles of its clusters; default 5. */
  readonly members?: number | undefined;
  readonly overwrite?: boolean;
}

/** The examples that `chooseExamples` wrote. */
export interface ChosenExamples {
  readonly path: string;
  readonly classes: readonly {
    readonly name: string;
    readonly clusters: readonly number[];
    readonly supports: number;
  }[];
}

const DEFAULT_MEMBERS = 5;

/**
 * Makes the most central members of clusters the examples of classes. Of a class of several clusters each gives the same
 * number, as far as it has them.
 * @throws ConfigError when a cluster is not there, a class is named twice, or the list is there already; FileError, FormatError.
 */
export async function chooseExamples(options: ChooseExamplesOptions): Promise<ChosenExamples> {
  const { folder, classes, outputPath, members = DEFAULT_MEMBERS } = options;
  if (!(Number.isInteger(members) && members > 0))
    throw new ConfigError(`${members} examples of a class are impossible`);
  await refuseToOverwrite(outputPath, options);
  const names = classes.map(({ name }) => name);
  if (new Set(names).size < names.length)
    throw new ConfigError("a class is named twice", { hint: "Join its clusters: name=1+3." });
  const listPath = join(folder, "clusters.star");
  const { list } = await readParticleListFile(listPath);
  const present = new Set(list.particles.map(({ className }) => className));
  const rows: Particle[] = [];
  const counts: number[] = [];
  for (const [index, { name, clusters }] of classes.entries()) {
    const chosen = clusters.flatMap((cluster) => {
      if (!present.has(clusterName(cluster - 1)))
        throw new ConfigError(`there is no cluster ${cluster} in ${listPath}`, {
          hint: `There are ${present.size - (present.has(clusterName(-1)) ? 1 : 0)} clusters, numbered from 1.`,
        });
      return central(list.particles, clusterName(cluster - 1), listPath).slice(0, Math.ceil(members / clusters.length));
    });
    const kept = chosen.slice(0, Math.max(members, clusters.length));
    counts.push(kept.length);
    for (const particle of await relinkParticles(kept, listPath, dirname(outputPath)))
      rows.push({
        ...particle,
        className: name,
        classNumber: index + 1,
        extra: { ...particle.extra, cosnetPreviousClassName: particle.className! },
      });
  }
  const format = list.origin === "tomogram-centre" ? "relion5" : "relion3.1";
  const comments = [
    `Examples chosen from ${listPath}: ${classes.map(({ name, clusters }) => `${name} = cluster ${clusters.join(" + ")}`).join(", ")}`,
  ];
  await writeFileAtomic(outputPath, writeParticles({ ...list, particles: rows }, { format, comments }));
  return { path: outputPath, classes: classes.map((entry, i) => ({ ...entry, supports: counts[i]! })) };
}

/** The members of a cluster, the most central first. */
function central(particles: readonly Particle[], cluster: string, path: string): Particle[] {
  const centrality = ({ extra }: Particle): number => {
    const value = Number(extra.cosnetCentrality);
    if (extra.cosnetCentrality === undefined || !Number.isFinite(value))
      throw new FormatError("there is no cosnetCentrality", path, { hint: "Give a folder that cosnet cluster wrote." });
    return value;
  };
  return particles
    .filter(({ className }) => className === cluster)
    .map((particle, order) => ({ particle, order, value: centrality(particle) }))
    .sort((a, b) => b.value - a.value || a.order - b.order)
    .map(({ particle }) => particle);
}

/**
 * "1,4,7" or "ribosome=1,proteasome=4+7": classes and the clusters that each is made of; without a name a class is named after
 * its cluster.
 * @throws ConfigError when it says anything else.
 */
export function parseChoice(text: string): ChosenClass[] {
  return text.split(",").map((part) => {
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(0, equals)).trim();
    const numbers = part
      .slice(equals + 1)
      .split("+")
      .map((number) => number.trim());
    if ((equals >= 0 && name === "") || !numbers.every((number) => /^\d+$/.test(number)))
      throw new ConfigError(`"${part}" is not a cluster number`, {
        hint: "Write numbers, with names if you like: 1,4,7 or ribosome=1,proteasome=4+7.",
      });
    const clusters = numbers.map(Number);
    return { name: name || `cluster ${clusters.join("+")}`, clusters };
  });
}

/** The lists that `pick` writes. */

import type { StagedFiles } from "../../files/disk/index.js";
import {
  type Particle,
  type ParticleList,
  starLoop,
  writeParticleList,
  writeParticles,
  writeStar,
} from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import type { SearchedTomogram } from "../search/index.js";
import type { Identified } from "./identify.js";

/** A tomogram with what was found in it. */
export interface PickedTomogram {
  readonly path: string;
  readonly searched: SearchedTomogram;
  readonly identified: Identified;
}

/** What a candidate that is of no class is called. */
const NO_CLASS = "none";

export interface ListOptions {
  /** Names of the tomograms, as the lists have them. */
  readonly tomogramNames: readonly string[];
  /** Names of all classes, those of negative examples last. */
  readonly names: readonly string[];
  readonly comments: readonly string[];
  /** Mask file of a pick, by tomogram and candidate. */
  readonly maskName?: ((tomogram: number, candidate: number) => string) | undefined;
}

/**
 * `picks.star` (what was picked) and `candidates.star` (every place that was looked at; class "none" where nothing was
 * picked) as RELION 5 reads them, and `picks.csv`.
 */
export async function writeLists(
  files: StagedFiles,
  tomograms: readonly PickedTomogram[],
  options: ListOptions,
): Promise<void> {
  const { tomogramNames, comments } = options;
  const sizes = new Map<string, Vector3>();
  const picks: Particle[] = [];
  const candidates: Particle[] = [];
  for (const [index, { searched, identified }] of tomograms.entries()) {
    const name = tomogramNames[index]!;
    sizes.set(name, searched.grid.sizeAngstrom);
    const order = identified.scores
      .map((_, i) => i)
      .sort((a, b) => identified.scores[b]! - identified.scores[a]! || a - b);
    for (const i of order) {
      const particle = particleOf(tomograms[index]!, i, name, options);
      candidates.push(particle);
      if (!identified.accepted[i]) continue;
      const maskName = options.maskName?.(index, i);
      picks.push(
        maskName === undefined ? particle : { ...particle, extra: { ...particle.extra, cosnetMaskName: maskName } },
      );
    }
  }
  const voxelSizes = new Set(tomograms.map(({ searched }) => searched.grid.fileVoxelSizeAngstrom));
  const voxel = voxelSizes.size === 1 ? [...voxelSizes][0] : undefined;
  const listOf = (particles: readonly Particle[]): ParticleList => ({
    particles,
    origin: "first-voxel",
    voxelSizeAngstrom: voxel,
    coordinatePixelSizeAngstrom: voxel,
    warnings: [],
  });
  const star = (particles: readonly Particle[]) =>
    writeParticles(listOf(particles), { format: "relion5", tomogramSizesAngstrom: sizes, comments });
  await files.write("tomograms.star", tomogramsList(tomograms, tomogramNames, comments));
  await files.write("candidates.star", star(candidates));
  await files.write("picks.csv", writeParticleList(listOf(picks), { format: "csv", comments }).content);
  await files.write("picks.star", star(picks));
}

/** RELION's tomograms.star: what turns centred positions into positions from the first voxel, and where the files lie. */
function tomogramsList(
  tomograms: readonly PickedTomogram[],
  names: readonly string[],
  comments: readonly string[],
): string {
  const grids = tomograms.map(({ searched }) => searched.grid);
  const table = starLoop([
    ["rlnTomoName", names],
    ["rlnTomoTiltSeriesPixelSize", grids.map((grid) => grid.fileVoxelSizeAngstrom.toFixed(6))],
    ["rlnTomoTomogramBinning", grids.map(() => "1")],
    ["rlnTomoSizeX", grids.map((grid) => String(grid.fileShape[2]))],
    ["rlnTomoSizeY", grids.map((grid) => String(grid.fileShape[1]))],
    ["rlnTomoSizeZ", grids.map((grid) => String(grid.fileShape[0]))],
    ["rlnTomoReconstructedTomogram", tomograms.map(({ path }) => path)],
  ]);
  return writeStar({ blocks: [{ name: "global", comments: [...comments, "version 50001"], tables: [table] }] });
}

function particleOf(
  { searched, identified }: PickedTomogram,
  i: number,
  tomogramName: string,
  { names }: ListOptions,
): Particle {
  const { positionAngstrom, score, radiusAngstrom } = searched.candidates[i]!;
  const { classIndex, probability, knownProbability, margin, similarity } = identified.identities[i]!;
  const { volumeCubicNanometre, elongation } = searched.shapes[i]!;
  const picked = identified.accepted[i]!;
  const best = names[classIndex]!;
  return {
    positionAngstrom,
    score: identified.scores[i]!,
    tomogramName,
    classNumber: picked ? classIndex + 1 : 0,
    className: picked ? best : NO_CLASS,
    extra: {
      cosnetProbability: probability.toFixed(4),
      cosnetKnownProbability: knownProbability.toFixed(4),
      cosnetMargin: margin.toFixed(4),
      cosnetSimilarity: similarity.toFixed(4),
      cosnetDetectionScore: score.toFixed(4),
      cosnetDiameterAngst: (2 * radiusAngstrom).toFixed(1),
      cosnetVolumeCubicNanometre: volumeCubicNanometre.toFixed(1),
      cosnetElongation: elongation.toFixed(3),
      cosnetBestClassName: best,
    },
  };
}

/** The lists that `pick` writes. */
import type { StagedFiles } from "../../files/disk/index.js";
import {
  type Particle,
  starLoop,
  tomogramFactColumns,
  writeNpy,
  writeOptimisationSet,
  writeParticleList,
  writeParticles,
  writeStar,
} from "../../io/index.js";
import { factsOf, listInTomograms, tomogramNames } from "../search/index.js";
import type { IdentifiedCandidate } from "./identify.js";
import { maskNameOf } from "./masks.js";
import type { PickedCandidate, PickedTomogram } from "./picked-tomogram.js";
import type { PickRun } from "./report/data.js";

/** What a candidate that is of no class is called. */
const NO_CLASS = "none";

/**
 * `picks.star` (what was picked) and `candidates.star` (every candidate; class "none" for those that
 * are not picks) as RELION 5 reads them, and `picks.csv`.
 */
export async function writeLists(
  files: StagedFiles,
  { settings, examples, tomograms }: Pick<PickRun, "settings" | "examples" | "tomograms">,
  comments: readonly string[],
): Promise<void> {
  const { tomogramPaths, particles, masks } = settings;
  const names = tomogramNames(tomogramPaths, settings);
  const named = tomograms.map((tomogram, index) => ({ ...tomogram, name: names[index]! }));
  const facts = tomograms.map(({ searched }) => tomogramFactColumns(factsOf(searched)));
  const ranked = named.flatMap(({ candidates, name }, tomogram) => {
    const rows = candidates.map((candidate, index) => {
      const particle = particleOf(candidate, name, examples.names, facts[tomogram]!);
      const extra = { ...particle.extra, ...(masks && { cosnetMaskName: maskNameOf(tomogram, index) }) };
      return { candidate, particle, pick: { ...particle, extra } };
    });
    // Particles of lists stay in their order, by which people find them again.
    return particles ? rows : rows.sort((a, b) => b.candidate.pickScore - a.candidate.pickScore);
  });
  const listOf = (listed: readonly Particle[]) =>
    listInTomograms(
      listed,
      named.map(({ searched }) => searched),
    );
  const sizes = new Map(named.map(({ name, searched }) => [name, searched.grid.sizeAngstrom]));
  const star = (listed: readonly Particle[]) =>
    writeParticles(listOf(listed), { format: "relion5", tomogramSizesAngstrom: sizes, comments });
  const picks = ranked.filter(({ candidate }) => candidate.accepted).map(({ pick }) => pick);
  await files.write("tomograms.star", tomogramsList(named, comments));
  await files.write("candidates.star", star(ranked.map(({ particle }) => particle)));
  if (settings.embeddings) await files.write("embeddings.npy", embeddingsOf(ranked.map(({ candidate }) => candidate)));
  const set = { particles: "picks.star", tomograms: "tomograms.star", comments };
  await files.write("optimisation_set.star", writeOptimisationSet(set));
  await files.write("picks.csv", writeParticleList(listOf(picks), { format: "csv", comments }).content);
  await files.write("picks.star", star(picks));
}

/** One row a candidate. */
function embeddingsOf(candidates: readonly PickedCandidate[]): Uint8Array {
  const length = candidates[0]?.search.embedded.size ?? 0;
  const data = new Float32Array(candidates.length * length);
  for (const [row, { search, index }] of candidates.entries())
    data.set(search.embedded.embeddings.subarray(index * length, (index + 1) * length), row * length);
  return writeNpy({ shape: [candidates.length, length], data });
}

/** RELION's tomograms.star: what turns centred positions into positions from the first voxel, and where the files lie. */
function tomogramsList(
  tomograms: readonly (PickedTomogram & { readonly name: string })[],
  comments: readonly string[],
): string {
  const grids = tomograms.map(({ searched }) => searched.grid);
  const size = (axis: 0 | 1 | 2) => grids.map(({ fileShape }) => String(fileShape[axis]));
  const table = starLoop([
    ["rlnTomoName", tomograms.map(({ name }) => name)],
    ["rlnTomoTiltSeriesPixelSize", grids.map((grid) => grid.fileVoxelSizeAngstrom.toFixed(6))],
    ["rlnTomoTomogramBinning", grids.map(() => "1")],
    ["rlnTomoSizeX", size(2)],
    ["rlnTomoSizeY", size(1)],
    ["rlnTomoSizeZ", size(0)],
    ["rlnTomoReconstructedTomogram", grids.map(({ path }) => path)],
  ]);
  return writeStar({ blocks: [{ name: "global", comments: [...comments, "version 50001"], tables: [table] }] });
}

function particleOf(
  candidate: IdentifiedCandidate,
  tomogramName: string,
  classNames: readonly string[],
  facts: Particle["extra"],
): Particle {
  const { classIndex, accepted } = candidate;
  const best = classNames[classIndex]!;
  return {
    ...{ positionAngstrom: candidate.positionAngstrom, score: candidate.pickScore, tomogramName },
    ...(candidate.orientation && { orientation: candidate.orientation }),
    classNumber: accepted ? classIndex + 1 : 0,
    className: accepted ? best : NO_CLASS,
    extra: {
      cosnetProbability: candidate.probability.toFixed(4),
      cosnetKnownProbability: candidate.knownProbability.toFixed(4),
      cosnetMargin: candidate.margin.toFixed(4),
      cosnetSimilarity: candidate.similarity.toFixed(4),
      cosnetDetectionScore: candidate.score.toFixed(4),
      cosnetDiameterAngst: (2 * candidate.radiusAngstrom).toFixed(1),
      cosnetVolumeCubicNanometre: candidate.volumeCubicNanometre.toFixed(1),
      cosnetElongation: candidate.elongation.toFixed(3),
      cosnetBestClassName: best,
      ...facts,
    },
  };
}

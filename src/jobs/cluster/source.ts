/** What is clustered: the candidates of whole tomograms, or the particles of a list. */
import { relative, sep } from "node:path";
import { ConfigError } from "../../errors.js";
import { type ParticleBoxReader, relinkParticles } from "../../files/particles/index.js";
import { BOXES_TOGETHER, type Embedder, embedBoxes } from "../../infer/index.js";
import { type ParticleList, tomogramFactColumns } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import {
  contrastText,
  contrastWarnings,
  createBoxReader,
  factsOf,
  listInTomograms,
  type Networks,
  type SearchedTomogram,
} from "../search/index.js";
import type { ClusterSettings } from "./options.js";

/** Particles with what the network says of each, from files that are open. */
export interface ClusterSource {
  /** The list, with the names of its files as they are from the output folder. */
  readonly list: ParticleList;
  /** Edge lengths of the tomograms by name, where lists need them. */
  readonly tomogramSizesAngstrom?: ReadonlyMap<string, Vector3>;
  /** `[count, size]`. */
  readonly embeddings: Float32Array;
  readonly size: number;
  /** The box of a particle as the network takes it: zero mean, unit variance, protein positive. */
  readonly readBox: (index: number) => Promise<Float32Array>;
  /** What the report says of where it all comes from. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly warnings: readonly string[];
}

/** The particles of a list: their own images, or boxes cut at their coordinates. @throws as `readParticleBoxes`. */
export async function listSource(
  reader: ParticleBoxReader,
  embedder: Embedder,
  contrast: string,
  { outputFolder, testTimeAveraging, onProgress, signal }: ClusterSettings,
): Promise<ClusterSource> {
  const { embeddingSize: size } = embedder.description;
  const { list, path } = reader;
  const total = list.particles.length;
  const embeddings = new Float32Array(total * size);
  for (let start = 0; start < total; start += BOXES_TOGETHER) {
    const end = Math.min(total, start + BOXES_TOGETHER);
    const { volumes } = await reader.read(start, end);
    const batch = await embedBoxes(embedder, volumes, { testTimeAveraging, signal });
    embeddings.set(batch.embeddings, start * size);
    onProgress?.({ stage: "embedding particles", done: end, total });
  }
  const particles = await relinkParticles(list.particles, path, outputFolder);
  return {
    list: { ...list, particles },
    ...{ embeddings, size },
    readBox: async (index) => (await reader.read(index, index + 1)).volumes,
    facts: [
      ["particles", path],
      ["contrast", contrast],
    ],
    warnings: reader.warnings(),
  };
}

/** The candidates that the detector of `cosnet pick` has found. @throws ConfigError when there are none. */
export function candidateSource(
  tomograms: readonly SearchedTomogram[],
  { embedder, detectorLabel, minimumScore }: Networks,
  outputFolder: string,
): ClusterSource {
  const { edge, embeddingSize: size } = embedder.description;
  const paths = tomograms.map(({ grid }) => grid.path);
  const names = paths.map((path) => relative(outputFolder, path).split(sep).join("/"));
  const found = tomograms.flatMap((searched, index) => {
    const { grid, scale, candidates } = searched;
    const readBox = createBoxReader(grid, scale, edge);
    const facts = tomogramFactColumns(factsOf(searched));
    return candidates.map((candidate) => ({ ...candidate, tomogramName: names[index]!, readBox, facts }));
  });
  if (found.length === 0)
    throw new ConfigError("no candidate was found", {
      hint: "Lower --detection-threshold, or check the voxel size and --invert.",
    });
  const embeddings = new Float32Array(found.length * size);
  let filled = 0;
  for (const { embedded } of tomograms) {
    embeddings.set(embedded.embeddings, filled);
    filled += embedded.embeddings.length;
  }
  return {
    list: listInTomograms(
      found.map(({ positionAngstrom, score, tomogramName, radiusAngstrom, facts }) => ({
        ...{ positionAngstrom, score, tomogramName },
        extra: { cosnetDiameterAngst: (2 * radiusAngstrom).toFixed(1), ...facts },
      })),
      tomograms,
    ),
    tomogramSizesAngstrom: new Map(tomograms.map(({ grid }, i) => [names[i]!, grid.sizeAngstrom])),
    ...{ embeddings, size },
    readBox: (index) => {
      const { readBox, positionAngstrom } = found[index]!;
      return readBox(positionAngstrom);
    },
    facts: [
      ["tomograms", paths.join(", ")],
      ["detector", `${detectorLabel}, score at least ${minimumScore}`],
      ...tomograms.map(({ contrast }, i): [string, string] => [`contrast of ${names[i]}`, contrastText(contrast)]),
    ],
    warnings: tomograms.flatMap(({ grid, contrast }) => [
      ...grid.warnings.map((warning) => `${grid.path}: ${warning}`),
      ...contrastWarnings(contrast, grid.path),
    ]),
  };
}

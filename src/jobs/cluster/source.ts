/** What is clustered: the candidates of whole tomograms, or the particles of a list. */
import { relative, sep } from "node:path";
import { ConfigError } from "../../errors.js";
import { type ParticleBoxReader, relinkParticles } from "../../files/particles/index.js";
import {
  BOXES_TOGETHER,
  type Embedder,
  embedBoxes,
  joinRows,
  measureAdaptation,
  SPECTRUM_LENGTH,
} from "../../infer/index.js";
import { type ParticleList, tomogramFactColumns } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import {
  commonTilt,
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
  /** The low frequencies of each, to compare orientations. */
  readonly spectra: Float32Array;
  /** Maximum tilt angle of what was reconstructed; undefined where no frequencies are missing. */
  readonly tiltDegrees: number | undefined;
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
  const spectra = new Float32Array(total * SPECTRUM_LENGTH);
  let tiltDegrees: number | undefined;
  for (let start = 0; start < total; start += BOXES_TOGETHER) {
    const end = Math.min(total, start + BOXES_TOGETHER);
    const { volumes } = await reader.read(start, end);
    if (start === 0) tiltDegrees = tiltOf(volumes, embedder);
    const batch = await embedBoxes(embedder, volumes, { spectra: true, testTimeAveraging, signal });
    embeddings.set(batch.embeddings, start * size);
    if (batch.spectra) spectra.set(batch.spectra, start * SPECTRUM_LENGTH);
    onProgress?.({ stage: "embedding particles", done: end, total });
  }
  const particles = await relinkParticles(list.particles, path, outputFolder);
  return {
    list: { ...list, particles },
    ...{ embeddings, size, spectra, tiltDegrees },
    readBox: async (index) => (await reader.read(index, index + 1)).volumes,
    facts: [
      ["particles", path],
      ["contrast", contrast],
    ],
    warnings: reader.warnings(),
  };
}

/** Where particles were tilted about y, as those are whose missing frequencies are known to the comparison. */
function tiltOf(volumes: Float32Array, { description }: Embedder): number | undefined {
  const { geometry, frame } = measureAdaptation(volumes, description.edge);
  return frame ? undefined : geometry?.tiltDegrees;
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
  const embeddings = joinRows(tomograms.map(({ embedded }) => embedded.embeddings));
  const spectra = joinRows(tomograms.flatMap(({ embedded }) => embedded.spectra ?? []));
  const tiltDegrees = commonTilt(tomograms.map(({ adaptation }) => adaptation.geometry?.tiltDegrees));
  return {
    list: listInTomograms(
      found.map(({ positionAngstrom, score, tomogramName, radiusAngstrom, facts }) => ({
        ...{ positionAngstrom, score, tomogramName },
        extra: { cosnetDiameterAngst: (2 * radiusAngstrom).toFixed(1), ...facts },
      })),
      tomograms,
    ),
    tomogramSizesAngstrom: new Map(tomograms.map(({ grid }, i) => [names[i]!, grid.sizeAngstrom])),
    ...{ embeddings, size, spectra, tiltDegrees },
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

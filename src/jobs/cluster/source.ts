/** What is clustered: the candidates of whole tomograms, or the particles of a list. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { ConfigError } from "../../errors.js";
import { loadDetector } from "../../files/model/index.js";
import { openParticleBoxes, renameFrom } from "../../files/particles/index.js";
import { type Embedder, embedHalfTurns } from "../../infer/index.js";
import type { Particle, ParticleList } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import { createBoxReader, searchTomogram, workFolderFor } from "../search/index.js";
import type { ClusterOptions } from "./options.js";

/** Particles with what the network says of each. `close` it. */
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
  readonly close: () => Promise<void>;
}

const BATCH = 32;

/** The particles of a STAR list: their own images, or boxes cut at their coordinates. @throws as `openParticleBoxes`. */
export async function openListSource(
  path: string,
  embedder: Embedder,
  options: ClusterOptions,
): Promise<ClusterSource> {
  const { edge, voxelSizeAngstrom, embeddingSize: size } = embedder.description;
  const { onProgress, signal, inverted = false } = options;
  const reader = await openParticleBoxes(path, {
    ...{ edge, voxelSizeAngstrom, inverted, signal },
    fileVoxelSizeAngstrom: options.voxelSizeAngstrom,
    tomogramPath: options.tomogramPath,
  });
  try {
    const total = reader.list.particles.length;
    const embeddings = new Float32Array(total * size);
    for (let start = 0; start < total; start += BATCH) {
      const end = Math.min(total, start + BATCH);
      const { volumes } = await reader.read(start, end);
      const { embeddings: batch } = options.testTimeAveraging
        ? await embedHalfTurns(embedder, volumes, { signal })
        : await embedder.embed(volumes, { signal });
      embeddings.set(batch, start * size);
      onProgress?.({ stage: "embedding particles", done: end, total });
    }
    const renamed = renameFrom(path, options.outputFolder);
    const particles: Particle[] = [];
    for (const particle of reader.list.particles) {
      const { imageName, tomogramName } = particle;
      particles.push({
        ...particle,
        ...(imageName !== undefined && { imageName: await renamed(imageName) }),
        ...(tomogramName !== undefined && { tomogramName: await renamed(tomogramName) }),
      });
    }
    return {
      list: { ...reader.list, particles },
      ...{ embeddings, size },
      readBox: async (index) => (await reader.read(index, index + 1)).volumes,
      facts: [
        ["particles", path],
        ["contrast", inverted ? "dark protein in the files" : "bright protein in the files"],
      ],
      warnings: reader.warnings(),
      close: reader.close,
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** The candidates that the detector of `cosnet pick` finds. @throws as `searchTomogram`. */
export async function openTomogramSource(
  paths: readonly string[],
  { embedder, modelLabel }: { readonly embedder: Embedder; readonly modelLabel: string },
  options: ClusterOptions,
): Promise<ClusterSource> {
  const { outputFolder, threads, voxelSizeAngstrom, inverted, onProgress, signal } = options;
  const { edge } = embedder.description;
  const { detector, label: detectorLabel, threshold } = await loadDetector(options.detector, { threads });
  const work = await mkdtemp(join(tmpdir(), "cosnet-cluster-"));
  const searched: Awaited<ReturnType<typeof searchTomogram>>[] = [];
  const close = async () => {
    for (const { grid } of searched) await grid.close();
    await rm(work, { recursive: true, force: true });
  };
  try {
    for (const [index, path] of paths.entries())
      searched.push(
        await searchTomogram(
          path,
          {
            ...{ detector, embedder, detectorLabel, modelLabel },
            minimumScore: options.detectionThreshold ?? threshold,
            contrasts: new Map(),
            workFolderOf: (tomogram) => workFolderFor(work, tomogram, { voxelSizeAngstrom }),
            prefix: paths.length > 1 ? `${index + 1} of ${paths.length}: ` : "",
          },
          {
            ...{ tomogramPaths: paths, supports: [], outputFolder, voxelSizeAngstrom, inverted, onProgress, signal },
            testTimeAveraging: options.testTimeAveraging ?? false,
          },
        ),
      );
    const names = paths.map((path) => relative(outputFolder, path).split(sep).join("/"));
    const places = searched.flatMap(({ candidates }, tomogram) =>
      candidates.map((candidate) => ({ tomogram, ...candidate })),
    );
    if (places.length === 0)
      throw new ConfigError("no candidate was found", {
        hint: "Lower --detection-threshold, or check the voxel size and --invert.",
      });
    const readers = searched.map(({ grid, scale }) => createBoxReader(grid, scale, edge));
    const size = searched[0]!.embedded.size;
    const embeddings = new Float32Array(places.length * size);
    let filled = 0;
    for (const { embedded } of searched) {
      embeddings.set(embedded.embeddings, filled);
      filled += embedded.embeddings.length;
    }
    const voxelSizes = new Set(searched.map(({ grid }) => grid.fileVoxelSizeAngstrom));
    const voxel = voxelSizes.size === 1 ? [...voxelSizes][0] : undefined;
    return {
      list: {
        particles: places.map(
          ({ tomogram, positionAngstrom, score, radiusAngstrom }): Particle => ({
            ...{ positionAngstrom, score, tomogramName: names[tomogram]! },
            extra: { cosnetDiameterAngst: (2 * radiusAngstrom).toFixed(1) },
          }),
        ),
        origin: "first-voxel",
        voxelSizeAngstrom: voxel,
        coordinatePixelSizeAngstrom: voxel,
        warnings: [],
      },
      tomogramSizesAngstrom: new Map(searched.map(({ grid }, i) => [names[i]!, grid.sizeAngstrom])),
      ...{ embeddings, size },
      readBox: (index) => readers[places[index]!.tomogram]!(places[index]!.positionAngstrom),
      facts: [
        ["tomograms", paths.join(", ")],
        ["detector", `${detectorLabel}, score at least ${options.detectionThreshold ?? threshold}`],
        ...searched.map(({ contrast }, i): [string, string] => [
          `contrast of ${names[i]}`,
          `${contrast.dark ? "dark" : "bright"} protein, ${contrast.reason}`,
        ]),
      ],
      warnings: searched.flatMap(({ grid }) => grid.warnings.map((warning) => `${grid.path}: ${warning}`)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  } finally {
    await detector.release();
  }
}

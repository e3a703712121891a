import { shortHash } from "../../files/disk/index.js";
import { type LoadOptions, loadDetector, loadModel } from "../../files/model/index.js";
import type { Embedder, TileDetector } from "../../infer/index.js";
import type { SearchOptions } from "./options.js";
import { scaledDetector, scaledEmbedder, searchScale } from "./scale.js";

export interface NetworkOptions extends Pick<LoadOptions, "threads" | "device" | "precision"> {
  /** `blob`, or a detector's file instead of the one that ships with cosnet. */
  readonly detector?: string | undefined;
  /** Classifier instead of the one that ships with cosnet. */
  readonly modelPath?: string | undefined;
  /** Lowest score of a candidate; undefined: what the detector's description says. */
  readonly detectionThreshold?: number | undefined;
}

/** What a tomogram is searched with: a detector and a classifier, both at the voxels that suit the particles' size. */
export interface Networks extends AsyncDisposable {
  readonly detector: TileDetector;
  readonly embedder: Embedder;
  /** Both at the voxels of their training. */
  readonly trained: { readonly detector: TileDetector; readonly embedder: Embedder };
  /** Names and checksums, to be written beside every result. */
  readonly detectorLabel: string;
  readonly modelLabel: string;
  /** Lowest score of a candidate. */
  readonly minimumScore: number;
}

/** @throws FileError, ModelError as `loadDetector` and `loadModel`; neither then stays open. */
export async function loadNetworks(
  options: NetworkOptions & Pick<LoadOptions, "onWarning"> & Pick<SearchOptions, "particleDiameterAngstrom" | "memory">,
): Promise<Networks> {
  const { detector, modelPath, detectionThreshold, threads, device, precision, memory } = options;
  if (!memory) return openNetworks(options);
  const key = shortHash({ detector, modelPath, detectionThreshold, threads, device, precision });
  const networks = await memory.recall(`networks ${key}`, async () => {
    const opened = await openNetworks({ ...options, particleDiameterAngstrom: undefined });
    memory.hold(opened);
    return opened;
  });
  // They end with the memory.
  return { ...networksFor(networks, options.particleDiameterAngstrom), async [Symbol.asyncDispose]() {} };
}

async function openNetworks(options: Parameters<typeof loadNetworks>[0]): Promise<Networks> {
  const { detector, label: detectorLabel, threshold } = await loadDetector(options.detector, options);
  const { embedder, label: modelLabel } = await loadModel(options.modelPath, options).catch(async (error) => {
    await detector.release();
    throw error;
  });
  const scale = searchScale(options.particleDiameterAngstrom, detector);
  return {
    detector: scaledDetector(detector, scale),
    embedder: scaledEmbedder(embedder, scale),
    trained: { detector, embedder },
    ...{ detectorLabel, modelLabel },
    minimumScore: options.detectionThreshold ?? threshold,
    async [Symbol.asyncDispose]() {
      await Promise.all([detector.release(), embedder.release()]);
    },
  };
}

/** The same networks for particles of another diameter; they end with the networks that they are of. */
export function networksFor(networks: Networks, particleDiameterAngstrom: number | undefined): Networks {
  const { detector, embedder } = networks.trained;
  const scale = searchScale(particleDiameterAngstrom, detector);
  return { ...networks, detector: scaledDetector(detector, scale), embedder: scaledEmbedder(embedder, scale) };
}

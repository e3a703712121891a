import { averagedMasks, type Embedder, type RefinedMask, refineMask } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import { type CrfChoice, crfParameters } from "./crf.js";

export interface RefineMasksOptions extends Progress {
  readonly crf: CrfChoice;
  /** What becomes of a refinement that changes too much; "unrefined" unless said otherwise. */
  readonly whenFlagged?: "unrefined" | "refined";
  /** What the stages' names end in, such as " at SNR 0.5". */
  readonly stageSuffix?: string;
}

/** What refinement did to each particle's mask; a flagged one was left as it was, unless asked for. */
export type MaskRefinement = Omit<RefinedMask, "probability">;

export interface RefinedMasks {
  /** `[count, edge, edge, edge]`; the ones given, where there is no refinement. */
  readonly masks: Float32Array;
  readonly refinements: readonly MaskRefinement[];
}

/**
 * Refines the masks that an embedder gave of many volumes, each by the random field of its own box; "fitted" starts from
 * the masks averaged over half turns. @throws AbortError.
 */
export async function refineMasks(
  embedder: Embedder,
  volumes: Float32Array,
  predicted: Float32Array,
  { crf, whenFlagged = "unrefined", stageSuffix = "", onProgress, signal }: RefineMasksOptions,
): Promise<RefinedMasks> {
  const { edge, voxelSizeAngstrom } = embedder.description;
  const parameters = crfParameters(crf);
  if (parameters === undefined) return { masks: predicted, refinements: [] };
  const voxels = edge ** 3;
  const total = predicted.length / voxels;
  const progressOf = (stage: string) => (done: number) =>
    onProgress?.({ stage: `${stage}${stageSuffix}`, done, total });
  const starts =
    crf === "fitted"
      ? await averagedMasks(embedder, volumes, predicted, {
          ...(signal && { signal }),
          onProgress: progressOf("averaging masks over half turns"),
        })
      : predicted;
  const refining = progressOf("refining masks");
  const masks = new Float32Array(predicted.length);
  const refinements: MaskRefinement[] = [];
  for (let index = 0; index < total; index++) {
    const [from, to] = [index * voxels, (index + 1) * voxels];
    const { probability, ...refinement } = refineMask(starts.subarray(from, to), volumes.subarray(from, to), {
      shape: [edge, edge, edge],
      voxelSizeAngstrom,
      parameters,
      whenFlagged,
    });
    masks.set(probability, from);
    refinements.push(refinement);
    refining(index + 1);
    if (index % 8 === 7) await breathe(signal);
  }
  return { masks, refinements };
}

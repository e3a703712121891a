import { nodeRuntime } from "../../files/model/index.js";
import { compareAll, type Embedded, similarityMatrix } from "../../infer/index.js";
import type { ModelDescription } from "../../model/index.js";
import { defaultImaging } from "../../simulate/index.js";
import type { Compared } from "./episodes.js";

export interface CompareParticlesOptions {
  readonly threads?: number | undefined;
  /** Called with the number of particles whose orientations were compared with all others. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Of the particles that are drawn. */
const MAXIMUM_TILT_DEGREES = [defaultImaging.tiltDegrees].flat().reduce((one, other) => Math.max(one, other), 0);

/**
 * Every rendered particle compared with every other: by embeddings and, where low frequencies were kept, by orientations.
 * @throws ModelError, AbortError.
 */
export async function compareParticles(
  embedded: Embedded,
  description: ModelDescription,
  options: CompareParticlesOptions,
): Promise<Compared> {
  const similarity = similarityMatrix(embedded, embedded, description);
  const { spectra } = embedded;
  if (!spectra) return { similarity };
  return {
    similarity,
    second: await compareAll(nodeRuntime, spectra, { tiltDegrees: MAXIMUM_TILT_DEGREES, ...options }),
  };
}

import { formatSnr, SNR_DEFINITION } from "../../evaluate/index.js";
import { createRandom } from "../../volume/index.js";
import { type LabelledParticles, renderLabelledParticles } from "../benchmark/index.js";
import { namesAndMasses } from "./complexes.js";
import type { Experiment } from "./plan.js";

/** Renders the particles of the test complexes at an SNR, and keeps them until another is asked for. */
export type ParticleSource = (snr: number) => Promise<LabelledParticles>;

export function particleSource({ settings, test, onProgress, signal }: Experiment): ParticleSource {
  let kept: { readonly snr: number; readonly particles: LabelledParticles } | undefined;
  return async (snr) => {
    if (kept?.snr === snr) return kept.particles;
    kept = undefined; // before the next are rendered: two noise levels would need twice the memory
    const particles = await renderLabelledParticles(test, {
      perClass: settings.particlesPerClass,
      snr,
      random: createRandom(`cosnet reproduce ${settings.seed}`),
      neighbours: test,
      stage: `imaging test particles at SNR ${formatSnr(snr)}`,
      onProgress,
      signal,
    });
    kept = { snr, particles };
    return particles;
  };
}

/** What decides the particles. */
export function particleIdentity({ settings, test }: Experiment): object {
  return {
    complexes: namesAndMasses(test),
    particlesPerClass: settings.particlesPerClass,
    seed: settings.seed,
    snrDefinition: SNR_DEFINITION,
  };
}

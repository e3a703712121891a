/** The weights that boxes of one tomogram share. */
import type { Particle, ParticleList } from "../../../io/index.js";
import { breathe } from "../../../progress.js";
import type { Volume } from "../../../volume/index.js";
import type { PlacedBoxes } from "./placed-boxes.js";
import type { OpenSubtomogramsOptions } from "./subtomogram-options.js";
import { type TomogramWeight, tomogramWeight } from "./weights.js";

/** How many boxes of a tomogram its wedge is measured in. */
const MEASURED_BOXES = 24;

/** Finds out each tomogram's missing wedge once, when one of its boxes is asked for. */
export function createTomogramWeights(
  list: ParticleList,
  listPath: string,
  boxes: PlacedBoxes,
  options: OpenSubtomogramsOptions,
): (particle: Particle, edge: number) => Promise<TomogramWeight> {
  const { tomogramPath, tiltRangeDegrees, tiltsPath, signal } = options;
  const known = new Map<string, Promise<TomogramWeight>>();
  const sample = async (particle: Particle, edge: number): Promise<readonly Volume[]> => {
    const sampled: Volume[] = [];
    for (const index of sampleOf(list, particle)) {
      const where = `${listPath}, particle ${index + 1}`;
      if (await boxes.isOutside(list.particles[index]!, where)) continue;
      const { box } = await boxes.read(list.particles[index]!, where);
      if (box.shape[0] === edge) sampled.push(box);
      await breathe(signal);
    }
    return sampled;
  };
  return (particle, edge) => {
    const tomogramName = tomogramPath ?? particle.tomogramName;
    // Of simulated particles each is a tomogram of its own.
    const { cosnetTiltDegrees: simulated } = particle.extra;
    const key = tiltRangeDegrees || simulated === undefined ? `${tomogramName} ${edge}` : `tilts ${simulated} ${edge}`;
    const weight =
      known.get(key) ??
      tomogramWeight({
        ...{ listPath, edge, tomogramName, tomogramPath, tiltRangeDegrees, tiltsPath },
        simulatedTiltDegrees: simulated === undefined ? undefined : Number(simulated),
        sample: () => sample(particle, edge),
      });
    known.set(key, weight);
    return weight;
  };
}

/** Some particles of the same tomogram, evenly through the list. */
function sampleOf({ particles }: ParticleList, { tomogramName }: Particle): number[] {
  const same = [...particles.keys()].filter((index) => particles[index]!.tomogramName === tomogramName);
  const step = Math.max(1, same.length / MEASURED_BOXES);
  return Array.from({ length: Math.min(same.length, MEASURED_BOXES) }, (_, i) => same[Math.floor(i * step)]!);
}

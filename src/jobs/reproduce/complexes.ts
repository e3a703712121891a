/** The complexes that the networks are trained and tested on. */
import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { loadComplexes } from "../../files/complexes/index.js";
import { fileExists } from "../../files/disk/index.js";
import type { Progress } from "../../progress.js";
import { type Complex, proceduralComplex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import type { Experiment } from "./plan.js";

/** Numbers of procedural complexes in a quick run without structures: those of the paper. */
export const STAND_INS = { training: 14, test: 8 };

/** Before an hour of training: are there enough complexes for a batch and for an episode? @throws ConfigError */
export function checkNumbers({ training, test, networks, settings: { ways } }: Omit<Experiment, "steps">): void {
  const perBatch = Math.max(...networks.map((network) => network.training?.classes ?? 0));
  const perEpisode = Math.max(...ways);
  for (const [part, there, needed] of [
    ["train", training.length, perBatch],
    ["test", test.length, perEpisode],
  ] as const)
    if (there < needed)
      throw new ConfigError(`${needed} complexes are needed in the subfolder ${part}; there are ${there}`, {
        hint: "Add structures: the paper has 14 to train on and 8 to test on.",
      });
}

/** @throws ConfigError when a folder does not have this part. */
export async function complexesIn(
  folders: readonly string[],
  part: "train" | "test",
  options: Progress,
): Promise<readonly Complex[]> {
  const complexes: Complex[] = [];
  for (const folder of folders) {
    const path = join(folder, part);
    if (!(await fileExists(path)))
      throw new ConfigError(`there is no subfolder ${part}`, {
        where: folder,
        hint: "Put the structures to train on into train/ and those to test on, of other complexes, into test/.",
      });
    complexes.push(...(await loadComplexes(path, options)));
  }
  return complexes;
}

/** Procedural complexes that no training draws: their random stream is seeded by a text. */
export function standIns(): readonly Complex[] {
  const random = createRandom("cosnet reproduce test");
  return Array.from({ length: STAND_INS.test }, (_, index) => {
    const complex = proceduralComplex(random.fork(index), { minimumKilodalton: 250 });
    return { ...complex, name: `${index + 1}-${complex.name}` };
  });
}

/** Identifies complexes, also among others of the same name. */
export function namesAndMasses(complexes: readonly Complex[]): string[] {
  return complexes.map(({ name, massKilodalton }) => `${name} ${massKilodalton.toFixed(3)} kDa`);
}

import { type BenchmarkCell, type EpisodeOptions, runEpisodes } from "../../evaluate/index.js";
import { createRandom } from "../../volume/index.js";
import type { EpisodeSettings } from "./options.js";

type Task = Pick<BenchmarkCell, "way" | "shot">;

/** Every number of ways with every number of shots. */
export function tasksOf({ ways, shots }: Pick<EpisodeSettings, "ways" | "shots">): Task[] {
  return ways.flatMap((way) => shots.map((shot) => ({ way, shot })));
}

/** Every particle compared with every other, `[particles * particles]`. */
export type Compared = Pick<EpisodeOptions, "similarity" | "second">;

/** Accuracy of one task. The same seed poses the same episodes to any comparison. */
export function accuracyOf(
  { way, shot }: Task,
  { similarity, second }: Compared,
  labels: Int32Array,
  { episodes, seed }: Pick<EpisodeSettings, "episodes" | "seed">,
): Pick<BenchmarkCell, "accuracy" | "ci95" | "episodes"> {
  const random = createRandom(`cosnet benchmark episodes ${seed} ${way} ${shot}`);
  const { accuracy, ci95 } = runEpisodes({ similarity, second, labels, way, shot, episodes, random });
  return { accuracy, ci95, episodes };
}

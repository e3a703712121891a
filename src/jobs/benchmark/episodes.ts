import { type BenchmarkCell, runEpisodes } from "../../evaluate/index.js";
import { createRandom } from "../../volume/index.js";
import type { EpisodeSettings } from "./options.js";

type Task = Pick<BenchmarkCell, "way" | "shot">;

/** Every number of ways with every number of shots. */
export function tasksOf({ ways, shots }: Pick<EpisodeSettings, "ways" | "shots">): Task[] {
  return ways.flatMap((way) => shots.map((shot) => ({ way, shot })));
}

/** Accuracy of one task. The same seed poses the same episodes to any similarities `[particles * particles]`. */
export function accuracyOf(
  { way, shot }: Task,
  similarity: Float32Array,
  labels: Int32Array,
  { episodes, seed }: Pick<EpisodeSettings, "episodes" | "seed">,
): Pick<BenchmarkCell, "accuracy" | "ci95" | "episodes"> {
  const random = createRandom(`cosnet benchmark episodes ${seed} ${way} ${shot}`);
  const { accuracy, ci95 } = runEpisodes({ similarity, labels, way, shot, episodes, random });
  return { accuracy, ci95, episodes };
}

import { join } from "node:path";
import { writeFileAtomic } from "../../files/disk/index.js";
import { loadCheckpoint, type StepFigures, saveCheckpoint, type TrainingRun } from "../../files/model/index.js";
import type { ParameterLayout } from "../../model/index.js";
import { trainingCurves } from "../../report/index.js";
import { initialState, type TrainingState } from "../../train/index.js";

export interface ResumableRunOptions<Recipe, Entry> {
  readonly folder: string;
  readonly layout: ParameterLayout;
  /** What decides the result; stored, and compared when the training is continued. */
  readonly recipe: Recipe;
  /** Puts weights into the initial state of a training that is not continued. */
  begin(state: TrainingState): Promise<unknown>;
  readonly curves: RunCurves<Entry>;
}

/** What is drawn of each step and each validation. */
export interface RunCurves<Entry> {
  readonly title: string;
  loss(figures: StepFigures): number;
  validationLoss(entry: Entry): number;
}

/**
 * The training in a folder as far as it has come, and how to save it there: as `checkpoint.safetensors`, `log.jsonl` (a line
 * for each validation) and `curves.svg`.
 * @throws ConfigError when the training there is of other settings; FileError, FormatError as reading does.
 */
export async function resumableRun<Recipe extends { readonly seed: number }, Entry extends { readonly step: number }>({
  folder,
  layout,
  recipe,
  begin,
  curves,
}: ResumableRunOptions<Recipe, Entry>): Promise<{
  readonly start: TrainingRun<Entry>;
  save(run: TrainingRun<Entry>): Promise<void>;
}> {
  const resumed = await loadCheckpoint<Recipe, Entry>(folder, layout, recipe);
  const start = resumed ?? { state: initialState(layout, recipe.seed), history: [], trace: [], seconds: 0 };
  if (!resumed) await begin(start.state);
  return {
    start,
    async save(run) {
      await writeFileAtomic(
        join(folder, "log.jsonl"),
        run.history.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
      );
      await writeFileAtomic(join(folder, "curves.svg"), curvesOf(run, curves));
      // Last: a run that finds the checkpoint of its last step writes nothing more.
      await saveCheckpoint(folder, layout, { ...run, recipe });
    },
  };
}

function curvesOf<Entry extends { readonly step: number }>(
  { trace, history }: TrainingRun<Entry>,
  { title, loss, validationLoss }: RunCurves<Entry>,
): string {
  return trainingCurves({
    title,
    train: trace.map((figures, i) => ({ step: i + 1, loss: loss(figures) })),
    validation: history.map((entry) => ({ step: entry.step, loss: validationLoss(entry) })),
    yScale: "log",
  });
}

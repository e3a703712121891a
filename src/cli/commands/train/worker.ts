import { countText } from "../../../count-text.js";
import { declareCommand } from "../../command-declaration.js";
import { given } from "../../given.js";
import { argument, option } from "../../option.js";
import { numberOption } from "../../option-values.js";
import { threads } from "../../shared-options.js";

/** `cosnet train worker`, beneath `cosnet train`. */
export const trainWorkerCommand = declareCommand({
  name: "worker",
  description:
    "Find gradients for a training that runs elsewhere: started with --workers 0, or in want of more. Workers may come before the training, join it and leave it; the result does not depend on them.",
  options: {
    folder: argument("one", "output folder of the training, as this computer sees it"),
    wait: option(
      "<seconds>",
      "how long a training is waited for, also when it goes away",
      numberOption(0, 1_000_000),
      600,
    ),
    threads,
  },
  examples: [
    ["cosnet train worker runs/large", "on this computer"],
    ["srun --ntasks 8 cosnet train worker /shared/runs/large", "on a cluster, beside the training"],
  ],
  async run({ folder, wait, threads: count }, { onProgress, signal }) {
    const { workForTraining } = await import("../../../jobs/train/index.js");
    const { batches } = await workForTraining({
      ...{ folder, waitSeconds: wait, onProgress, signal },
      ...given({ threads: count }),
    });
    return {
      text: `The training has ended; ${countText(batches, "batch", "batches")} were done here.`,
      summary: { command: "train worker", batches },
    };
  },
});

import { resolve } from "node:path";
import { countText } from "../../../count-text.js";
import { resultOutcome } from "../../batch/result-text.js";
import { statusText } from "../../batch/status-text.js";
import { declareCommand, declareGroup } from "../../command-declaration.js";
import { argument, flag } from "../../option.js";
import { threads } from "../../shared-options.js";
import { executorOf, executorTable, programWords } from "./options.js";
import { runCommand } from "./run.js";
import { stepsOf } from "./steps.js";

const statusCommand = declareCommand({
  name: "status",
  description: "Say how far a batch has come: what is done, running and waiting, what failed and why.",
  options: {
    folder: argument("one", "the batch's folder"),
    units: flag("list every unit"),
  },
  examples: [["cosnet batch status night/", "also while it runs, and from another computer"]],
  async run({ folder, units }) {
    const { batchStatus } = await import("../../../jobs/batch/index.js");
    const status = await batchStatus(resolve(folder));
    return { text: statusText(status, { units }), summary: { command: "batch status", ...status } };
  },
});

const retryCommand = declareCommand({
  name: "retry",
  description: "Do again what failed, and what builds on it; the rest stays as it is.",
  options: {
    folder: argument("one", "the batch's folder"),
    names: argument("any", "tomograms, classes or units that failed (default: all)"),
    ...executorTable,
  },
  examples: [
    ["cosnet batch retry night/", "everything that failed"],
    ["cosnet batch retry night/ TS_07 TS_12", "two tomograms, after their files were mended"],
  ],
  async run({ folder, names, ...flags }, progress) {
    const { runBatch, readBatch } = await import("../../../jobs/batch/index.js");
    const outputFolder = resolve(folder);
    const { directory, recipe } = await readBatch(outputFolder);
    stepsOf(recipe, folder);
    const result = await runBatch({
      ...{ tomograms: [], recipe: undefined, retry: names, outputFolder, directory },
      ...{ executor: await executorOf(outputFolder, flags), program: programWords(), ...progress },
    });
    return resultOutcome("batch retry", result);
  },
});

const unitCommand = declareCommand({
  name: "unit",
  description:
    "Do one unit of a batch, as the processes and cluster jobs do that batch run starts; by hand, to see what goes wrong. A unit that is done is left alone.",
  options: {
    folder: argument("one", "the batch's folder"),
    id: argument("one", "the unit, as batch status --units lists them"),
    threads,
  },
  examples: [["cosnet batch unit night/ pick-TS_07", "searches one tomogram again, and says why it fails"]],
  async run({ folder, id, threads: threadCount }, progress) {
    const { readBatch, runBatchUnit } = await import("../../../jobs/batch/index.js");
    const batchFolder = resolve(folder);
    const { directory, recipe } = await readBatch(batchFolder);
    process.chdir(directory); // paths of recipe and tomograms count from there
    const alone = () => process.exit(1); // the process that started this one, and waits for it, is gone
    process.once("disconnect", alone);
    const { seconds } = await runBatchUnit({
      ...{ batchFolder, id, steps: stepsOf(recipe, folder), threads: threadCount },
      ...progress,
    }).finally(() => {
      process.off("disconnect", alone);
      if (process.connected) process.disconnect();
    });
    return { text: `${id} is done`, summary: { command: "batch unit", id, seconds } };
  },
});

const cancelCommand = declareCommand({
  name: "cancel",
  description:
    "End the tasks of a batch on a Slurm cluster, those that run and those that wait; what is done stays. On this computer, Ctrl-C does.",
  options: { folder: argument("one", "the batch's folder") },
  examples: [["cosnet batch cancel night/", "and cosnet batch run goes on from there, another day"]],
  async run({ folder }) {
    const { cancelSlurmTasks } = await import("../../../jobs/batch/index.js");
    const tasks = await cancelSlurmTasks(resolve(folder));
    return { text: `${countText(tasks, "task")} cancelled.`, summary: { command: "batch cancel", tasks } };
  },
});

export const batchCommand = declareGroup({
  name: "batch",
  description: "Work on hundreds of tomograms: one recipe, a process for each tomogram, one result.",
  examples: [
    ["cosnet batch run 'rec/*.mrc' --examples clicks.star --output night/", "begins, or goes on"],
    ["cosnet batch status night/", "how far it has come"],
    ["cosnet batch retry night/", "tries again what failed"],
  ],
  commands: [runCommand, statusCommand, retryCommand, cancelCommand, unitCommand],
});

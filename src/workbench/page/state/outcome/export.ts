/** Saving what a run has found. */
import { download } from "../../parts/download.js";
import { engine } from "../engine.js";
import { orSay, say } from "../messages.js";
import { afterSteps } from "../project.js";

/** Saves the files of a format; several as one archive. */
export async function exportPicks(runId: string, formatId: string): Promise<void> {
  const files = await orSay(afterSteps(() => engine().exportPicks(runId, formatId)));
  if (!files) return;
  const saved = await download(files, `${runId}-${formatId}.zip`);
  say("done", `Saved ${saved.join(", ")}.`);
}

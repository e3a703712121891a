import type { ComponentChildren } from "preact";
import type { RunRecord } from "../../protocol/index.js";
import { Icon } from "../parts/icon.js";
import { IconButton } from "../parts/icon-button.js";
import { exportPicks } from "../state/outcome/export.js";
import { shownRun } from "../state/results.js";
import { copyCommand, openReport } from "../state/runs.js";

interface RunToolsProps {
  readonly run: RunRecord;
  /** Of what is saved. */
  readonly format: string;
  readonly saveLabel: string;
  readonly children?: ComponentChildren;
}

/** What can be done with what a run has made. */
export function RunTools({ run, format, saveLabel, children }: RunToolsProps) {
  const ofRunId = shownRun.value?.id;
  return (
    <div class="row run-tools">
      {children}
      <button type="button" class="small" onClick={() => ofRunId && void exportPicks(ofRunId, format)}>
        <Icon name="download" />
        {saveLabel}
      </button>
      <IconButton icon="file" label="Open the report of this run" onClick={() => void openReport(run.id)} />
      <IconButton
        icon="copy"
        label="Copy the command line that does the same"
        onClick={() => void copyCommand(run.command)}
      />
    </div>
  );
}

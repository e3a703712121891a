import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ExportFormat } from "../../protocol/index.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { countText } from "../parts/number-text.js";
import { closeDialog } from "../state/dialogs.js";
import { engine } from "../state/engine.js";
import { orSay } from "../state/messages.js";
import { exportPicks } from "../state/outcome/export.js";
import { classes } from "../state/project.js";
import { pickCounts, picks, shownRun } from "../state/results.js";
import { copyCommand, openReport } from "../state/runs.js";

/** The picks as they stand, in the format that the next program reads. */
export function ExportDialog() {
  const formats = useSignal<readonly ExportFormat[]>([]);
  const chosen = useSignal("");
  const isWriting = useSignal(false);
  const run = shownRun.value;
  useEffect(() => {
    void orSay(engine().exportFormats()).then((list) => {
      formats.value = list ?? [];
      chosen.value = formats.value[0]?.id ?? "";
    });
  }, []);
  if (!run) return null;
  const save = async () => {
    isWriting.value = true;
    await exportPicks(run.id, chosen.value);
    isWriting.value = false;
  };
  return (
    <Dialog title="Export picks" onClose={closeDialog}>
      <ul class="export-counts" aria-label="What will be in it">
        {classes.value.map(({ id, name, colour }) => (
          <li key={id} class="row">
            <span class="swatch" style={{ background: colour }} />
            <span class="grow">{name}</span>
            {countText(pickCounts.value.get(id) ?? 0, "pick")}
          </li>
        ))}
        <li class="row total">
          <span class="grow">After thresholds and your verdicts</span>
          <b>{countText(picks.value.length, "pick")}</b>
        </li>
      </ul>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <select
          class="grow"
          aria-label="Format"
          value={chosen}
          onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}
        >
          {formats.value.map(({ id, name, extension }) => (
            <option key={id} value={id}>
              {name} (.{extension.replace(/^\./, "")})
            </option>
          ))}
        </select>
        <button type="submit" class="primary" disabled={chosen.value === "" || isWriting.value}>
          <Icon name="download" />
          {isWriting.value ? "Writing…" : "Save"}
        </button>
      </form>
      <div class="row">
        <button type="button" class="small" onClick={() => void openReport(run.id)}>
          <Icon name="file" />
          Report of the run
        </button>
        <button type="button" class="small" title={run.command} onClick={() => void copyCommand(run.command)}>
          <Icon name="copy" />
          Copy command line
        </button>
      </div>
    </Dialog>
  );
}

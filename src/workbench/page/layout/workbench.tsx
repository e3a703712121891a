import { ClassPanel } from "../classes/class-panel.js";
import { NameClickDialog } from "../classes/name-click-dialog.js";
import { ExportDialog } from "../export/export-dialog.js";
import { HelpDialog } from "../keyboard/help-dialog.js";
import { DropArea } from "../open/drop-area.js";
import { ImportDialog } from "../open/import-dialog.js";
import { NameListDialog } from "../open/name-list-dialog.js";
import { OpenDialog } from "../open/open-dialog.js";
import { Messages } from "../parts/messages.js";
import { Coach } from "../practice/coach.js";
import { ReviewPanel } from "../review/review-panel.js";
import { RunPanel } from "../run/run-panel.js";
import { openDialog } from "../state/dialogs.js";
import { TomogramPanel } from "../tomogram/tomogram-panel.js";
import { ConnectionBanner } from "./connection-banner.js";
import { MiddlePane } from "./middle-pane.js";
import { TopBar } from "./top-bar.js";

/** The whole page: what it is about on the left, sections in the middle, what is done with it on the right. */
export function Workbench() {
  return (
    <>
      <TopBar />
      <aside class="side left" aria-label="Classes and examples">
        <TomogramPanel />
        <ClassPanel />
      </aside>
      <main class="middle">
        <MiddlePane />
        <Coach />
      </main>
      <aside class="side right" aria-label="Run and review">
        <RunPanel />
        <ReviewPanel />
      </aside>
      {openDialog.value === "open" && <OpenDialog />}
      {openDialog.value === "import" && <ImportDialog />}
      {openDialog.value === "name-list" && <NameListDialog />}
      {openDialog.value === "export" && <ExportDialog />}
      {openDialog.value === "help" && <HelpDialog />}
      <NameClickDialog />
      <ConnectionBanner />
      <Messages />
      <DropArea />
    </>
  );
}

import { ClassPanel } from "../classes/class-panel.js";
import { NameClickDialog } from "../classes/name-click-dialog.js";
import { DropArea } from "../open/drop-area.js";
import { OpenDialog } from "../open/open-dialog.js";
import { RunPanel } from "../run/run-panel.js";
import { openDialog } from "../state/dialogs.js";
import { ConnectionBanner, Messages } from "./messages.js";
import { MiddlePane } from "./middle-pane.js";
import { TopBar } from "./top-bar.js";

/** The whole page: what it is about on the left, sections in the middle, what is done with it on the right. */
export function Workbench() {
  return (
    <>
      <TopBar />
      <aside class="side left" aria-label="Classes and examples">
        <ClassPanel />
      </aside>
      <main class="middle">
        <MiddlePane />
      </main>
      <aside class="side right" aria-label="Run and review">
        <RunPanel />
      </aside>
      {openDialog.value === "open" && <OpenDialog />}
      <NameClickDialog />
      <ConnectionBanner />
      <Messages />
      <DropArea />
    </>
  );
}

import { Dialog } from "../parts/dialog.js";
import { closeDialog } from "../state/dialogs.js";
import { about } from "../state/project.js";
import { ChooseFiles } from "./choose-files.js";
import { FolderBrowser } from "./folder-browser.js";

/** Ways to open a tomogram. */
export function OpenDialog() {
  return (
    <Dialog title="Open a tomogram" onClose={closeDialog} isWide>
      {about.value?.isLocal && <FolderBrowser onOpened={closeDialog} />}
      <ChooseFiles onOpened={closeDialog} />
    </Dialog>
  );
}

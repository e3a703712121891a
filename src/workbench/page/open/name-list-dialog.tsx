import { useSignal } from "@preact/signals";
import { Dialog } from "../parts/dialog.js";
import { closeDialog } from "../state/dialogs.js";
import { tomogramName } from "../state/markers.js";
import { orSay } from "../state/messages.js";
import { beginPick } from "../state/runs.js";
import { chosenTomogram } from "../state/tomograms.js";
import { ChooseList } from "./choose-list.js";

/** What the particles of a list are that somebody has already, in place of a search. */
export function NameListDialog() {
  const isReading = useSignal(false);
  const tomogramId = chosenTomogram.value?.id;
  if (tomogramId === undefined) return null;
  const name = async (from: Promise<string>) => {
    isReading.value = true;
    const path = await orSay(from);
    const isBegun = path !== undefined && (await beginPick({ tomogramId, path }));
    isReading.value = false;
    if (isBegun) closeDialog();
  };
  return (
    <Dialog title="Name the particles of a list" onClose={closeDialog}>
      <p class="quiet">
        For particles that you have already, from another picker or template matching: a list of any format that cosnet
        reads (STAR, Dynamo, motivelist, IMOD, CSV, …), or the folder of a copick project. Nothing is searched: each of
        its particles in {tomogramName(tomogramId)} gets the class whose examples it is like, with a probability, or
        none of these. Then review them as usual.
      </p>
      <ChooseList isBusy={isReading.value} onChosen={(path) => void name(path)} />
    </Dialog>
  );
}

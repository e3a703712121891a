import { useSignal } from "@preact/signals";
import { Dialog } from "../parts/dialog.js";
import { closeDialog } from "../state/dialogs.js";
import { engine } from "../state/engine.js";
import { orSay } from "../state/messages.js";
import { show } from "../state/project.js";
import { chosenTomogram } from "../state/tomograms.js";
import { ChooseList } from "./choose-list.js";

/** Examples from a list of particles, or from a copick project, instead of clicks. */
export function ImportDialog() {
  const isReading = useSignal(false);
  const tomogramId = chosenTomogram.value?.id;
  if (tomogramId === undefined) return null;
  const read = async (from: Promise<string>) => {
    isReading.value = true;
    const state = await orSay(from.then((list) => engine().importParticles(list, tomogramId)));
    isReading.value = false;
    if (!state) return;
    show(state);
    closeDialog();
  };
  return (
    <Dialog title="Examples from a list" onClose={closeDialog}>
      <p class="quiet">
        A particle list of any format that cosnet reads (STAR, Dynamo, motivelist, IMOD, CSV, …), or the folder of a
        copick project. Its particles become examples in the tomogram that is shown.
      </p>
      <ChooseList isBusy={isReading.value} onChosen={(path) => void read(path)} />
    </Dialog>
  );
}

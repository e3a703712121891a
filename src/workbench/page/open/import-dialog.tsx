import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Dialog } from "../parts/dialog.js";
import { closeDialog } from "../state/dialogs.js";
import { engine } from "../state/engine.js";
import { orSay } from "../state/messages.js";
import { about, show } from "../state/project.js";
import { chosenTomogram } from "../state/tomograms.js";

/** Examples from a list of particles, or from a copick project, instead of clicks. */
export function ImportDialog() {
  const path = useSignal("");
  const isReading = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
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
      {about.value?.isLocal && (
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            void read(Promise.resolve(path.value.trim()));
          }}
        >
          <input
            class="wide-input"
            aria-label="Path of a list"
            placeholder="Path of a list or folder"
            value={path}
            onInput={({ currentTarget }) => (path.value = currentTarget.value)}
          />
          <button type="submit" class="primary" disabled={path.value.trim() === "" || isReading.value}>
            Read
          </button>
        </form>
      )}
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File of a list"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void read(engine().addFile(file));
        }}
      />
      <button type="button" disabled={isReading.value} onClick={() => input.current?.click()}>
        {isReading.value ? "Reading…" : "Choose a file…"}
      </button>
    </Dialog>
  );
}

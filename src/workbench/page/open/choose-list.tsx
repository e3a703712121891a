import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { engine } from "../state/engine.js";
import { about } from "../state/project.js";

interface ChooseListProps {
  readonly isBusy: boolean;
  /** Given the path by which the engine knows it, or on the way there. */
  readonly onChosen: (path: Promise<string>) => void;
}

/** A list of particles by its path, or as a file of this computer. */
export function ChooseList({ isBusy, onChosen }: ChooseListProps) {
  const path = useSignal("");
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      {about.value?.isLocal && (
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            onChosen(Promise.resolve(path.value.trim()));
          }}
        >
          <input
            class="wide-input"
            aria-label="Path of a list"
            placeholder="Path of a list or folder"
            value={path}
            onInput={({ currentTarget }) => (path.value = currentTarget.value)}
          />
          <button type="submit" class="primary" disabled={path.value.trim() === "" || isBusy}>
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
          if (file) onChosen(engine().addFile(file));
        }}
      />
      <button type="button" disabled={isBusy} onClick={() => input.current?.click()}>
        {isBusy ? "Reading…" : "Choose a file…"}
      </button>
    </>
  );
}

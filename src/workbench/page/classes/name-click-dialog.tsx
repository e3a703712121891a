import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "../parts/dialog.js";
import { addClassWithExample, addExample, classAt, unnamedClick } from "../state/click-target.js";
import { radiusOfClass } from "../state/markers.js";
import { nextSuggestion } from "../state/practice.js";
import { classes } from "../state/project.js";
import { chosenTomogram } from "../state/tomograms.js";
import { Thumbnail } from "../thumbnails/thumbnail.js";

/** Asks what was clicked: one of the classes, a new one, or none of them. */
export function NameClickDialog() {
  const position = unnamedClick.value;
  const input = useRef<HTMLInputElement>(null);
  const name = useSignal("");
  const isAdding = useSignal(false);
  useEffect(() => {
    name.value = nextSuggestion.value?.className ?? "";
    input.current?.focus();
    requestAnimationFrame(() => input.current?.select());
  }, [position]);
  if (!position || !chosenTomogram.value) return null;
  const close = () => (unnamedClick.value = undefined);
  const choose = (classId: string | null) => {
    close();
    void addExample(classId, position);
  };
  const addClass = async () => {
    if (isAdding.value) return;
    isAdding.value = true;
    if (await addClassWithExample(name.value, position)) close();
    isAdding.value = false;
  };
  return (
    <Dialog title="What is this particle?" onClose={close}>
      <div class="named-click">
        <Thumbnail
          tomogramId={chosenTomogram.value.id}
          position={position}
          radiusAngstrom={radiusOfClass(null)}
          planes={3}
        />
      </div>
      {classes.value.length > 0 && (
        <fieldset class="choices" aria-label="A class that is there">
          {classes.value.map(({ id, name: className, colour }) => (
            <button key={id} type="button" class="choice" onClick={() => choose(id)}>
              <span class="swatch" style={{ background: colour }} />
              {className}
            </button>
          ))}
          <button type="button" class="choice" onClick={() => choose(null)}>
            none of these
          </button>
        </fieldset>
      )}
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          void addClass();
        }}
      >
        <input
          ref={input}
          class="wide-input"
          aria-label="Name of a new class"
          placeholder={classes.value.length === 0 ? "Its name, for instance ribosome" : "Name of a new class"}
          value={name}
          onInput={({ currentTarget }) => (name.value = currentTarget.value)}
          onKeyDown={(event) => {
            const id = name.value === "" && /^[1-9]$/.test(event.key) ? classAt(Number(event.key) - 1) : undefined;
            if (!id) return;
            event.preventDefault();
            choose(id);
          }}
        />
        <button type="submit" class="primary" disabled={name.value.trim() === "" || isAdding.value}>
          Add
        </button>
      </form>
    </Dialog>
  );
}

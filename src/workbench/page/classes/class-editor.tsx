import { useSignal } from "@preact/signals";
import { CLASS_COLOURS, type ParticleClass } from "../../protocol/index.js";
import { Icon } from "../parts/icon.js";
import { take } from "../state/project.js";

interface ClassEditorProps {
  readonly item: ParticleClass;
  readonly onDone: () => void;
}

/** Name and colour of a class, and its end. */
export function ClassEditor({ item: { id, name, colour }, onDone }: ClassEditorProps) {
  const given = useSignal(name);
  const rename = async () => {
    const isSame = given.value.trim() === name;
    if (isSame || (await take({ type: "change-class", id, name: given.value.trim() }))) onDone();
  };
  return (
    <form
      class="class-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void rename();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") onDone();
      }}
    >
      <div class="row">
        <input
          class="wide-input"
          aria-label="Name of the class"
          value={given}
          onInput={({ currentTarget }) => (given.value = currentTarget.value)}
        />
        <button type="submit">Rename</button>
      </div>
      <fieldset class="swatches" aria-label="Colour">
        {CLASS_COLOURS.map((choice) => (
          <button
            key={choice}
            type="button"
            class="swatch"
            aria-label={`Colour ${choice}`}
            aria-pressed={choice === colour}
            style={{ background: choice }}
            onClick={() => void take({ type: "change-class", id, colour: choice })}
          />
        ))}
      </fieldset>
      <button type="button" class="danger small" onClick={() => void take({ type: "remove-class", id })}>
        <Icon name="trash" />
        Remove class and its examples
      </button>
    </form>
  );
}

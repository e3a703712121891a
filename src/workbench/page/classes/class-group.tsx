import { useSignal } from "@preact/signals";
import type { ParticleClass } from "../../protocol/index.js";
import { IconButton } from "../parts/icon-button.js";
import { countText } from "../parts/number-text.js";
import { clickTarget, setClickTarget } from "../state/click-target.js";
import { examples } from "../state/project.js";
import { pickCounts, results } from "../state/results.js";
import { hiddenClassIds } from "../state/view.js";
import { ClassEditor } from "./class-editor.js";
import { ExampleList } from "./example-list.js";

interface ClassGroupProps {
  readonly item: ParticleClass;
  /** Its key on the keyboard, as far as there are any. */
  readonly number: number;
}

/** One class: name and counts, what can be done with it, its examples. */
export function ClassGroup({ item, number }: ClassGroupProps) {
  const isEdited = useSignal(false);
  const own = examples.value.filter(({ classId }) => classId === item.id);
  const target = clickTarget.value;
  const isTarget = target.kind === "add" && target.classId === item.id;
  const isHidden = hiddenClassIds.value.has(item.id);
  const [count, noun] = results.value ? [pickCounts.value.get(item.id) ?? 0, "pick"] : [own.length, "example"];
  return (
    <li class={`class-group${isHidden ? " is-hidden" : ""}`}>
      <div class="class-row">
        <button
          type="button"
          class="class-name"
          aria-pressed={isTarget}
          title={`Clicks add examples of ${item.name}${number <= 9 ? ` (key ${number})` : ""}`}
          onClick={() => setClickTarget({ kind: "add", classId: item.id })}
        >
          <kbd>{number <= 9 ? number : ""}</kbd>
          <span class="swatch" style={{ background: item.colour }} />
          <span class="name">{item.name}</span>
        </button>
        <span class="count" title={countText(count, noun)}>
          {count.toLocaleString("en-US")}
        </span>
        <IconButton
          icon={isHidden ? "hidden" : "eye"}
          label={isHidden ? `Show ${item.name}` : `Hide ${item.name}`}
          pressed={!isHidden}
          onClick={() => toggleHidden(item.id)}
        />
        <IconButton
          icon="more"
          label={`Rename, recolour or remove ${item.name}`}
          pressed={isEdited.value}
          onClick={() => (isEdited.value = !isEdited.value)}
        />
      </div>
      {isEdited.value && <ClassEditor item={item} onDone={() => (isEdited.value = false)} />}
      <ExampleList examples={own} />
    </li>
  );
}

function toggleHidden(id: string): void {
  const hidden = new Set(hiddenClassIds.value);
  if (!hidden.delete(id)) hidden.add(id);
  hiddenClassIds.value = hidden;
}

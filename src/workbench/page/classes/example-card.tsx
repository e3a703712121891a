import { useEffect, useRef } from "preact/hooks";
import type { ClickedExample } from "../../protocol/index.js";
import { IconButton } from "../parts/icon-button.js";
import { positionText } from "../parts/number-text.js";
import { nameOf } from "../state/class-style.js";
import { radiusOfClass, tomogramName } from "../state/markers.js";
import { project } from "../state/project.js";
import { hovered, selection } from "../state/view.js";
import { Thumbnail } from "../thumbnails/thumbnail.js";
import { goToExample, nudgeByKey, removeExample } from "./example-moves.js";
import { judgementText } from "./judgement-text.js";
import { judgements } from "./judgements.js";

/** An example in three sections, with what the others say of it. Arrow keys move it while it has the focus. */
export function ExampleCard({ example }: { readonly example: ClickedExample }) {
  const { id, classId, tomogramId, position } = example;
  const isSelected = selection.value === id;
  const verdict = judgementText(example, judgements.value.get(id), nameOf);
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected) card.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected]);
  const isElsewhere = project.value.tomograms.length > 1;
  return (
    <li
      ref={card}
      class={`example-card${isSelected ? " is-selected" : ""}${hovered.value === id ? " is-hovered" : ""}`}
      onMouseEnter={() => (hovered.value = id)}
      onMouseLeave={() => (hovered.value = undefined)}
    >
      <button
        type="button"
        class="example-picture"
        aria-label={`Example of ${nameOf(classId)} at ${positionText(position)}. Enter goes there, arrow keys move it, Delete removes it.`}
        title="Go to it. Arrow keys move it by a voxel, Page Up and Page Down in depth; Delete removes it."
        onClick={() => goToExample(example)}
        onKeyDown={(event) => nudgeByKey(event, example)}
      >
        <Thumbnail tomogramId={tomogramId} position={position} radiusAngstrom={radiusOfClass(classId)} planes={3} />
      </button>
      <div class="example-caption">
        <span class="quiet">
          {isElsewhere && `${tomogramName(tomogramId)}, `}
          {positionText(position)}
        </span>
        <IconButton icon="trash" label="Remove this example" onClick={() => void removeExample(id)} />
      </div>
      {verdict && <p class={`verdict ${verdict.kind}`}>{verdict.text}</p>}
    </li>
  );
}

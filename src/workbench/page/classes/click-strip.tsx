import type { ComponentChildren } from "preact";
import { type ClickTarget, clickTarget, LOOK, setClickTarget } from "../state/click-target.js";
import { classes } from "../state/project.js";

/** What a click in a section does, always in sight above the sections. */
export function ClickStrip() {
  return (
    <div class="click-strip" role="toolbar" aria-label="What a click does">
      <span class="quiet">Click:</span>
      <Choice target={LOOK} keys="Esc" title="Only move the cursor">
        look
      </Choice>
      <Choice target={{ kind: "ask" }} keys="N" title="Add an example and say what it is">
        new example…
      </Choice>
      {classes.value.length > 0 && (
        <Choice target={{ kind: "add", classId: null }} keys="X" title="Add an example of what is none of the classes">
          none of these
        </Choice>
      )}
      {classes.value.map(({ id, name, colour }, index) => (
        <Choice
          key={id}
          target={{ kind: "add", classId: id }}
          keys={index < 9 ? String(index + 1) : undefined}
          title={`Add an example of ${name}`}
        >
          <span class="swatch" style={{ background: colour }} />
          {name}
        </Choice>
      ))}
    </div>
  );
}

interface ChoiceProps {
  readonly target: ClickTarget;
  readonly keys: string | undefined;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Choice({ target, keys, title, children }: ChoiceProps) {
  return (
    <button
      type="button"
      class="choice"
      aria-pressed={isSame(target, clickTarget.value)}
      title={keys ? `${title} (${keys})` : title}
      onClick={() => setClickTarget(target)}
    >
      {children}
      {keys && <kbd>{keys}</kbd>}
    </button>
  );
}

function isSame(a: ClickTarget, b: ClickTarget): boolean {
  return a.kind === b.kind && (a.kind !== "add" || b.kind !== "add" || a.classId === b.classId);
}

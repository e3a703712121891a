import { Dialog } from "../parts/dialog.js";
import { closeDialog } from "../state/dialogs.js";
import { about, runtime } from "../state/project.js";
import { VIEW_GESTURES, VIEW_KEYS } from "../view/index.js";
import { SHORTCUTS } from "./shortcuts.js";

/** All keys, and where it runs. */
export function HelpDialog() {
  return (
    <Dialog title="Keys and help" onClose={closeDialog} isWide>
      <div class="help-columns">
        <KeyList
          title="Classes, examples, review"
          keys={SHORTCUTS.map(({ keys, text }) => ({ text: keys, does: text }))}
        />
        <KeyList title="Sections" keys={VIEW_KEYS} />
        <KeyList title="Mouse" keys={VIEW_GESTURES} />
        <KeyList
          title="On a focused example card"
          keys={[
            { text: "← → ↑ ↓", does: "move it by a voxel; with Shift by five" },
            { text: "Page Up, Page Down", does: "move it in depth" },
            { text: "Enter", does: "go to it" },
          ]}
        />
      </div>
      <p class="quiet">
        cosnet {about.value?.version}, computing in {runtime}. Nothing leaves this computer. All that you do is kept in{" "}
        {about.value?.projectPath}.
      </p>
    </Dialog>
  );
}

interface KeyListProps {
  readonly title: string;
  readonly keys: readonly { readonly text: string; readonly does: string }[];
}

function KeyList({ title, keys }: KeyListProps) {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="keys">
        {keys.map(({ text, does }) => (
          <div key={text}>
            <dt>
              <kbd>{text}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

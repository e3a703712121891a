import { about, canRedo, canUndo, take } from "../state/project.js";

export function TopBar() {
  return (
    <header class="top-bar">
      <span class="brand">cosnet</span>
      <span class="quiet">{about.value?.projectPath}</span>
      <span class="spring" />
      <button type="button" disabled={!canUndo.value} onClick={() => take({ type: "undo" })}>
        Undo
      </button>
      <button type="button" disabled={!canRedo.value} onClick={() => take({ type: "redo" })}>
        Redo
      </button>
    </header>
  );
}

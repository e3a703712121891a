import { Icon } from "../parts/icon.js";
import { IconButton } from "../parts/icon-button.js";
import { openDialog } from "../state/dialogs.js";
import { about, canRedo, canUndo, project, take } from "../state/project.js";
import { picks } from "../state/results.js";
import { THEMES, theme } from "../state/theme.js";
import { TomogramMenu } from "./tomogram-menu.js";

/** Tomogram, undo and redo, export, theme, help. */
export function TopBar() {
  const hasTomogram = project.value.tomograms.length > 0;
  return (
    <header class="top-bar">
      <span class="brand">
        <Mark />
        cosnet
      </span>
      <TomogramMenu />
      <button type="button" onClick={() => (openDialog.value = "open")}>
        <Icon name="folder" />
        Open…
      </button>
      <span class="spring quiet project-path" title={`The project is kept in ${about.value?.projectPath}`}>
        {hasTomogram ? `Saved in ${about.value?.projectPath}` : ""}
      </span>
      <span class="group">
        <IconButton
          icon="undo"
          label="Undo (Ctrl+Z)"
          disabled={!canUndo.value}
          onClick={() => void take({ type: "undo" })}
        />
        <IconButton
          icon="redo"
          label="Redo (Ctrl+Shift+Z)"
          disabled={!canRedo.value}
          onClick={() => void take({ type: "redo" })}
        />
      </span>
      <button type="button" disabled={picks.value.length === 0} onClick={() => (openDialog.value = "export")}>
        <Icon name="download" />
        Export…
      </button>
      <ThemeButton />
      <IconButton icon="help" label="Keys and help (?)" onClick={() => (openDialog.value = "help")} />
    </header>
  );
}

function ThemeButton() {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "system";
  const name = theme.value === "system" ? "as the system" : theme.value;
  return (
    <IconButton
      icon={theme.value === "dark" ? "moon" : "sun"}
      label={`Colours: ${name}. Change to ${next === "system" ? "the system's" : next}`}
      onClick={() => (theme.value = next)}
    />
  );
}

/** The mark of cosnet's reports. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 22 22" aria-hidden="true">
      <path d="M11 1.5 20.5 6.5 11 11.5 1.5 6.5z" />
      <path d="m1.5 11 9.5 5 9.5-5M1.5 15.5l9.5 5 9.5-5" opacity=".55" />
      <circle cx="11" cy="6.5" r="1.9" />
    </svg>
  );
}

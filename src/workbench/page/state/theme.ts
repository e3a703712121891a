/** Light, dark, or as the system has it. */
import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

const KEY = "cosnet-theme";
const kept = localStorage.getItem(KEY);

export const theme = signal<Theme>(THEMES.find((name) => name === kept) ?? "system");

/** Sets the page's theme from now on; what was chosen is kept in this browser. */
export function followTheme(): void {
  effect(() => {
    if (theme.value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    localStorage.setItem(KEY, theme.value);
  });
}

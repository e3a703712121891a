/** Which dialog is open; one at most. */
import { signal } from "@preact/signals";

export type DialogName = "open" | "import" | "name-list" | "export" | "help";

export const openDialog = signal<DialogName | undefined>();

export function closeDialog(): void {
  openDialog.value = undefined;
}

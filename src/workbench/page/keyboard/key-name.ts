type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey">;

/** "ctrl+shift+z"; Command counts as Ctrl. */
export function keyName({ key, ctrlKey, metaKey, shiftKey }: Pressed): string {
  return `${ctrlKey || metaKey ? "ctrl+" : ""}${shiftKey ? "shift+" : ""}${key.toLowerCase()}`;
}

import { expect, test } from "vitest";
import { keyName } from "./key-name.js";

test("keys are named with their modifiers, Command as Ctrl", () => {
  const key = { key: "Z", ctrlKey: false, metaKey: false, shiftKey: false };
  expect(keyName(key)).toBe("z");
  expect(keyName({ ...key, metaKey: true, shiftKey: true })).toBe("ctrl+shift+z");
  expect(keyName({ ...key, key: "Escape" })).toBe("escape");
});

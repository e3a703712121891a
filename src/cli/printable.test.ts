import { expect, test } from "vitest";
import { printable, shortened } from "./printable.js";

test("what could steer a terminal is shown as its code, all else as it is", () => {
  expect(printable("a\u001b[31m\r\u0007b\u202ec")).toBe("a\\x1b[31m\\x0d\\x07b\\u202ec");
  expect(printable("späce d\t🧬\n")).toBe("späce d\t🧬\n");
});

test("a long text keeps both ends", () => {
  expect(shortened("0123456789", 10)).toBe("0123456789");
  expect(shortened("0123456789a", 10)).toBe("012345…89a");
  expect(shortened("x".repeat(1e6), 100)).toHaveLength(100);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { plainName } from "./plain-name.js";

const plain = (name: string) => plainName(name, { otherwise: "unnamed" });
const plainInAllScripts = (name: string) => plainName(name, { otherwise: "unnamed", allScripts: true });

test.each([
  ["TS_01.rec", "TS_01.rec"],
  ["80S ribosome (yeast)", "80S-ribosome-yeast"],
  ["ribosome/80S", "ribosome-80S"],
  ["..\\..\\escape", "escape"],
  [".hidden", "hidden"],
  ["ends with a dot.", "ends-with-a-dot"],
  ["_01", "_01"],
  ["--output", "output"],
  ["Ca2+-ATPase", "Ca2--ATPase"],
  ["größe", "gr-e"],
  ["核糖体", "unnamed"],
  ["...", "unnamed"],
  ["", "unnamed"],
])("%j is %j in the name of a file", (name, expected) => {
  expect(plain(name)).toBe(expected);
});

test.each([
  ["Größe 1.mrc", "Größe-1.mrc"],
  ["Ca2+", "Ca2+"],
  ["核糖体", "核糖体"],
  ["e\u0301", "\u00e9"], // macOS writes an accent after its letter
])("%j is %j where all scripts may be", (name, expected) => {
  expect(plainInAllScripts(name)).toBe(expected);
});

test.each(["CON", "nul.mrc", "Com1", "LPT9.star"])("%s, which is a device of Windows, is another name", (name) => {
  expect(plain(name)).toMatch(/^(CON|nul|Com1|LPT9)-(\.|$)/);
  expect(plain(`${name}x`).startsWith(name.slice(0, 3))).toBe(true);
});

test("a long name is cut between characters", () => {
  expect(plain("a".repeat(300))).toBe("a".repeat(200));
  expect(plainName("核".repeat(100), { otherwise: "", allScripts: true, longestBytes: 80 })).toBe("核".repeat(26));
  expect(plainName(`${"a".repeat(9)} b`, { otherwise: "", longestBytes: 10 })).toBe("a".repeat(9));
});

test("whatever the name, a path does not leave its folder, and a plain name stays", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.boolean(), (name, allScripts) => {
      const options = { otherwise: "unnamed", allScripts };
      const once = plainName(name, options);
      expect(once).toMatch(/^[^./\\\s-][^/\\\s:*?"<>|]*$/u);
      expect(plainName(once, options)).toBe(once);
      expect(new TextEncoder().encode(once).length).toBeLessThanOrEqual(201);
    }),
  );
});

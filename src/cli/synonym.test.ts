import { Command } from "commander";
import { expect, test } from "vitest";
import { withSynonym } from "./synonym.js";

function parsed(flags: readonly [known: string, other: string], args: readonly string[]) {
  const command = new Command("pick").exitOverride().requiredOption(flags[0], "examples");
  withSynonym(command, ...flags);
  command.parse([...args], { from: "user" });
  return { value: command.opts()[flags[0].split(" ")[0]!.slice(2)], help: command.helpInformation() };
}

const VARIADIC = ["--supports <examples...>", "--support <examples...>"] as const;

test("a list under either name; the help shows one", () => {
  expect(parsed(VARIADIC, ["--supports", "a", "b"]).value).toEqual(["a", "b"]);
  const { value, help } = parsed(VARIADIC, ["--support", "a", "b", "--support", "c"]);
  expect(value).toEqual(["a", "b", "c"]);
  expect(help).toContain("--supports");
  expect(help).not.toContain("--support ");
});

test("a single value under either name; neither is an error that names the documented one", () => {
  expect(parsed(["--support <star>", "--supports <star>"], ["--supports", "a"]).value).toBe("a");
  expect(() => parsed(VARIADIC, [])).toThrow(/--supports <examples...>/);
});

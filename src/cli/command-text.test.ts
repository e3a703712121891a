import { expect, test } from "vitest";
import { captureTerminal } from "../../test/capture-terminal.js";
import { declareCommand } from "./command-declaration.js";
import { runCommandLine } from "./command-line.js";
import { argument, eitherWay, flag, onUnlessNot, option } from "./option.js";
import { integerOption, listOption, numberOption, snrOption } from "./option-values.js";

/** What stands in reports for a command that was typed so. */
async function retyped(...args: string[]): Promise<string> {
  const terminal = captureTerminal();
  const command = declareCommand({
    name: "evaluate",
    description: "",
    options: {
      picks: argument("optional", ""),
      voxelSize: option("<angstrom>", "", numberOption()),
      tomogram: option("<files...>", ""),
      ways: option("<list>", "", listOption(integerOption())),
      surfaces: option("<list>", "", listOption(String)),
      snr: option("<list>", "", listOption(snrOption)),
      output: option("<folder>", ""),
      invert: eitherWay("", ""),
      adapt: onUnlessNot(""),
      masks: flag(""),
    },
    examples: [],
    run: async (_flags, _progress, { command: text }) => ({ text, summary: {} }),
  });
  expect(await runCommandLine(["evaluate", ...args], terminal, [command])).toBe(0);
  return terminal.outText().trim();
}

test("a command as it can be typed again", async () => {
  const flags = ["--voxel-size", "10", "--tomogram", "a b.mrc", "c.mrc", "--invert", "--quiet"];
  expect(await retyped("it's.star", ...flags)).toBe(
    "cosnet evaluate 'it'\\''s.star' --voxel-size 10 --tomogram 'a b.mrc' c.mrc --invert",
  );
  expect(await retyped("--ways", "2,6", "--snr", "inf,0.5", "--surfaces", "stl,ply")).toBe(
    "cosnet evaluate --ways 2,6 --snr inf,0.5 --surfaces stl,ply",
  );
  expect(await retyped("a.mrc")).toBe("cosnet evaluate a.mrc");
  expect(await retyped("a.mrc", "--seed", "3")).toBe("cosnet evaluate a.mrc --seed 3");
  expect(await retyped("a.mrc", "--no-adapt", "--no-invert", "--masks")).toBe(
    "cosnet evaluate a.mrc --no-adapt --masks --no-invert",
  );
});

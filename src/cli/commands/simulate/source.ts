import { ConfigError } from "../../../errors.js";
import { option, type ValuesOf } from "../../option.js";
import { integerOption } from "../../option-values.js";
import { structures } from "../../shared-options.js";

/** What `cosnet simulate` draws: one of the two. */
export const sourceOptions = {
  structures: structures("to draw"),
  procedural: option("<count>", "draw this many made-up complexes instead", integerOption(1)),
};

/** @throws ConfigError when both or neither are given. */
export function sourceOf({
  structures,
  procedural,
}: ValuesOf<typeof sourceOptions>): { readonly structureFolders: readonly string[] } | { readonly procedural: number } {
  if (structures !== undefined && procedural === undefined) return { structureFolders: structures };
  if (structures === undefined && procedural !== undefined) return { procedural };
  throw new ConfigError("give either --structures or --procedural", {
    hint: "--structures FOLDERS draws the files in these folders, --procedural COUNT makes up complexes.",
  });
}

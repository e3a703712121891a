import { InvalidArgumentError } from "commander";
import { declareCommand } from "../../command-declaration.js";
import { argument, flag, option, required } from "../../option.js";
import { choiceOption, numberOption } from "../../option-values.js";
import { listToList, listToListOptions } from "./options.js";

export const mergeCommand = declareCommand({
  name: "merge",
  description:
    "Make several particle lists of any formats one, without particles that are there twice. Column cosnetSource names the file that each came from.",
  options: {
    lists: argument("several", "particle lists; NAME=LIST gives all particles of a list the class NAME"),
    output: required(option("<file>", "list to write")),
    minDistance: option(
      "<angstrom>",
      "of two in a tomogram nearer to each other than this, one goes",
      numberOption(0.001, 1_000_000),
    ),
    withinClass: flag("with --min-distance: particles of different classes may be near to each other"),
    prefer: option(
      "<which>",
      "which of two stays: the best by score, which must mean the same in all lists, or that of the first list",
      choiceOption("best", "first"),
      "best",
    ),
    scoreColumn: option("<name>", "column that holds the score (default: the formats' own)"),
    rename: option("<old=new...>", "new names of classes", renaming),
    tomogramName: option("<name>", "tomogram of lists that name none; {list} in it is the name of the list's file"),
    ...listToListOptions,
  },
  examples: [
    ["cosnet merge a.star b.star --output both.star --min-distance 150", "of two within 150 Å the better one"],
    [
      "cosnet merge ribosome=ribosomes.coords TRiC=tric.mod --output all.star --tomogram TS_01.mrc --tomogram-name TS_01",
      "a list for each class",
    ],
    ["cosnet merge manual.star picks.star --output all.star --min-distance 150 --prefer first", "manual picks count"],
    ["cosnet merge a.tbl b.tbl --output all.tbl --rename 1=ribosome 2=TRiC", "with names for numbers"],
  ],
  async run({ lists, output, ...flags }, progress) {
    const { mergeParticles } = await import("../../../jobs/merge/index.js");
    const result = await mergeParticles(lists, output, {
      ...listToList(flags),
      minimumDistanceAngstrom: flags.minDistance,
      withinClass: flags.withinClass,
      prefer: flags.prefer,
      scoreColumn: flags.scoreColumn,
      classNames: new Map(flags.rename),
      tomogramName: flags.tomogramName,
      ...progress,
    });
    for (const warning of result.warnings) progress.onWarning(warning);
    const parts = result.lists.map(({ path, kept, total }) => `  ${kept} of ${total} from ${path}`);
    return {
      text: [`${result.paths.join(", ")}: ${result.summary}`, ...parts].join("\n"),
      summary: { command: "merge", ...result },
    };
  },
});

/** "1=ribosome" */
function renaming(text: string): readonly [old: string, name: string] {
  const equals = text.indexOf("=");
  if (equals <= 0 || equals === text.length - 1) throw new InvalidArgumentError("Give OLD=NEW, e.g. 1=ribosome.");
  return [text.slice(0, equals), text.slice(equals + 1)];
}

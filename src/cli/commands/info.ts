import type { FileDescription } from "../../jobs/info/index.js";
import { declareCommand } from "../command-declaration.js";
import { explainError } from "../explain-error.js";
import { argument, option } from "../option.js";
import { voxelSize } from "../shared-options.js";

export const infoCommand = declareCommand({
  name: "info",
  description: "Describe files: kind, size, voxel size, value statistics, and anything doubtful.",
  options: {
    files: argument(
      "several",
      "volumes, particle lists, structures, models and tilt series, gzip-compressed or not, or OME-Zarr folders",
    ),
    voxelSize,
    assembly: option("<id>", 'biological assembly of a structure, or "none" (default: 1)'),
  },
  examples: [
    ["cosnet info tomogram.mrc", "also for files larger than memory"],
    ["cosnet info 1oel.pdb.gz particles.star --json", "several at once, for a script"],
  ],
  async run({ files, voxelSize: voxelSizeAngstrom, assembly, debug }, progress, { terminal }) {
    const { describeFile } = await import("../../jobs/info/index.js");
    const descriptions: FileDescription[] = [];
    const failures: { path: string; error: string }[] = [];
    for (const path of files) {
      try {
        descriptions.push(await describeFile(path, { voxelSizeAngstrom, assembly, ...progress }));
      } catch (error) {
        if (files.length === 1 || progress.signal.aborted) throw error;
        failures.push({ path, error: explainError(error, { debug: false }).trim() }); // the others are worth describing
        terminal.err(explainError(error, { debug }));
      }
    }
    const failed = failures.length > 0;
    return {
      text: descriptions.map(descriptionText).join("\n\n"),
      summary: { command: "info", files: descriptions, ...(failed && { failures }) },
      failed,
    };
  },
});

function descriptionText({ path, format, byteLength, gzip, fields, statistics, warnings }: FileDescription): string {
  const rows: [string, string][] = [
    ["kind", `${format}${gzip ? ", gzip-compressed" : ""}, ${byteLength.toLocaleString("en-US")} bytes`],
  ];
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) rows.push([fieldLabel(name), shorten(String(value))]);
    else if (name === "voxelSizeAngstrom") rows.push([fieldLabel(name), "not stated"]);
  }
  if (statistics) {
    const { minimum, maximum, mean, standardDeviation, nanCount } = statistics;
    const [low, high, middle, spread] = [minimum, maximum, mean, standardDeviation].map((value) =>
      Number(value.toPrecision(6)),
    );
    rows.push(["values", `${low} to ${high}, mean ${middle}, standard deviation ${spread}, ${nanCount} NaN`]);
  }
  for (const warning of warnings) rows.push(["warning", warning]);
  const width = rows.reduce((most, [label]) => Math.max(most, label.length), 0);
  return [path, ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)].join("\n");
}

/** Texts that files carry can be pages long; `--json` gives them whole. */
function shorten(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 159)}…`;
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/Angstrom$/, " (Å)"],
  [/Kilodalton$/, " (kDa)"],
];

/** "voxelSizeAngstrom" becomes "voxel size (Å)"; names with an underscore are the file's own. */
function fieldLabel(name: string): string {
  if (name.includes("_")) return name;
  const [suffix, unit] = UNITS.find(([pattern]) => pattern.test(name)) ?? [/$/, ""];
  return name.replace(suffix, "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) + unit;
}

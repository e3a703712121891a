import { countText } from "../../count-text.js";
import { ConfigError } from "../../errors.js";
import type { ClusterResult } from "../../jobs/cluster/index.js";
import { declareCommand } from "../command-declaration.js";
import { given } from "../given.js";
import { argument, onUnlessNot, option, type ValuesOf } from "../option.js";
import { integerOption, numberOption } from "../option-values.js";

import {
  detectionThreshold,
  detector,
  device,
  invert,
  jobOptions,
  model,
  overwrite,
  precision,
  testTimeAveraging,
  threads,
  tomogram,
  voxelSize,
} from "../shared-options.js";

const options = {
  inputs: argument("several", "tomograms, or one particle list; with --choose the folder of an earlier run"),
  output: option(
    "<path>",
    "folder for clusters.star, lists/ and report.html (default: clusters); with --choose the list (default: examples.star)",
  ),
  choose: option("<clusters>", "write examples of these clusters: 1,4,7 or ribosome=1,proteasome=4+7"),
  members: option("<count>", "examples of each class with --choose (default: 5)", integerOption(1)),
  tomogram,
  truth: option("<lists...>", "lists of the ground truth, to compare the clusters with"),
  distance: option(
    "<angstrom>",
    "largest distance of a particle from the true one that it is matched to (default: 50)",
    numberOption(0.1),
  ),
  model,
  detector,
  detectionThreshold,
  voxelSize,
  invert,
  testTimeAveraging,
  orientations: onUnlessNot("group by embeddings alone, without turning like particles onto each other"),
  resolution: option("<factor>", "higher gives more and smaller clusters (default: 1)", numberOption(0.01, 100)),
  minimumSize: option("<count>", "fewest particles of a cluster (default: 5)", integerOption(1)),
  precision,
  threads,
  device,
  overwrite,
};

export const clusterCommand = declareCommand({
  name: "cluster",
  description:
    "Group the particles of tomograms or of a list by their appearance, without examples; then choose clusters as examples for pick.",
  options,
  examples: [
    ["cosnet cluster tomogram.mrc --output clusters", "candidates, clusters, a map, and a report to choose by"],
    ["cosnet cluster picks.star --tomogram tomogram.mrc", "of particles that were picked already"],
    ["cosnet cluster clusters --choose ribosome=1,proteasome=4+7 --output examples.star", "examples for cosnet pick"],
  ],
  async run(flags, progress, { command }) {
    if (flags.choose !== undefined) return choose(flags.inputs, flags.choose, flags);
    const { cluster } = await import("../../jobs/cluster/index.js");
    const result = await cluster({
      ...jobOptions(flags),
      inputPaths: flags.inputs,
      outputFolder: flags.output ?? "clusters",
      tomogramPath: flags.tomogram,
      truthPaths: flags.truth,
      ...given({
        distanceAngstrom: flags.distance,
        resolution: flags.resolution,
        minimumSize: flags.minimumSize,
      }),
      command,
      ...progress,
    });
    return { text: resultText(result), summary: { command: "cluster", ...result } };
  },
});

async function choose(inputs: readonly string[], choice: string, flags: ValuesOf<typeof options>) {
  const { chooseExamples, parseChoice } = await import("../../jobs/cluster/index.js");
  if (inputs.length > 1)
    throw new ConfigError("--choose takes one folder of an earlier run", {
      hint: "Name the folder that cosnet cluster wrote.",
    });
  const result = await chooseExamples({
    folder: inputs[0]!,
    classes: parseChoice(choice),
    outputPath: flags.output ?? "examples.star",
    members: flags.members,
    overwrite: flags.overwrite,
  });
  const lines = result.classes.map(
    ({ name, clusters, supports }) => `  ${name}: ${countText(supports, "example")} of cluster ${clusters.join(" + ")}`,
  );
  const text = [
    `Examples of ${countText(result.classes.length, "class", "classes")}:`,
    ...lines,
    `List: ${result.path}`,
  ];
  return { text: text.join("\n"), summary: { ...result, command: "cluster" } };
}

function resultText(result: ClusterResult): string {
  const { clusters, truth } = result;
  const lines = [
    `${countText(result.particles, "particle")} in ${countText(clusters.length, "cluster")}${result.unclustered > 0 ? `, ${result.unclustered} in none` : ""}:`,
    ...clusters.map(({ particles, cohesion, nearestCluster }, index) => {
      const majority = truth?.majority[index];
      const known = majority ? `, ${(100 * majority.share).toFixed(0)} % ${majority.className}` : "";
      const like = nearestCluster === undefined ? "" : `, most like cluster ${nearestCluster}`;
      return `  cluster ${index + 1}  ${countText(particles, "particle")}, cohesion ${cohesion.toFixed(2)}${like}${known}`;
    }),
  ];
  if (truth)
    lines.push(
      `Adjusted Rand index ${truth.adjustedRandIndex.toFixed(3)} over ${countText(truth.known, "particle")} of known class (${truth.source}); ` +
        `${truth.coveredClasses} of ${countText(truth.classes, "class", "classes")} with a cluster of their own.`,
    );
  lines.push(`List: ${result.starPath}\nReport: ${result.reportPath} (open it in a browser)`);
  return lines.join("\n");
}

import { ConfigError } from "../../errors.js";
import type { ClusterResult } from "../../jobs/cluster/index.js";
import type { CommandDeclaration } from "../command-declaration.js";
import { commandText } from "../command-text.js";
import { integerOption, numberOption, voxelSizeOption } from "../option-values.js";
import { counted } from "../printable.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";

interface ClusterFlags extends CommonOptions {
  readonly output?: string;
  readonly choose?: string;
  readonly members?: number;
  readonly tomogram?: string;
  readonly truth?: string[];
  readonly distance?: number;
  readonly model?: string;
  readonly detector?: string;
  readonly detectionThreshold?: number;
  readonly voxelSize?: number;
  readonly invert?: boolean;
  readonly testTimeAveraging?: true;
  readonly resolution?: number;
  readonly minimumSize?: number;
  readonly threads?: number;
  readonly overwrite?: true;
}

export const clusterCommand: CommandDeclaration = (program, terminal) => {
  const command = program
    .command("cluster")
    .description(
      "Group the particles of tomograms or of a list by what they look like, without examples; then choose clusters as examples for pick.",
    )
    .argument("<inputs...>", "tomograms, or one particle list (STAR); with --choose the folder of an earlier run")
    .option(
      "--output <path>",
      "folder for clusters.star, lists/ and report.html (default: clusters); with --choose the list (default: supports.star)",
    )
    .option("--choose <clusters>", "write examples of these clusters: 1,4,7 or ribosome=1,proteasome=4+7")
    .option("--members <count>", "examples of each class with --choose (default: 5)", integerOption({ minimum: 1 }))
    .option("--tomogram <file>", "the tomogram of a list that names none")
    .option("--truth <lists...>", "lists of what is really there, to compare the clusters with")
    .option(
      "--distance <angstrom>",
      "a particle this near to a true one is it (default: 50)",
      numberOption({ minimum: 0.1 }),
    )
    .option("--model <file>", "model to use instead of the one that ships with cosnet")
    .option("--detector <file>", 'detector to use instead, or "blob" for differences of Gaussians')
    .option(
      "--detection-threshold <score>",
      "lowest detection score of a candidate (default: the detector's)",
      numberOption({ minimum: 0, maximum: 1 }),
    )
    .option("--voxel-size <angstrom>", "voxel size to believe instead of the files'", voxelSizeOption)
    .option("--invert", "protein is dark (default: no in the files of a list, found out in tomograms)")
    .option("--no-invert", "protein is bright")
    .option("--test-time-averaging", "average over four half turns: slower, a little better")
    .option(
      "--resolution <factor>",
      "higher gives more and smaller clusters (default: 1)",
      numberOption({ minimum: 0.01, maximum: 100 }),
    )
    .option("--minimum-size <count>", "smaller groups are no clusters (default: 5)", integerOption({ minimum: 1 }))
    .option("--threads <count>", "threads of the network", integerOption({ minimum: 1, maximum: 256 }))
    .option("--overwrite", "replace an earlier result");
  withCommonOptions(command, [
    ["cosnet cluster tomogram.mrc --output clusters", "candidates, clusters, a map, and a report to choose by"],
    ["cosnet cluster picks.star --tomogram tomogram.mrc", "of particles that are known already"],
    ["cosnet cluster clusters --choose ribosome=1,proteasome=4+7 --output supports.star", "examples for cosnet pick"],
  ]).action((inputs: string[], flags: ClusterFlags) =>
    runAction(terminal, flags, async (progress) => {
      if (flags.choose !== undefined) return choose(inputs, { ...flags, choose: flags.choose });
      const { cluster } = await import("../../jobs/cluster/index.js");
      const result = await cluster({
        inputPaths: inputs,
        outputFolder: flags.output ?? "clusters",
        tomogramPath: flags.tomogram,
        truthPaths: flags.truth,
        modelPath: flags.model,
        detector: flags.detector,
        detectionThreshold: flags.detectionThreshold,
        voxelSizeAngstrom: flags.voxelSize,
        inverted: flags.invert,
        testTimeAveraging: flags.testTimeAveraging === true,
        ...(flags.distance !== undefined && { distanceAngstrom: flags.distance }),
        ...(flags.resolution !== undefined && { resolution: flags.resolution }),
        ...(flags.minimumSize !== undefined && { minimumSize: flags.minimumSize }),
        threads: flags.threads,
        overwrite: flags.overwrite === true,
        seed: flags.seed,
        command: commandText("cluster", inputs, flags),
        ...progress,
      });
      return { text: resultText(result), summary: { command: "cluster", ...result } };
    }),
  );
};

async function choose(inputs: readonly string[], flags: ClusterFlags & { readonly choose: string }) {
  const { chooseSupports, parseChoice } = await import("../../jobs/cluster/index.js");
  if (inputs.length > 1)
    throw new ConfigError("--choose takes one folder of an earlier run", {
      hint: "Name the folder that cosnet cluster wrote.",
    });
  const result = await chooseSupports({
    folder: inputs[0]!,
    classes: parseChoice(flags.choose),
    outputPath: flags.output ?? "supports.star",
    members: flags.members,
    overwrite: flags.overwrite === true,
  });
  const lines = result.classes.map(
    ({ name, clusters, supports }) => `  ${name}: ${counted(supports, "example")} of cluster ${clusters.join(" + ")}`,
  );
  const text = [
    `Examples of ${result.classes.length === 1 ? "1 class" : `${result.classes.length} classes`}:`,
    ...lines,
    `List: ${result.path}`,
  ];
  return { text: text.join("\n"), summary: { ...result, command: "cluster" } };
}

function resultText(result: ClusterResult): string {
  const { clusters, truth } = result;
  const lines = [
    `${counted(result.particles, "particle")} in ${counted(clusters.length, "cluster")}${result.unclustered > 0 ? `, ${result.unclustered} in none` : ""}:`,
    ...clusters.map(({ particles, cohesion, nearestCluster }, index) => {
      const majority = truth?.majority[index];
      const known = majority ? `, ${(100 * majority.share).toFixed(0)} % ${majority.className}` : "";
      const like = nearestCluster === undefined ? "" : `, most like cluster ${nearestCluster}`;
      return `  cluster ${index + 1}  ${counted(particles, "particle")}, cohesion ${cohesion.toFixed(2)}${like}${known}`;
    }),
  ];
  if (truth)
    lines.push(
      `Adjusted Rand index ${truth.adjustedRandIndex.toFixed(3)} over ${truth.known} particles of known class (${truth.source}); ` +
        `${truth.coveredClasses} of ${truth.classes} classes have a cluster of their own.`,
    );
  lines.push(`List: ${result.starPath}\nReport: ${result.reportPath} (open it in a browser)`);
  return lines.join("\n");
}

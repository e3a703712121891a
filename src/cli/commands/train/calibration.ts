import type { CalibrationRow } from "../../../jobs/calibrate/index.js";
import { declareCommand } from "../../command-declaration.js";
import { option, required } from "../../option.js";
import { integerOption, listOption, snrOption } from "../../option-values.js";
import { jobOptions, model, structures, threads } from "../../shared-options.js";

/** `cosnet train calibration`, beneath `cosnet train`. */
export const trainCalibrationCommand = declareCommand({
  name: "calibration",
  description:
    "Fit how a model's similarities become probabilities, so that of the answers it gives 80 % about 80 % are right, and write the model with that.",
  options: {
    structures: required(structures("of the model's training; every fourth is held out, as there")),
    output: required(option("<file>", "model with the calibration; may be the model itself")),
    snr: option(
      "<list>",
      'signal-to-noise ratios, "inf" for no noise (default: inf,2,0.5,0.1,0.05)',
      listOption(snrOption),
    ),
    particles: option(
      "<count>",
      "particles of each structure and signal-to-noise ratio (default: 10)",
      integerOption(2),
    ),
    draws: option("<count>", "draws of classes and examples for each task (default: 25)", integerOption(1)),
    model,
    threads,
  },
  examples: [
    ["cosnet train calibration --structures pdb/ --model mine.onnx --output mine.onnx", "after a training on pdb/"],
  ],
  async run(flags, progress) {
    const { calibrate } = await import("../../../jobs/calibrate/index.js");
    const { output, snr, particles, draws, structures: folders, seed, model: modelPath } = flags;
    const result = await calibrate({
      ...jobOptions({ seed, threads: flags.threads, model: modelPath }),
      structureFolders: folders,
      outputPath: output,
      ...(snr && { snrs: snr }),
      ...(particles !== undefined && { particlesPerClass: particles }),
      ...(draws !== undefined && { draws }),
      ...progress,
    });
    const text = [
      ...Object.entries(result.calibration).map(([name, value]) => `${name.padEnd(10)} ${value}`),
      "",
      "Expected calibration error before -> after:",
      ...meanLines(`${result.classes.length} complexes fitted on`, result.rows),
      ...(result.heldOut.length > 0 ? meanLines(`${result.heldOutClasses.length} held out`, result.heldOut) : []),
      `Written: ${output}`,
    ].join("\n");
    return { text, summary: { command: "train calibration", ...result } };
  },
});

/** The mean over the tasks at each signal-to-noise ratio. */
function meanLines(of: string, rows: readonly CalibrationRow[]): string[] {
  const kinds = [...new Set(rows.map(({ imaging }) => imaging))];
  return [
    `  ${of}`,
    ...kinds.map((kind) => {
      const own = rows.filter(({ imaging }) => imaging === kind);
      const mean = (name: "before" | "after") => own.reduce((sum, row) => sum + row[name], 0) / own.length;
      const worst = own.reduce((worst, { after }) => Math.max(worst, after), 0);
      return `    ${kind.padEnd(8)} ${mean("before").toFixed(3)} -> ${mean("after").toFixed(3)}, worst task ${worst.toFixed(3)}`;
    }),
  ];
}

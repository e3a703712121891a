import { declareCommand } from "../../command-declaration.js";
import { option, required } from "../../option.js";
import { jobOptions, threads } from "../../shared-options.js";

/** `cosnet train ranges`, beneath `cosnet train`. */
export const trainRangesCommand = declareCommand({
  name: "ranges",
  description:
    "Measure which values a network takes on made-up particles or tomograms, and write the model with these ranges, by which it is computed in 8 bits.",
  options: {
    model: required(option("<file>", "classifier of the preset cosnet, or detector")),
    output: required(option("<file>", "model with the ranges; may be the model itself")),
    threads,
  },
  examples: [["cosnet train ranges --model runs/mine/cosnet.onnx --output mine.onnx", "after a training"]],
  async run({ output, model: modelPath, ...flags }, progress) {
    const { measureRanges } = await import("../../../jobs/ranges/index.js");
    const result = await measureRanges({ ...jobOptions(flags), modelPath, outputPath: output, ...progress });
    const text = `${Object.keys(result.ranges).length} ranges, measured on ${result.measuredOn}.\nWritten: ${output}`;
    return { text, summary: { command: "train ranges", ...result } };
  },
});

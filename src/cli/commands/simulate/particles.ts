import { countText } from "../../../count-text.js";
import { declareCommand } from "../../command-declaration.js";
import { given } from "../../given.js";
import { flag, onUnlessNot, option, required } from "../../option.js";
import { integerOption, numberOption } from "../../option-values.js";
import { jobOptions, overwrite, snr } from "../../shared-options.js";
import { sourceOf, sourceOptions } from "./source.js";

export const simulateParticlesCommand = declareCommand({
  name: "particles",
  isDefault: true,
  description: "Make labelled particles: MRC boxes, true masks, and a STAR list with class, pose and shift.",
  options: {
    output: required(option("<folder>", "where the particles go")),
    ...sourceOptions,
    particles: option("<count>", "particles of each class", integerOption(1), 20),
    snr,
    tilt: option("<degrees>", "maximum tilt angle of the series (default: 60)", numberOption(1, 90)),
    defocus: option("<micrometre>", "underfocus of every image (default: 4 to 6, drawn)", numberOption(0.1, 20)),
    ctfPremultiplied: flag("multiply images by their contrast transfer once more, as RELION 5 and Warp do"),
    neighbours: onUnlessNot("leave every particle alone in its box"),
    overwrite,
  },
  examples: [
    ["cosnet simulate --structures pdb/ --output particles/", "20 particles of each structure in pdb/"],
    [
      "cosnet simulate --structures pdb/ --output like-mine/ --defocus 3.2 --ctf-premultiplied",
      "examples imaged as RELION 5's or Warp's particles",
    ],
    ["cosnet simulate --procedural 8 --snr inf --output clean/", "made-up complexes without noise"],
  ],
  async run(flags, progress) {
    const { packageVersion } = await import("../../../files/package/index.js");
    const { simulateParticles } = await import("../../../jobs/simulate-particles/index.js");
    const result = await simulateParticles({
      ...jobOptions(flags),
      source: sourceOf(flags),
      particlesPerClass: flags.particles,
      snr: flags.snr,
      crowded: flags.neighbours,
      ctfPremultiplied: flags.ctfPremultiplied,
      imaging: given({
        tiltDegrees: flags.tilt,
        defocusMicrometre: flags.defocus === undefined ? undefined : ([flags.defocus, flags.defocus] as const),
      }),
      madeBy: `cosnet ${packageVersion()}`,
      ...progress,
    });
    return {
      text: `${countText(result.particleCount, "particle")} of ${countText(result.classNames.length, "class", "classes")}: ${result.starFile}`,
      summary: { command: "simulate", ...result },
    };
  },
});

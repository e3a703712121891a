import { join } from "node:path";
import { shellWord } from "../command-text/index.js";
import type { AverageSettings } from "./options.js";
import { type AverageRun, averagesOf } from "./run.js";

/** What a command is for, and the command. */
export type Command = readonly [meaning: string, command: string];

/** What to go on with: to be pasted into a shell in the folder that the run was started in. */
export function commandsFor(run: AverageRun, { outputFolder }: AverageSettings): Command[] {
  const averages = averagesOf(run);
  const [first] = averages;
  if (!first) return [];
  const { list, voxelSizeAngstrom } = run.particles;
  const path = (name: string) => shellWord(join(outputFolder, name));
  const { map, half1, mask } = first.files;
  const maps = averages.map(({ files }) => path(files.map)).join(" ");
  const diameter = Math.ceil(run.averaged[0]!.diameterAngstrom);
  const symmetry = first.average.symmetry.pointGroup;
  const hasImages = list.particles.every(({ imageName }) => imageName !== undefined);
  const refine = [
    ...["relion_refine --auto_refine --split_random_halves", `--i ${path("particles.star")} --ref ${path(map)}`],
    ...[`--ini_high 60 --particle_diameter ${diameter} --sym ${symmetry} --flatten_solvent --zero_mask`],
    ...["--healpix_order 3 --auto_local_healpix_order 3 --offset_range 5 --offset_step 2 --pad 2 --ctf"],
    `--o ${path("refined")}`,
  ];
  return [
    ["Open in ChimeraX", `chimerax ${maps}`],
    [
      "Compare the halves with RELION",
      `relion_postprocess --i ${path(half1)} --mask ${path(mask)} --angpix ${voxelSizeAngstrom} --o ${path("postprocess")}`,
    ],
    ...(hasImages ? [["Refine in RELION", refine.join(" ")] as const] : []),
  ];
}

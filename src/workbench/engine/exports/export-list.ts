/** Picks as a list of any format, by the converter that `cosnet convert` is. */
import { join, relative, sep } from "node:path";
import { ensureWritableFolder, readFileBytes, temporaryFolder, writeFileAtomic } from "../../../files/disk/index.js";
import { PARTICLE_CODECS, type ParticleFormat, type ParticleList } from "../../../io/index.js";
import { convertFile } from "../../../jobs/convert/index.js";
import type { ExportedFile } from "../../protocol/index.js";
import { type DecidedList, relionList } from "../runs/decided-list.js";
import type { DoneRun } from "../runs/run-file.js";
import { extensionOf } from "./formats.js";

/** @throws ConfigError when the format cannot hold the list; FileError. */
export async function exportList(
  run: DoneRun,
  decided: DecidedList,
  format: ParticleFormat,
  onWarning: (text: string) => void,
): Promise<ExportedFile[]> {
  const picks = await relionList(run, decided);
  const tomogramsStar = await readFileBytes(join(run.folder, "tomograms.star"));
  if (format === "relion5")
    return [
      { name: "picks.star", bytes: picks },
      { name: "tomograms.star", bytes: tomogramsStar },
    ];
  await using temporary = await temporaryFolder();
  const folder = join(temporary.path, "exported");
  await ensureWritableFolder(folder);
  const [input, tomograms] = ["picks.star", "tomograms.star"].map((name) => join(temporary.path, name)) as [
    string,
    string,
  ];
  await writeFileAtomic(input, picks);
  await writeFileAtomic(tomograms, tomogramsStar);
  const [voxelSize, ...others] = new Set(run.tomograms.map(({ takenVoxelSizeAngstrom }) => takenVoxelSizeAngstrom));
  const { paths, warnings } = await convertFile(input, join(folder, outputName(decided.list, format)), {
    ...{ to: format, tomograms, lossy: true },
    ...(others.length === 0 && { outputVoxelSizeAngstrom: voxelSize }),
  });
  for (const warning of warnings) onWarning(warning);
  return await Promise.all(
    paths.map(async (path) => ({
      name: relative(folder, path).split(sep).join("/"),
      bytes: await readFileBytes(path),
    })),
  );
}

/** A file for each tomogram or class where the format has no room for several. */
function outputName({ particles }: ParticleList, format: ParticleFormat): string {
  const { tomograms, classes } = PARTICLE_CODECS[format].holds;
  if (format === "copick") return "copick";
  const several = (values: readonly unknown[]) => new Set(values).size > 1;
  const byTomogram = tomograms === "one" && several(particles.map(({ tomogramName }) => tomogramName));
  const byClass = (classes === "one" || classes === "none") && several(particles.map(({ className }) => className));
  return `picks${byTomogram ? "_{tomogram}" : ""}${byClass ? "_{class}" : ""}${extensionOf(format)}`;
}

import { join } from "node:path";
import { packageVersion, type StagedFiles } from "../../files/disk/index.js";
import { handOver } from "../../files/particles/index.js";
import { alignedParticle, type Particle, writeMrc } from "../../io/index.js";
import { breathe } from "../../progress.js";
import { averageReport } from "../../report/index.js";
import { centreIndex, createVolume } from "../../volume/index.js";
import { contrastText } from "../search/index.js";
import type { OpenedParticles } from "../subtomograms/index.js";
import type { Member } from "./average-class.js";
import { commandsFor } from "./commands.js";
import type { AveragedClass, AverageResult, AverageSettings } from "./options.js";
import { reportData } from "./report.js";
import { type AverageRun, averagesOf } from "./run.js";

/** Writes maps, report, sidecar and list. @throws FileError, AbortError. */
export async function writeAverages(
  files: StagedFiles,
  run: AverageRun,
  settings: AverageSettings,
): Promise<Omit<AverageResult, "seconds">> {
  for (const average of averagesOf(run)) {
    await writeMaps(files, average, run.particles);
    await breathe(settings.signal);
  }
  await writeLists(files, run, settings);
  const result = resultOf(run, settings);
  await files.write("report.html", averageReport(reportData(run, settings)));
  await files.write("average.json", `${JSON.stringify(sidecarOf(run, result, settings), null, 2)}\n`);
  return result;
}

async function writeMaps(
  files: StagedFiles,
  { name, average, mask, files: names }: ReturnType<typeof averagesOf>[number],
  { edge, voxelSizeAngstrom }: OpenedParticles,
): Promise<void> {
  const first = -centreIndex(edge) * voxelSizeAngstrom;
  const write = (file: string, data: Float32Array, what: string) =>
    files.write(
      file,
      writeMrc(createVolume([edge, edge, edge], voxelSizeAngstrom, data), {
        originAngstrom: { x: first, y: first, z: first },
        labels: [`cosnet ${packageVersion()}: ${what} of ${name}`],
      }),
    );
  await write(names.map, average.volume, "average");
  await write(names.half1, average.halves[0], "average of the first half, unfiltered,");
  await write(names.half2, average.halves[1], "average of the second half, unfiltered,");
  await write(names.mask, mask, "mask");
}

/** The averaged particles with their poses, in the order of the list, and what RELION takes with it. */
async function writeLists(files: StagedFiles, run: AverageRun, settings: AverageSettings): Promise<void> {
  const { particlesPath, outputFolder, tomogramPath, voxelSizeAngstrom, seed, onWarning } = settings;
  const { list } = run.particles;
  const averages = averagesOf(run);
  const particles = averages
    .flatMap(({ members }, index) => members.map((member) => ({ member, classNumber: index + 1 })))
    .sort((one, other) => one.member.row - other.member.row)
    .map(({ member, classNumber }): Particle => placedParticle(list.particles[member.row]!, member, classNumber));
  const lists = await handOver(
    { ...list, particles },
    {
      ...{ listPath: particlesPath, folder: outputFolder, tomogram: tomogramPath },
      tomogramVoxelSizeAngstrom: voxelSizeAngstrom,
      comments: [
        `Averaged by cosnet ${packageVersion()}, seed ${seed}`,
        `Averages: ${averages.map(({ name }, index) => `${index + 1} = ${name}`).join(", ")}`,
      ],
    },
  );
  for (const warning of lists.warnings) onWarning?.(warning);
  for (const [name, content] of lists.files) await files.write(name, content);
}

function placedParticle(own: Particle, { particle, box }: Member, classNumber: number): Particle {
  const { half, probability, evidence } = particle;
  const extra = {
    ...own.extra,
    rlnRandomSubset: String(half + 1),
    rlnLogLikeliContribution: evidence.toFixed(3),
    rlnMaxValueProbDistribution: probability.toFixed(4),
  };
  return { ...alignedParticle(own, particle, box), classNumber, extra };
}

function resultOf(run: AverageRun, settings: AverageSettings): Omit<AverageResult, "seconds"> {
  const { outputFolder, seed } = settings;
  const { particles, averaged, left, warnings } = run;
  const named = averagesOf(run);
  const classes = averaged.flatMap(({ rows, averages }) =>
    averages.map(
      ({ name, members, average, resolutionAngstrom }): AveragedClass => ({
        ...{ name, particles: rows.rows.length, used: members.length, resolutionAngstrom },
        symmetry: average.symmetry.pointGroup,
        mapPath: join(outputFolder, named.find((other) => other.name === name)!.files.map),
      }),
    ),
  );
  const without = left.map(
    ({ name, rows }): AveragedClass => ({
      ...{ name, particles: rows.length, used: 0, symmetry: "C1", resolutionAngstrom: undefined, mapPath: undefined },
    }),
  );
  return {
    classes: [...classes, ...without],
    starPath: join(outputFolder, "particles.star"),
    reportPath: join(outputFolder, "report.html"),
    commands: commandsFor(run, settings).map(([, command]) => command),
    weights: particles.weights(),
    warnings,
    seed,
  };
}

/** `average.json`: settings, what was read, and how far each average got. */
function sidecarOf(
  { particles, averaged }: AverageRun,
  result: object,
  { onProgress, onWarning, signal, ...settings }: AverageSettings,
): object {
  const { edge, voxelSizeAngstrom, contrast } = particles;
  return {
    ...{ version: packageVersion(), settings },
    boxes: { edgeVoxels: edge, voxelSizeAngstrom, contrast: contrastText(contrast) },
    ...result,
    averaged: averaged.map(({ rows, diameterAngstrom, averages, setAside, reports }) => ({
      ...{ class: rows.name, diameterAngstrom, setAsideParticles: setAside.map((row) => row + 1), steps: reports },
      averages: averages.map(({ name, average: { correlation, symmetry, isConfirmed, angular } }) => ({
        ...{ name, symmetry, isConfirmed, angularAgreement: angular },
        fourierShellCorrelation: {
          unmasked: [...correlation.unmasked.byShell],
          masked: [...correlation.masked.byShell],
          phaseRandomised: [...correlation.phaseRandomised.byShell],
          corrected: [...correlation.corrected.byShell],
        },
      })),
    })),
  };
}

import { join } from "node:path";
import { packageVersion, removeFolder, withStagedFiles } from "../../files/disk/index.js";
import { openSubtomograms, type SubtomogramReader } from "../../files/particles/index.js";
import type { AlignerOptions } from "../../infer/index.js";
import { keptWarnings } from "../../progress.js";
import type { BoxGrid } from "../subtomograms/index.js";
import { alignAll } from "./align-all.js";
import type { EngineSetup } from "./engine.js";
import { type AlignOptions, type AlignResult, type AlignSettings, alignSettings } from "./options.js";
import { listsOf, writeAligned } from "./output.js";
import { mirrored, negative, readReference } from "./reference.js";
import { learnFromSample, type SampleFindings } from "./sample.js";

const LARGEST_SHIFT_VOXELS = 5;

/**
 * Finds how the particles of a list lie: rotation and shift of each against a map, a structure or one of them, with both
 * missing wedges left out. Writes `particles.star` (RELION 5, with tomograms.star and an optimisation set), lists in other
 * formats, `align.json` with every other maximum and the confidence, and `report.html`. A run that was stopped continues.
 * @throws ConfigError for options, or when a result is there already; FileError, FormatError as reading does; ModelError; AbortError.
 */
export async function align(options: AlignOptions): Promise<AlignResult> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const settings = { ...alignSettings(options), onWarning };
  const { outputFolder, overwrite, workFolder, seed } = settings;
  return withStagedFiles(outputFolder, { lastFile: "particles.star", overwrite }, async (files) => {
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    await using reader = await openReader(settings);
    await listsOf(reader.list, reader.path, settings, []); // before hours of work
    const grid = await gridOf(reader);
    const { resumed, ...found } = await alignList(reader, grid, settings);
    for (const warning of [...reader.warnings(), ...handWarning(found.findings)]) onWarning(warning);
    await writeAligned(files, { ...found, warnings }, { settings, seconds: seconds(), version: packageVersion() });
    await removeFolder(workFolder); // before the result appears, or a kill would leave it beside a whole result
    const confidences = found.rows.map(({ confidence }) => confidence).sort((a, b) => a - b);
    return {
      starPath: join(outputFolder, "particles.star"),
      jsonPath: join(outputFolder, "align.json"),
      reportPath: join(outputFolder, "report.html"),
      particles: found.rows.length,
      resumed,
      medianConfidence: confidences[Math.floor(confidences.length / 2)] ?? Number.NaN,
      confident: confidences.filter((value) => value >= 0.5).length,
      hand: found.findings.hand,
      ...{ model: "none", seed, warnings, seconds: seconds() },
    };
  });
}

function openReader(settings: AlignSettings): Promise<SubtomogramReader> {
  const { particlesPath, boxSize, voxelSizeAngstrom, inverted, tomogramPath, tiltRangeDegrees, tiltsPath } = settings;
  return openSubtomograms(particlesPath, {
    ...{ edge: boxSize, fileVoxelSizeAngstrom: voxelSizeAngstrom, inverted: inverted ?? false },
    ...{ tomogramPath, tiltRangeDegrees, tiltsPath, signal: settings.signal, onProgress: settings.onProgress },
  });
}

/** That of the first particle: all have to be alike. */
async function gridOf(reader: SubtomogramReader): Promise<BoxGrid> {
  const { subtomogram, voxelSizeAngstrom } = await reader.read(0);
  return { edge: subtomogram.edge, voxelSizeAngstrom };
}

async function alignList(reader: SubtomogramReader, grid: BoxGrid, settings: AlignSettings) {
  const { largestShiftAngstrom, maximumResolutionAngstrom, operators, mirror, threads, onWarning } = settings;
  const given = await readReference(reader, grid, settings);
  const reference = mirror ? { ...given, subtomogram: mirrored(given.subtomogram) } : given;
  const { radiusVoxels } = reference;
  const room = Math.max(1, grid.edge / 2 - Math.min(radiusVoxels, grid.edge / 2));
  const wanted =
    largestShiftAngstrom === undefined ? LARGEST_SHIFT_VOXELS : largestShiftAngstrom / grid.voxelSizeAngstrom;
  const largestShiftVoxels = Math.min(wanted, room);
  if (largestShiftAngstrom !== undefined && wanted > room)
    onWarning?.(
      `shifts are looked for up to ${(room * grid.voxelSizeAngstrom).toFixed(0)} Å, not ${largestShiftAngstrom} Å: beyond, the particle would leave its box`,
    );
  const aligner: AlignerOptions = {
    ...{ ...grid, radiusVoxels, largestShiftVoxels, maximumResolutionAngstrom, symmetry: operators, threads },
  };
  const findings = await learnFromSample(reader, reference, aligner, settings);
  if (findings.isNegative)
    onWarning?.(
      "protein is taken to be dark in the particles: they fit the negative of the reference better; --no-invert says otherwise",
    );
  const setup: EngineSetup = {
    aligner,
    reference: findings.isNegative ? negative(reference.subtomogram) : reference.subtomogram,
    correlation: findings.correlation,
  };
  const { rows, resumed } = await alignAll(reader, setup, settings, identityOf(settings, setup));
  return { reader, grid, reference, largestShiftVoxels, findings, rows, resumed };
}

/** All that decides a pose, so that notes of another run are not taken for this one's. */
function identityOf({ tiltRangeDegrees, tiltsPath, inverted }: AlignSettings, { aligner, ...setup }: EngineSetup) {
  const { threads: _, ...decisive } = aligner;
  const { spectrum } = setup.reference;
  const correlation = setup.correlation && [...setup.correlation];
  return { ...decisive, correlation, spectrum: [...spectrum.subarray(0, 4096)], tiltRangeDegrees, tiltsPath, inverted };
}

function handWarning({ hand }: SampleFindings): string[] {
  if (!hand || 2 * hand.asGiven >= hand.of) return [];
  return [
    `${hand.of - hand.asGiven} of ${hand.of} particles fit the mirror image of the reference better: it or the tomograms may have the other hand; --mirror aligns to the mirror image`,
  ];
}

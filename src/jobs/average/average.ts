/** From particles in unknown poses to an average of each class. */
import { join } from "node:path";
import { countText } from "../../count-text.js";
import {
  changedMilliseconds,
  digestOf,
  packageVersion,
  readFileBytes,
  removeFolder,
  shortHash,
  withStagedFiles,
} from "../../files/disk/index.js";
import { keptWarnings } from "../../progress.js";
import { type OpenedParticles, openParticles } from "../subtomograms/index.js";
import { type AveragedClassRows, averageClass, diameterOf } from "./average-class.js";
import { type ClassRows, classesToAverage } from "./classes.js";
import { type AverageOptions, type AverageResult, type AverageSettings, settingsOf } from "./options.js";
import { writeAverages } from "./output.js";
import { readStarts } from "./starts.js";

/** Of each average. Fewer have no halves to compare. */
export const FEWEST_PARTICLES = 10;

/**
 * Averages the particles of each class without a reference: finds how each lies by expectation maximisation in two independent
 * halves, refines that, and says how far the halves agree. Writes maps, half maps and masks, the list with poses for RELION,
 * `report.html` and `average.json`. Stopped and started again with the same options it continues where it was.
 * @throws ConfigError for options, or when a result is there already; FileError, FormatError, ModelError as reading does;
 * AbortError.
 */
export async function average(options: AverageOptions): Promise<AverageResult> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const settings = { ...settingsOf(options), onWarning };
  const { outputFolder, overwrite } = settings;
  const start = performance.now();
  return withStagedFiles(outputFolder, { lastFile: "particles.star", overwrite }, async (files) => {
    const workRoot = join(outputFolder, ".average-work");
    await using particles = await openParticles(settings.particlesPath, {
      ...settings,
      diameterOf: (list) => largestDiameter(classesToAverage(list, settings.particlesPath, settings), settings),
      rowsOf: (list) => classesToAverage(list, settings.particlesPath, settings).flatMap(({ rows }) => rows),
    });
    const averaged: AveragedClassRows[] = [];
    const left: ClassRows[] = [];
    const classes = classesToAverage(particles.list, settings.particlesPath, settings).map((one) =>
      insideOf(one, particles, onWarning),
    );
    const starts = await readStarts(particles, classes, settings);
    const read = await filesRead(settings);
    for (const rows of classes) {
      if (rows.rows.length < FEWEST_PARTICLES * settings.references) {
        onWarning(tooFewText(rows));
        left.push(rows);
        continue;
      }
      const { diameterAngstrom, isAssumed } = diameterOf(rows, particles, settings);
      if (isAssumed)
        onWarning(
          `${rows.name}: the particles are taken to be ${Math.round(diameterAngstrom)} Å large, 0.6 of their boxes; --particle-diameter says otherwise`,
        );
      const workFolder = join(workRoot, shortHash({ ...identityOf(rows, settings), read }));
      averaged.push(await averageClass(particles, rows, { settings, workFolder, start: starts.get(rows.name) }));
    }
    for (const warning of particles.warnings()) onWarning(warning);
    const seconds = () => (performance.now() - start) / 1000;
    const run = { particles, averaged, left, warnings, seconds: seconds() };
    const result = await writeAverages(files, run, settings);
    await removeFolder(workRoot);
    return { ...result, seconds: seconds() };
  });
}

/** Without the particles that lie mostly outside of their tomograms, which is told. */
function insideOf(
  one: ClassRows,
  { outside }: Pick<OpenedParticles, "outside">,
  onWarning: (warning: string) => void,
): ClassRows {
  const rows = one.rows.filter((row) => !outside.has(row));
  const left = one.rows.length - rows.length;
  if (left > 0)
    onWarning(
      `${one.name}: ${left} of ${countText(one.rows.length, "particle")} ${left === 1 ? "is" : "are"} left out: more than half of the box lies outside of the tomogram`,
    );
  return { ...one, rows };
}

function tooFewText({ name, rows: { length } }: ClassRows): string {
  return `${name}: not averaged, ${countText(length, "particle")} ${length === 1 ? "is" : "are"} too few`;
}

function largestDiameter(
  classes: readonly ClassRows[],
  { particleDiameterAngstrom }: AverageSettings,
): number | undefined {
  if (particleDiameterAngstrom !== undefined) return particleDiameterAngstrom;
  const known = classes.flatMap(({ diameterAngstrom }) => diameterAngstrom ?? []);
  return known.length > 0 ? known.reduce((most, value) => Math.max(most, value)) : undefined;
}

/** All that decides what a class's steps give, beside the files. */
function identityOf(one: ClassRows, settings: AverageSettings): object {
  const { onProgress, onWarning, signal, threads, outputFolder, overwrite, command, ...deciding } = settings;
  return { version: packageVersion(), ...deciding, ...one };
}

/** What tells whether the files that were named are still those that an earlier run read. @throws FileError. */
async function filesRead({ particlesPath, tomogramPath, tiltsPath, examples = [] }: AverageSettings): Promise<object> {
  const others = [tomogramPath, tiltsPath, ...examples.map((example) => example.replace(/^[^=/]*=/, ""))];
  return {
    list: digestOf(await readFileBytes(particlesPath)),
    changed: await Promise.all(others.map((path) => (path === undefined ? undefined : changedMilliseconds(path)))),
  };
}

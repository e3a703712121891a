import type { StagedFiles } from "../../files/disk/index.js";
import { type HandOver, handOver } from "../../files/particles/index.js";
import { createFourierSum, createSpectrumBox } from "../../infer/index.js";
import { alignedParticle, type Particle, type ParticleList, relionAnglesFromQuaternion } from "../../io/index.js";
import { breathe } from "../../progress.js";
import { alignReport, type RunInformation } from "../../report/index.js";
import { createVolume, NO_TURN, nearestEquivalent, type Pose, type Volume } from "../../volume/index.js";
import type { AlignedRow } from "./align-all.js";
import type { Aligned } from "./aligned.js";
import type { AlignSettings } from "./options.js";
import { sampleOf } from "./sample.js";

interface RunFacts {
  readonly settings: AlignSettings;
  readonly seconds: number;
  readonly version: string;
}

/** Particles that the pictures before and after are means of. */
const PICTURED = 200;

/** Writes report, poses and lists. @throws FileError, ConfigError, AbortError. */
export async function writeAligned(files: StagedFiles, aligned: Aligned, facts: RunFacts): Promise<void> {
  const { settings, version } = facts;
  const { list, path } = aligned.reader;
  const particles = list.particles.map((particle, index) => posed(particle, aligned.rows[index]!, settings));
  const lists = await listsOf({ ...list, particles }, path, settings, [
    `Aligned by cosnet ${version} to ${settings.reference}, symmetry ${settings.pointGroup}`,
  ]);
  for (const warning of lists.warnings) settings.onWarning?.(warning);
  const run = runInformation(aligned, facts);
  const { before, after } = await pictures(aligned, settings);
  const report = {
    ...{ before, after, reference: referenceBox(aligned), pictured: sampleOf(aligned.rows.length, PICTURED).length },
    ...{ confidences: aligned.rows.map(({ confidence }) => confidence), hand: aligned.findings.hand },
    ...{ isParticle: aligned.reference.isParticle, warnings: aligned.warnings, run },
  };
  await files.write("report.html", alignReport(report));
  await files.write("align.json", `${JSON.stringify(sidecarOf(aligned, run), null, 1)}\n`);
  for (const [name, content] of lists.files) await files.write(name, content);
}

/** The lists that are written. @throws ConfigError for a format that needs what is not known. */
export function listsOf(
  list: ParticleList,
  listPath: string,
  { outputFolder: folder, tomogramPath: tomogram, voxelSizeAngstrom, lists: others }: AlignSettings,
  comments: readonly string[],
): Promise<HandOver> {
  const described = { tomogram, tomogramVoxelSizeAngstrom: voxelSizeAngstrom };
  return handOver(list, { listPath, folder, others, comments, ...described });
}

function posed(particle: Particle, row: AlignedRow, settings: AlignSettings): Particle {
  const moved = alignedParticle(particle, canonical(row, settings), row);
  const columns = {
    cosnetAlignmentScore: row.score.toFixed(3),
    cosnetAlignmentConfidence: row.confidence.toFixed(4),
  };
  return { ...moved, extra: { ...moved.extra, ...columns } };
}

/** Of the rotations that a symmetric reference cannot tell apart the one nearest to none. */
function canonical({ pose }: AlignedRow, { operators }: AlignSettings): Pose {
  return { ...pose, rotation: nearestEquivalent(pose.rotation, NO_TURN, operators) };
}

/** Means of the same particles as their boxes are, and turned back. */
async function pictures(
  { reader, grid: { edge, voxelSizeAngstrom }, rows, findings }: Aligned,
  settings: AlignSettings,
): Promise<{ readonly before: Volume; readonly after: Volume }> {
  const [asTheyAre, turnedBack] = [createFourierSum(edge), createFourierSum(edge)];
  const shown = sampleOf(rows.length, PICTURED);
  for (const [done, index] of shown.entries()) {
    settings.onProgress?.({ stage: "averaging for the report", done, total: shown.length });
    await breathe(settings.signal);
    const { subtomogram } = await reader.read(index);
    asTheyAre.add(subtomogram, { rotation: NO_TURN, shiftVoxels: { x: 0, y: 0, z: 0 } });
    turnedBack.add(subtomogram, canonical(rows[index]!, settings));
  }
  settings.onProgress?.({ stage: "averaging for the report", done: shown.length, total: shown.length });
  const noiseToSignal = findings.correlation.map((value) => 1 / Math.max(1e-3, value ** 2) - 1);
  const volumeOf = (sum: typeof asTheyAre): Volume => {
    const data = sum.volume({ noiseToSignal });
    return createVolume([edge, edge, edge], voxelSizeAngstrom, findings.isNegative ? data.map((v) => -v) : data);
  };
  return { before: volumeOf(asTheyAre), after: volumeOf(turnedBack) };
}

function referenceBox({ reference: { subtomogram }, grid: { edge, voxelSizeAngstrom } }: Aligned): Volume {
  return createVolume([edge, edge, edge], voxelSizeAngstrom, createSpectrumBox(edge).boxOf(subtomogram.spectrum));
}

function runInformation(
  { reader, grid, reference, largestShiftVoxels, findings }: Aligned,
  { settings, seconds, version }: RunFacts,
): RunInformation {
  const { command, seed, pointGroup, maximumResolutionAngstrom } = settings;
  const { edge, voxelSizeAngstrom } = grid;
  const inAngstrom = (voxels: number) => `${(voxels * voxelSizeAngstrom).toFixed(0)} Å`;
  const { hand } = findings;
  return {
    ...{ command, seed, version, model: "none", durationSeconds: seconds },
    facts: [
      ["particles", reader.path],
      ["boxes", `${edge}^3 voxels of ${Number(voxelSizeAngstrom.toPrecision(5))} Å`],
      ["weights", reader.weights().join("; ")],
      ["reference", settings.mirror ? `mirror image of ${reference.label}` : reference.label],
      ["symmetry", pointGroup],
      ["compared within", `${inAngstrom(reference.radiusVoxels)} of the reference's centre`],
      ["largest shift", inAngstrom(largestShiftVoxels)],
      ["finest detail compared", maximumResolutionAngstrom === undefined ? "all" : `${maximumResolutionAngstrom} Å`],
      ["contrast", findings.isNegative ? "dark where the reference is bright" : "that of the reference"],
      ...(hand
        ? [["hand", `${hand.asGiven} of ${hand.of} fit the reference better than its mirror image`] as const]
        : []),
    ],
  };
}

/** `align.json`. */
function sidecarOf({ rows, findings, grid, warnings }: Aligned, run: RunInformation): object {
  return {
    ...run,
    facts: Object.fromEntries(run.facts ?? []),
    warnings,
    hand: findings.hand,
    shells: [...findings.correlation].flatMap((correlation, shell) =>
      shell === 0 ? [] : [{ angstrom: (grid.edge * grid.voxelSizeAngstrom) / shell, correlation }],
    ),
    particles: rows.map(({ index, confidence, alternatives, ...best }) => ({
      particle: index + 1,
      confidence,
      poses: [best, ...alternatives].map(({ pose: { rotation, shiftVoxels }, score }) => ({
        ...relionAnglesFromQuaternion(rotation),
        shiftVoxels,
        score,
      })),
    })),
  };
}

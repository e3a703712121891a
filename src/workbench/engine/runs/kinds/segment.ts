/** Runs of `cosnet segment` on the picks of a search: one call for each tomogram. */
import { join } from "node:path";
import { ConfigError } from "../../../../errors.js";
import { fileExists, writeFileAtomic } from "../../../../files/disk/index.js";
import { segment } from "../../../../jobs/segment/index.js";
import type { RunRequest, SegmentRequest } from "../../../protocol/index.js";
import { inTomogram, relionList } from "../decided-list.js";
import { commandText, flagged, onDevice, valued } from "./command-text.js";
import { type SegmentJob, type SegmentPart, segmentFolder } from "./jobs.js";
import type { NetworkChoice, Outcome, Plan, PlanContext, WorkContext } from "./kind.js";

/** Each pick's surface is a file, which the page shows. */
const SURFACES = { surfaces: ["ply"], surfacePerParticle: true } as const;
/** The last file of a result. */
const LAST_FILE = "segment.json";

export async function planSegment(request: SegmentRequest, context: PlanContext): Promise<Plan<SegmentJob>> {
  const { run, list: decided } = await context.decided(request.ofRunId);
  const parts: SegmentPart[] = [];
  for (const [index, tomogram] of run.tomograms.entries()) {
    const own = inTomogram(decided, tomogram);
    const picks = own.list.particles.length;
    if (picks === 0) continue;
    const particlesPath = join(context.folder, `picks-${index + 1}.star`);
    await writeFileAtomic(particlesPath, await relionList(run, own));
    parts.push({
      ...{ tomogramId: tomogram.id, picks },
      options: {
        ...{ tomogramPath: tomogram.path, particlesPath, joint: request.joint ?? false },
        particleDiameterAngstrom: particleDiameterOf(run.record.request),
        modelPath: context.networks.modelPath,
      },
    });
  }
  if (parts.length === 0)
    throw new ConfigError("there is no pick to make a surface of", { hint: "Lower a threshold, or accept picks." });
  const { device, precision } = context.networks;
  return {
    job: { kind: "segment", parts },
    command: parts.map((part) => commandOf(part, { device, precision, isOneOfSeveral: parts.length > 1 })).join("\n"),
    ...{ classes: context.project.classes.map(({ id, name }) => ({ id, name })), tomograms: run.tomograms },
  };
}

/** As the search took them to be. */
function particleDiameterOf(request: RunRequest): number | undefined {
  return request.kind === "pick" ? request.particleDiameterAngstrom : undefined;
}

function commandOf(
  { tomogramId, options }: SegmentPart,
  {
    device,
    precision,
    isOneOfSeveral,
  }: Pick<NetworkChoice, "device" | "precision"> & { readonly isOneOfSeveral: boolean },
): string {
  return commandText([
    ...["segment", options.tomogramPath ?? "", "--picks", options.particlesPath],
    ...["--surfaces", SURFACES.surfaces.join(","), "--per-particle"],
    ...flagged("--joint", options.joint),
    ...valued("--particle-diameter", options.particleDiameterAngstrom),
    ...valued("--model", options.modelPath),
    ...onDevice(device),
    ...valued("--precision", precision),
    ...(isOneOfSeveral ? ["--output", segmentFolder("segmented", tomogramId)] : []),
  ]);
}

/** Tomograms that are done already, when a run goes on, stay as they are. */
export async function segmentByPlan(
  { parts }: SegmentJob,
  { folder, networks: { threads, device, precision }, onProgress, onWarning, signal }: WorkContext,
): Promise<Outcome> {
  const warnings: string[] = [];
  for (const [index, part] of parts.entries()) {
    const outputFolder = segmentFolder(folder, part.tomogramId);
    if (await fileExists(join(outputFolder, LAST_FILE))) continue;
    const prefix = parts.length > 1 ? `${index + 1} of ${parts.length}: ` : "";
    const result = await segment({
      ...{ ...part.options, ...SURFACES, outputFolder, threads, device, precision, onWarning, signal },
      command: commandOf(part, { device, precision, isOneOfSeveral: parts.length > 1 }),
      onProgress: (report) => onProgress({ ...report, stage: `${prefix}${report.stage}` }),
    });
    for (const warning of result.warnings) warnings.push(warning);
  }
  return { counts: { picks: parts.reduce((sum, { picks }) => sum + picks, 0) }, warnings };
}

/** The page over all tomograms of a batch: counts, what stands out, what failed. */
import { join } from "node:path";
import { openKeptStates, packageVersion, writeFileAtomic } from "../../../files/disk/index.js";
import { csvText } from "../../../io/index.js";
import { DEFAULT_SEED } from "../../../progress.js";
import { type BatchReportTomogram, batchReport, type PickSlice } from "../../../report/index.js";
import { shellWord } from "../../command-text/index.js";
import type { Batch } from "../batch-file.js";
import type { BatchResult } from "../options.js";
import type { GatheredFacts, UnitState } from "../state.js";
import { currentState } from "../status.js";
import { averageUnits, classId, GATHER, pickUnits } from "../units/keys.js";
import { tomogramFolder } from "../units/work.js";
import { outlierReasons } from "./outliers.js";

/** A picture is 50 kB of the page. */
const MOST_PICTURES = 200;

/** Writes `report.html` and `counts.csv`; gives the page's path, undefined where nothing is gathered. @throws FileError. */
export async function writeBatchReport(
  folder: string,
  batch: Batch,
  result: Omit<BatchResult, "reportPath">,
): Promise<string | undefined> {
  if (result.picksPath === undefined) return undefined;
  const classes = result.classes.map(({ name }) => name);
  const gathered = await currentState(folder, batch, GATHER);
  const tomograms = await reportTomograms(folder, batch, gathered?.result?.tomograms ?? [], classes);
  const rows = tomograms.map(({ name, counts, candidates }) => [name, ...counts, candidates]);
  await writeFileAtomic(join(folder, "counts.csv"), csvText([["tomogram", ...classes, "candidates"], ...rows]));
  const path = join(folder, "report.html");
  const page = batchReport({
    ...{ classes, tomograms, warnings: result.warnings },
    failures: result.failures.map(({ id, what, reason }) => ({
      ...{ what, reason },
      command: `cosnet batch retry ${shellWord(folder)} ${shellWord(id)}`,
    })),
    averages: await averageTexts(folder, batch, gathered),
    outputs: [
      ["all picks, and what they depend on", "picks/picks.star, picks/report.html"],
      ["for RELION 5", "picks/optimisation_set.star"],
      ["each tomogram by itself", "tomograms/"],
      ["counts by tomogram and class", "counts.csv"],
      ["what was done", "recipe.json"],
    ],
    run: {
      command: `cosnet batch run --output ${shellWord(folder)} --recipe ${shellWord(join(folder, "recipe.json"))}`,
      ...{ seed: batch.recipe.seed ?? DEFAULT_SEED, version: packageVersion(), durationSeconds: result.seconds },
      model: String(gathered?.result?.model ?? "none"),
    },
  });
  await writeFileAtomic(path, page);
  return path;
}

async function reportTomograms(
  folder: string,
  batch: Batch,
  gathered: readonly GatheredFacts[],
  classes: readonly string[],
): Promise<BatchReportTomogram[]> {
  const plain: Omit<BatchReportTomogram, "outlier">[] = [];
  const keys: string[] = [];
  const ids: string[] = [];
  for (const unit of pickUnits(batch)) {
    const state = await currentState(folder, batch, unit);
    if (state?.status !== "done" || !unit.tomogram) continue;
    const own = gathered.find(({ id }) => id === unit.tomogram?.id);
    const picks = new Map((own?.classes ?? []).map((one) => [one.name, one.picks]));
    plain.push({
      name: unit.tomogram.name,
      counts: classes.map((name) => picks.get(name) ?? 0),
      candidates: own?.candidates ?? 0,
      contrast: String(state.result?.contrast ?? "").split(",")[0] ?? "",
      voxelSize: String(state.result?.voxelSize ?? ""),
      seconds: state.seconds ?? 0,
    });
    keys.push(state.key);
    ids.push(unit.tomogram.id);
  }
  const reasons = outlierReasons(plain, classes);
  const shown = [...plain.keys()]
    .sort((a, b) => Number(reasons[b]!.length > 0) - Number(reasons[a]!.length > 0) || a - b)
    .slice(0, MOST_PICTURES);
  const slices = new Map<number, PickSlice | undefined>();
  for (const i of shown) {
    const states = await openKeptStates(tomogramFolder(folder, ids[i]!), { key: keys[i] });
    slices.set(i, await states.load<PickSlice>("overview"));
  }
  return plain.map((tomogram, i) => ({ ...tomogram, outlier: reasons[i]!, slice: slices.get(i) }));
}

/** "C1, 23.4 Å from 812 of 900 particles: average/ribosome". */
async function averageTexts(folder: string, batch: Batch, gathered: UnitState | undefined) {
  const texts: [name: string, text: string][] = [];
  for (const unit of batch.recipe.average ? averageUnits(gathered) : []) {
    const state = await currentState(folder, batch, unit);
    const [averaged] = (state?.result?.averaged ?? []) as readonly AveragedText[];
    if (!averaged || unit.className === undefined) continue;
    const { used, particles, symmetry, resolutionAngstrom: finest } = averaged;
    const resolution = finest === undefined ? "nothing confirmed" : `${finest.toFixed(1)} Å`;
    texts.push([
      unit.className,
      `${symmetry}, ${resolution}, ${used} of ${particles} particles: average/${classId(unit.className)}`,
    ]);
  }
  return texts;
}

interface AveragedText {
  readonly used: number;
  readonly particles: number;
  readonly symmetry: string;
  readonly resolutionAngstrom?: number;
}

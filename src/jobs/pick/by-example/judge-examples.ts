/** What the examples of a search say of each other, before anything is searched. */
import { openTomogramGrid } from "../../../files/tomogram/index.js";
import { classSimilarities, disagreeingExamples, leaveOneOut, rowsOf } from "../../../infer/index.js";
import { loadNetworks, measureTomogram, tomogramWorkFolder } from "../../search/index.js";
import { type PickOptions, pickSettings } from "../options.js";
import { type PickScale, planScales } from "../scales.js";
import { emptyExamples } from "./empty.js";
import { measureGreyEvidence } from "./grey-evidence.js";
import { ownExamples } from "./own-examples.js";

export interface JudgedExample {
  readonly className: string;
  /** The class that the others give to it; undefined for the only one of its class. */
  readonly judgedClassName: string | undefined;
  /** To the others of its class, -1 to 1. */
  readonly similarity: number | undefined;
  /** The class that it is far more like than its own. */
  readonly nearerClassName: string | undefined;
  /** It is far less like the others of its class than they are like each other. */
  readonly isUnlike: boolean;
  /** There is nothing at its position but what fills the tomogram. */
  readonly isEmpty: boolean;
}

/** In the order of the lists: examples first, then negatives. @throws as `pick`, of which it takes the options. */
export async function judgeExamples(options: PickOptions): Promise<JudgedExample[]> {
  const settings = pickSettings(options);
  await using networks = await loadNetworks(settings);
  const scales = await planScales(networks, settings);
  const judged: (JudgedExample | undefined)[] = [];
  for (const scale of scales) {
    const { labels } = scale.examples.supports;
    const own = await judgedAt(scale, await emptyIn(scale));
    // Each class at the voxels that suit its size; negatives, which have none, at the finest.
    const isOwn = (label: number) => scale.classes.some((one) => one.label === label);
    for (const [i, example] of own.entries()) if (!judged[i] || isOwn(labels[i]!)) judged[i] = example;
  }
  return judged.filter((example) => example !== undefined);
}

async function judgedAt(
  { examples: { names, supports, wantedClasses }, networks }: PickScale,
  empty: ReadonlySet<number>,
): Promise<JudgedExample[]> {
  const { embedded, labels, classCount } = supports;
  const { description } = networks.embedder;
  const verdicts = classCount > 1 ? leaveOneOut(embedded, labels, { classCount, description }) : [];
  const doubts = new Map(
    disagreeingExamples(supports, description, (label) => label < wantedClasses).map((doubt) => [doubt.example, doubt]),
  );
  return labels.map((label, i) => {
    const rest = [...labels.keys()].filter((other) => other !== i && labels[other] === label);
    const others = { embedded: rowsOf(embedded, rest), labels: rest.map(() => 0), classCount: 1 };
    const verdict = verdicts[i];
    const doubt = doubts.get(i);
    return {
      className: names[label]!,
      judgedClassName: verdict === undefined ? undefined : names[verdict],
      similarity: rest.length > 0 ? classSimilarities(rowsOf(embedded, [i]), others, description)[0] : undefined,
      nearerClassName: doubt?.nearer && names[doubt.nearer.label],
      isUnlike: doubt !== undefined && !doubt.nearer,
      isEmpty: empty.has(i),
    };
  });
}

/** Examples at which there is nothing, of all tomograms. Whether the detector would take them for particles is not looked at. */
async function emptyIn(scale: PickScale): Promise<Set<number>> {
  const { networks, settings, examples } = scale;
  const empty = new Set<number>();
  for (const path of settings.tomogramPaths) {
    const workFolder = await tomogramWorkFolder(path, settings);
    await using grid = await openTomogramGrid(path, {
      ...{ voxelSizeAngstrom: networks.detector.voxelSizeAngstrom, workFolder, signal: settings.signal },
      fileVoxelSizeAngstrom: settings.voxelSizeAngstrom,
    });
    const own = await ownExamples({ grid }, scale);
    const [first] = own;
    if (!first) continue;
    const known = examples.contrasts.get(examples.boxes[first.index]!.specimen ?? "");
    const measured = await measureTomogram(grid, known, { ...settings, workFolder });
    const searched = { grid, ...measured, candidates: [] };
    const wanted = own.filter(({ classIndex }) => classIndex < examples.wantedClasses);
    for (const index of await emptyExamples(searched, wanted, scale, await measureGreyEvidence(searched, scale)))
      empty.add(index);
  }
  return empty;
}

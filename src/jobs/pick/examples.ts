/** The examples that classes are known by: read, sorted into classes and embedded. */
import { ConfigError, FormatError } from "../../errors.js";
import { digestOf } from "../../files/disk/index.js";
import type { StatedVoxelSize } from "../../files/tomogram/index.js";
import { type Contrast, type Embedded, embedBoxes, joinEmbedded, type LabelledExamples } from "../../infer/index.js";
import { isNegativeClass } from "../../io/index.js";
import { drawTemplate, type ExampleArgument, readExampleArgument, type VolumeArgument } from "../examples/index.js";
import { type Networks, recalled } from "../search/index.js";
import type { ExampleBox, ExampleBoxes, ExampleSettings, ExampleSpecimen } from "./example-box.js";
import { type OrientedExamples, orientExamples } from "./example-contrast.js";
import { boxesOfList } from "./example-list.js";
import type { PickSettings } from "./options.js";

/** What candidates are compared with. */
export interface Examples {
  /** Names of all classes, those of negative examples last. */
  readonly names: readonly string[];
  /** Classes from this index on are of negative examples. */
  readonly wantedClasses: number;
  readonly boxes: readonly ExampleBox[];
  /** `boxes` as the network sees them, and the class of each. */
  readonly supports: LabelledExamples;
  /** The contrast of every tomogram that examples were cut from, by its real path. */
  readonly contrasts: OrientedExamples["contrasts"];
  /** What their lists say of tomograms, by their real paths. */
  readonly listedVoxelSizes: ReadonlyMap<string, StatedVoxelSize>;
  /** What nobody has said of where they are, each as a sentence. */
  readonly assumptions: readonly string[];
}

/** @throws FileError, FormatError, ConfigError, AbortError. */
export async function readExamples(
  { embedder, modelLabel }: Networks,
  settings: PickSettings,
  knownContrasts: ReadonlyMap<string, Contrast> = new Map(),
): Promise<Examples> {
  const { examples, negatives, closedSet } = settings;
  const { edge } = embedder.description;
  const reading = { ...settings, edge, boxVoxelSizeAngstrom: embedder.description.voxelSizeAngstrom };
  const wanted = await readBoxes(examples, { ...reading, anyClass: false });
  const unwanted = await readBoxes(negatives, { ...reading, anyClass: true });
  const read = {
    boxes: [...wanted.boxes, ...unwanted.boxes],
    specimens: new Map([...unwanted.specimens, ...wanted.specimens]),
    assumptions: [...wanted.assumptions, ...unwanted.assumptions],
  };
  const { boxes: oriented, contrasts } = orientExamples(read, knownContrasts, reading);
  const { boxes, names, labels, wantedClasses } = classesOf(
    oriented.slice(0, wanted.boxes.length),
    oriented.slice(wanted.boxes.length),
  );
  if (closedSet && wantedClasses < 2)
    throw new ConfigError("with one class and --closed-set every candidate would be of it", {
      hint: "Give examples of a second class, or leave --closed-set out.",
    });
  const embedded = await embedOneByOne(boxes, { embedder, modelLabel }, settings);
  return {
    ...{ boxes, names, wantedClasses },
    supports: { embedded, labels, classCount: names.length },
    ...{ contrasts, listedVoxelSizes: listedVoxelSizesOf(read), assumptions: read.assumptions },
  };
}

/** No more examples are kept in memory than these: 32 MB, nearly all of it masks. */
const MOST_KNOWN = 256;

/**
 * One by one, so that the numbers of one do not depend on the others that are given with it: what is known of it stays right
 * whatever examples are added.
 */
async function embedOneByOne(
  boxes: readonly ExampleBox[],
  { embedder, modelLabel }: Pick<Networks, "embedder" | "modelLabel">,
  { testTimeAveraging, memory, signal }: PickSettings,
): Promise<Embedded> {
  const key = `examples ${modelLabel} ${testTimeAveraging}`;
  const known = await recalled(memory, key, async () => new Map<string, Embedded>());
  const embedded: Embedded[] = [];
  for (const { volume } of boxes) {
    const digest = digestOf(volume);
    const own = known.get(digest) ?? (await embedBoxes(embedder, volume, { spectra: true, testTimeAveraging, signal }));
    if (known.size < MOST_KNOWN) known.set(digest, own);
    embedded.push(own);
  }
  const [first, ...others] = embedded;
  return joinEmbedded([first!, ...others]); // `classesOf` refuses none
}

function listedVoxelSizesOf({ specimens }: ExampleBoxes): Map<string, StatedVoxelSize> {
  return new Map([...specimens].flatMap(([key, { listedVoxelSize: size }]) => (size ? [[key, size] as const] : [])));
}

async function readBoxes(given: readonly string[], settings: ExampleSettings): Promise<ExampleBoxes> {
  const boxes: ExampleBox[] = [];
  const specimens = new Map<string, ExampleSpecimen>();
  const assumptions: string[] = [];
  for (const argument of given) {
    const example = await readExampleArgument(argument);
    const read = isTemplate(example)
      ? { boxes: await drawTemplate(example, settings), specimens: new Map<string, ExampleSpecimen>(), assumptions: [] }
      : await boxesOfList(example, settings);
    for (const box of read.boxes) boxes.push(box);
    for (const [key, specimen] of read.specimens)
      specimens.set(key, {
        ...specimen,
        stated: specimen.stated ?? specimens.get(key)?.stated,
        listedVoxelSize: specimen.listedVoxelSize ?? specimens.get(key)?.listedVoxelSize,
      });
    for (const assumption of read.assumptions) assumptions.push(assumption);
  }
  return { boxes, specimens, assumptions };
}

/** Two classes cannot be in one place. @throws FormatError naming both examples. */
function refuseSharedPositions(boxes: readonly ExampleBox[]): void {
  const taken = new Map<string, ExampleBox>();
  for (const box of boxes) {
    const { specimen, positionAngstrom: at, className, source } = box;
    const key = at ? `${specimen} ${[at.x, at.y, at.z].map(Math.round).join()}` : source;
    const other = taken.get(key);
    if (other && other.className !== className)
      throw new FormatError(
        `one example is given to two classes: ${other.source} is of ${other.className}, ${source} of ${className}`,
        "the examples",
        { hint: "Leave one of them out." },
      );
    taken.set(key, box);
  }
}

function isTemplate(example: ExampleArgument): example is VolumeArgument {
  return example.kind === "template";
}

/** Classes in order of appearance, those of negative examples last. @throws FormatError without a class to look for. */
function classesOf(examples: readonly ExampleBox[], negatives: readonly ExampleBox[]) {
  const wanted = examples.filter(({ className }) => !isNegativeClass(className));
  const unwanted = [...examples.filter(({ className }) => isNegativeClass(className)), ...negatives];
  if (wanted.length === 0)
    throw new FormatError("there is no example of a class to look for", "the examples", {
      hint: "Give examples whose class is not none, negative, background or junk.",
    });
  refuseSharedPositions([...wanted, ...unwanted]);
  const names = [...new Set(wanted.map(({ className }) => className))];
  const wantedClasses = names.length;
  const labels = wanted.map(({ className }) => names.indexOf(className));
  for (const { className } of unwanted) {
    const name = isNegativeClass(className) ? className : `not wanted: ${className}`;
    const known = names.indexOf(name, wantedClasses);
    labels.push(known >= 0 ? known : names.push(name) - 1);
  }
  return { boxes: [...wanted, ...unwanted], names, labels, wantedClasses };
}

/** A recipe as a file has it, and its steps as the jobs take them. */
import { ConfigError, FormatError } from "../../../errors.js";
import type { BatchRecipe, BatchSteps } from "../../../jobs/batch/index.js";
import { flagName, required } from "../../option.js";
import { stepFlags } from "../../recipe.js";
import { averageOptionsOf, averageTable } from "../average.js";
import { pickOptionsOf, pickTable } from "../pick.js";
import { segmentOptionsOf, segmentTable } from "../segment.js";

const STEPS = ["seed", "pick", "classify", "segment", "average"];

/** What a file's content, parsed, says. @throws FormatError for something else; ConfigError for a step that there is not. */
export function readRecipe(content: unknown, where: string): BatchRecipe {
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new FormatError("not a recipe: it is to be a JSON object", where, {
      hint: 'The shortest is {"pick": {"examples": ["examples.star"]}}.',
    });
  const unknown = Object.keys(content).find((name) => !STEPS.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(`there is no step ${unknown}`, { where, hint: `A recipe has ${STEPS.join(", ")}.` });
  const { seed, classify, segment, average, ...given } = content as BatchRecipe; // each is looked at by `stepsOf`
  if (given.pick && classify)
    throw new ConfigError("a recipe has pick or classify, not both", {
      where,
      hint: "pick finds particles and says what they are; classify says it of the particles of lists.",
    });
  const first = classify ? { classify } : { pick: given.pick ?? {} };
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0))
    throw new FormatError(`the seed is ${JSON.stringify(seed)}, and not a whole number`, where);
  return { ...(seed !== undefined && { seed }), ...first, ...(segment && { segment }), ...(average && { average }) };
}

/** @throws ConfigError for an option that a verb does not have, or a value that it refuses; FormatError. */
export function stepsOf({ pick, classify, segment, average }: BatchRecipe, where: string): BatchSteps {
  return {
    pick: classify ? classifySteps(classify, where) : pickSteps(pick, where),
    ...(segment && { segment: segmentSteps(segment, where) }),
    ...(average && { average: averageSteps(average, where) }),
  };
}

/** Inputs and outputs, which are the batch's. */
const NOT_OF_PICK = ["tomograms", "tomogramName", "output", "overwrite", "threads", "masks", "keepWork"] as const;
const UNSAID = { overwrite: false, threads: undefined, masks: false, keepWork: false } as const;

function pickSteps(step: unknown, where: string) {
  const flags = stepFlags(step, {
    ...{ verb: "pick", table: pickTable, where, leftOut: NOT_OF_PICK },
    refusals: { particles: ["lists of particles are classified", 'Write {"classify": ...} in place of pick.'] },
  });
  expectDevice("pick", flags, where);
  return pickOptionsOf({ ...flags, ...UNSAID });
}

/** Nothing is searched: what says how to search is no option of the step. */
const SEARCHING = [
  "detectionThreshold",
  "exampleSearch",
  "filament",
  "notFilament",
  "filamentSpacing",
  "spacing",
  "border",
  "mask",
  "gold",
] as const;
const SEARCH_REFUSAL = [
  "it says how to search, and the particles of lists are classified without a search",
  "Leave it out; cosnet filter leaves particles of a list out by place, spacing or mask.",
] as const;

/** As `pick --particles`, not `classify`: of lists over many tomograms much may be of none of the classes, and classes learn from all. */
function classifySteps(step: unknown, where: string) {
  const { particles, ...flags } = stepFlags(step, {
    ...{ verb: "classify", table: { ...pickTable, particles: required(pickTable.particles) }, where },
    ...{ leftOut: NOT_OF_PICK, helpOf: "pick" },
    refusals: {
      ...Object.fromEntries(SEARCHING.map((key) => [flagName(key), SEARCH_REFUSAL])),
      tomogram: ["the batch's tomograms are those of the lists", "Leave it out of the recipe."],
      crf: ["masks are a step of their own", 'Write {"segment": {"crf": ...}} beside it.'],
    },
  });
  expectDevice("classify", flags, where);
  return { ...pickOptionsOf({ ...flags, ...UNSAID }), particles };
}

function segmentSteps(step: unknown, where: string) {
  const flags = stepFlags(step, {
    ...{ verb: "segment", table: segmentTable, where },
    leftOut: ["tomogram", "particles", "picks", "tomogramName", "output", "overwrite", "threads"],
  });
  expectDevice("segment", flags, where);
  return segmentOptionsOf({ ...flags, overwrite: false, threads: undefined });
}

/** Results of one batch come from one kind of device, wherever its units run. */
function expectDevice(verb: string, { device }: { readonly device?: string | undefined }, where: string): void {
  if (device !== "auto") return;
  throw new ConfigError(`${verb}: with device auto each tomogram's process would choose for itself`, {
    where,
    hint: "Write cpu or webgpu.",
  });
}

function averageSteps(step: unknown, where: string) {
  const flags = stepFlags(step, {
    ...{ verb: "average", table: averageTable, where },
    leftOut: ["particles", "classes", "tomogram", "output", "overwrite", "threads"],
  });
  return averageOptionsOf({ ...flags, tomogram: undefined, overwrite: false, threads: undefined });
}

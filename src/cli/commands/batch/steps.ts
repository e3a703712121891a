/** A recipe as a file has it, and its steps as the jobs take them. */
import { ConfigError, FormatError } from "../../../errors.js";
import type { BatchRecipe, BatchSteps } from "../../../jobs/batch/index.js";
import { stepFlags } from "../../recipe.js";
import { averageOptionsOf, averageTable } from "../average.js";
import { pickOptionsOf, pickTable } from "../pick.js";
import { segmentOptionsOf, segmentTable } from "../segment.js";

const STEPS = ["seed", "pick", "segment", "average"];

/** What a file's content, parsed, says. @throws FormatError for something else; ConfigError for a step that there is not. */
export function readRecipe(content: unknown, where: string): BatchRecipe {
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new FormatError("not a recipe: it is to be a JSON object", where, {
      hint: 'The shortest is {"pick": {"examples": ["examples.star"]}}.',
    });
  const unknown = Object.keys(content).find((name) => !STEPS.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(`there is no step ${unknown}`, { where, hint: `A recipe has ${STEPS.join(", ")}.` });
  const { seed, pick = {}, segment, average } = content as BatchRecipe; // each is looked at by `stepsOf`
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0))
    throw new FormatError(`the seed is ${JSON.stringify(seed)}, and not a whole number`, where);
  return { ...(seed !== undefined && { seed }), pick, ...(segment && { segment }), ...(average && { average }) };
}

/** @throws ConfigError for an option that a verb does not have, or a value that it refuses; FormatError. */
export function stepsOf({ pick, segment, average }: BatchRecipe, where: string): BatchSteps {
  const picking = stepFlags(pick, {
    ...{ verb: "pick", table: pickTable, where },
    leftOut: ["tomograms", "tomogramName", "particles", "output", "overwrite", "threads", "masks", "keepWork"],
  });
  expectDevice("pick", picking, where);
  return {
    pick: pickOptionsOf({ ...picking, overwrite: false, threads: undefined, masks: false, keepWork: false }),
    ...(segment && { segment: segmentSteps(segment, where) }),
    ...(average && { average: averageSteps(average, where) }),
  };
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

import { type Census, censusWarnings, createCensus, valueWarnings } from "../../io/index.js";
import { breathe } from "../../progress.js";
import type { StageProgress, Tomogram } from "./open.js";

/** What the values of a tomogram say of what it is. */
export interface TomogramSurvey extends Census {
  /** Voxels that hold no number, values that are all the same, values as of labels; each as a sentence. */
  readonly warnings: readonly string[];
}

/** A tomogram of which every voxel has been looked at. */
export interface SurveyedTomogram extends Tomogram {
  readonly survey: TomogramSurvey;
}

/** Sections read at a time. */
const SECTIONS = 8;

/**
 * Reads every voxel of an open tomogram once, as it is in the file: how many are NaN or infinite (for which `read` gives the mean),
 * whether all are the same, whether they look like labels. What is odd joins the tomogram's warnings. Closes it on failure.
 * @throws FileError, FormatError, AbortError.
 */
export async function surveyed(
  tomogram: Tomogram,
  { stage = "reading values", onProgress, signal }: StageProgress = {},
): Promise<SurveyedTomogram> {
  const [nz, ny, nx] = tomogram.shape;
  const census = createCensus();
  try {
    for (let z = 0; z < nz; z += SECTIONS) {
      census.add(await tomogram.readStored([z, 0, 0], [Math.min(SECTIONS, nz - z), ny, nx]));
      onProgress?.({ stage, done: Math.min(nz, z + SECTIONS), total: nz });
      await breathe(signal);
    }
  } catch (error) {
    await tomogram[Symbol.asyncDispose]();
    throw error;
  }
  const result = census.result();
  return withSurvey(tomogram, { ...result, warnings: censusWarnings(result) });
}

/**
 * The tomogram with what an earlier look at all of its voxels has shown. Where each is a number, none is looked for again: a search
 * reads the file eight times.
 */
export function withSurvey(tomogram: Tomogram, survey: TomogramSurvey): SurveyedTomogram {
  const { nanCount, infiniteCount } = survey.statistics;
  const said = new Set([...valueWarnings(survey.statistics), ...survey.warnings]);
  const others = tomogram.warnings.filter((warning) => !said.has(warning));
  return {
    ...tomogram,
    ...(nanCount + infiniteCount === 0 && { read: tomogram.readStored }),
    ...{ survey, warnings: [...others, ...survey.warnings] },
  };
}

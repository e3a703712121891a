import { complexesFrom } from "../../files/complexes/index.js";
import { type Complex, planTiltSeries, type TiltPlan } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { checkTomogramParameters, type SimulateTomogramOptions } from "./options.js";

/** Everything that a run needs to know, with defaults filled in: what is packed, how it is imaged, what files say of their origin. */
export interface TomogramSettings extends SimulateTomogramOptions {
  readonly overwrite: boolean;
  readonly madeBy: string;
  readonly command: string;
  readonly complexes: readonly Complex[];
  readonly plan: TiltPlan;
  /** In the headers of volumes. */
  readonly labels: readonly string[];
  /** At the head of lists. */
  readonly comments: readonly string[];
}

/** @throws ConfigError when parameters cannot be used, as reading structures does, AbortError. */
export async function tomogramSettings(options: SimulateTomogramOptions): Promise<TomogramSettings> {
  const { parameters, seed, overwrite = false, madeBy = "cosnet", command = "simulateTomogram()" } = options;
  checkTomogramParameters(parameters);
  const plan = planTiltSeries(parameters.imaging, createRandom(seed).fork("imaging"));
  return {
    ...options,
    overwrite,
    madeBy,
    command,
    plan,
    complexes: await complexesFrom(options.source, options),
    labels: [`Simulated by ${madeBy}, seed ${seed}`],
    comments: [`Simulated by ${madeBy}: seed ${seed}. Density is positive. All parameters are in tomogram.json.`],
  };
}

import { microtubules } from "./microtubules.js";
import { ribosomes } from "./ribosomes.js";
import type { PlannedMeasuredSet } from "./rows.js";
import { virions } from "./virions.js";

/** Sets of measured data, and where in the data folder they are looked for. */
const SETS: readonly {
  readonly name: string;
  readonly plan: (dataFolder: string) => Promise<PlannedMeasuredSet | undefined>;
}[] = [
  { name: "the microtubule (real/microtubules)", plan: microtubules },
  { name: "the ribosomes (real/ribosomes_10499, structures)", plan: ribosomes },
  { name: "the virions (real/EMD-1155_HIV1_tomogram.ccp4)", plan: virions },
];

/** The sets that are in the data folder, and sentences about the others. */
export async function measuredData(
  dataFolder: string | undefined,
): Promise<{ readonly planned: PlannedMeasuredSet[]; readonly notRun: string[] }> {
  const planned: PlannedMeasuredSet[] = [];
  const notRun: string[] = [];
  for (const { name, plan } of SETS) {
    const set = dataFolder === undefined ? undefined : await plan(dataFolder);
    if (set) planned.push(set);
    else notRun.push(`${name}: not in the data folder`);
  }
  return { planned, notRun };
}

/** What about the picks of a run a person should look at. */
import { computed } from "@preact/signals";
import { neighbourDistances, planeOfMost } from "../review/picks-in-numbers.js";
import { tomogramName } from "./markers.js";
import { classes } from "./project.js";
import { picks } from "./results.js";
import { infoOf } from "./tomograms.js";

/** Classes whose picks lie in one plane, in a sentence each. */
export const planeWarnings = computed<readonly string[]>(() => {
  const tomogramIds = [...new Set(picks.value.map(({ tomogramId }) => tomogramId))];
  return tomogramIds.flatMap((tomogramId) => {
    const sections = infoOf(tomogramId)?.shape[0];
    if (sections === undefined) return [];
    return classes.value.flatMap(({ id, name }) => {
      const own = picks.value.filter((pick) => pick.classId === id && pick.tomogramId === tomogramId);
      const depths = own.map(({ position }) => position.z);
      const plane = planeOfMost(depths, sections);
      return plane === undefined
        ? []
        : [
            `Most picks of ${name} in ${tomogramName(tomogramId)} lie near section ${Math.round(plane)}: look whether they are real.`,
          ];
    });
  });
});

/** Distance of every pick to its nearest neighbour in voxels, by the pick's id. */
export const neighbourVoxels = computed(() => {
  const distances = neighbourDistances(picks.value);
  return new Map(picks.value.map(({ id }, index) => [id, distances[index] ?? Number.POSITIVE_INFINITY]));
});

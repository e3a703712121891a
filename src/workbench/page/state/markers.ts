/** What is drawn over the sections and in the 3-D view of the tomogram that is shown: examples, picks, and where to click in practice. */
import { computed } from "@preact/signals";
import { rejectionText } from "../parts/rejection-text.js";
import type { Marker } from "../view/index.js";
import { NEGATIVE_COLOUR } from "./class-style.js";
import { clickVoxel } from "./click-target.js";
import { foundSoFar, identifiedTomogramIds } from "./outcome/found-so-far.js";
import { nextSuggestion, shownPractice } from "./practice.js";
import { classes, examples, project } from "./project.js";
import { candidates, found, shownRequest, shownRun } from "./results.js";
import { chosenInfo } from "./tomograms.js";

const SUGGESTION_COLOUR = "#ffd400";

/** Where nothing is said of the particles' size. */
const USUAL_DIAMETER_ANGSTROM = 250;

/** As a person has said for the shown run, or as usual. */
const usualRadiusAngstrom = computed(
  () => (shownRequest.value?.particleDiameterAngstrom ?? USUAL_DIAMETER_ANGSTROM) / 2,
);

/** By class, as the shown run has them: the middle one of its picks. */
const foundRadii = computed(() => {
  const radii = new Map<string, number[]>();
  for (const { foundClassId, radiusAngstrom, rejection } of found.value) {
    if (foundClassId === undefined || rejection !== "pick") continue;
    const own = radii.get(foundClassId) ?? [];
    radii.set(foundClassId, own);
    own.push(radiusAngstrom);
  }
  return new Map([...radii].map(([id, own]) => [id, own.sort((a, b) => a - b)[own.length >> 1] ?? Number.NaN]));
});

/** How large particles of a class are, as far as that is known. */
export function radiusOfClass(classId: string | null): number {
  return foundRadii.value.get(classId ?? "") ?? usualRadiusAngstrom.value;
}

const classesById = computed(() => new Map(classes.value.map((item) => [item.id, item])));

const exampleMarkers = computed<readonly Marker[]>(() => {
  const info = chosenInfo.value;
  if (!info) return [];
  return examples.value
    .filter(({ tomogramId }) => tomogramId === info.id)
    .map(({ id, classId, position }) => {
      const known = classId === null ? undefined : classesById.value.get(classId);
      return {
        id,
        kind: "example",
        position,
        radiusVoxels: radiusOfClass(classId) / info.voxelSizeAngstrom,
        classId: known?.id,
        colour: known?.colour ?? NEGATIVE_COLOUR,
        label: known ? `${known.name}, example` : "none of the classes",
        isNegative: classId === null,
      };
    });
});

/**
 * What a search that goes on has found in a tomogram: as soon as it has classes, in place of the picks of an earlier search, and
 * before that where there is no earlier one.
 */
const foundMarkers = computed<readonly Marker[] | undefined>(() => {
  const info = chosenInfo.value;
  if (!info) return undefined;
  const here = foundSoFar.value.filter(({ tomogramId }) => tomogramId === info.id);
  const isIdentified = identifiedTomogramIds.value.has(info.id);
  if (here.length === 0 || (!isIdentified && shownRun.value)) return undefined;
  return here
    .filter(({ rejection }) => rejection === (isIdentified ? "pick" : "unidentified"))
    .map(({ row, position, foundClassId, probability, radiusAngstrom }) => {
      const known = classesById.value.get(foundClassId ?? "");
      return {
        ...{ id: `found-${info.id}-${row}`, kind: "pick", position },
        radiusVoxels: radiusAngstrom / info.voxelSizeAngstrom,
        classId: known?.id,
        colour: known?.colour ?? NEGATIVE_COLOUR,
        label: known ? `${known.name}, ${probability.toFixed(2)}` : "found, not identified yet",
      };
    });
});

/** Picks, and what a person has rejected, so that it can be taken back where it is seen. */
const pickMarkers = computed<readonly Marker[]>(() => {
  const info = chosenInfo.value;
  if (!info) return [];
  return candidates.value
    .filter(({ tomogramId, isPick, isJudged }) => tomogramId === info.id && (isPick || isJudged))
    .map(({ id, position, classId, foundClassId, probability, radiusAngstrom, isPick }) => {
      const known = classesById.value.get(classId ?? foundClassId ?? "");
      return {
        id,
        kind: "pick",
        position,
        radiusVoxels: radiusAngstrom / info.voxelSizeAngstrom,
        classId: known?.id,
        colour: isPick ? (known?.colour ?? NEGATIVE_COLOUR) : NEGATIVE_COLOUR,
        label: `${known?.name ?? "none"}, ${isPick ? probability.toFixed(2) : "rejected"}`,
        isNegative: !isPick,
      };
    });
});

/** Particles of a list that are no picks, where they are: that a list's particles were looked at has to be seen. */
const otherMarkers = computed<readonly Marker[]>(() => {
  const info = chosenInfo.value;
  if (!info || !shownRequest.value?.listed) return [];
  return candidates.value
    .filter(({ tomogramId, isPick, isJudged }) => tomogramId === info.id && !isPick && !isJudged)
    .map(({ id, position, foundClassId, radiusAngstrom, rejection }) => {
      const known = classesById.value.get(foundClassId ?? "");
      return {
        ...{ id, kind: "other", position },
        radiusVoxels: radiusAngstrom / info.voxelSizeAngstrom,
        classId: undefined,
        colour: NEGATIVE_COLOUR,
        label: [known?.name, rejectionText(rejection)].filter(Boolean).join(", "),
      };
    });
});

const SUGGESTION_ID = "suggestion";

/** In practice: the particle to be clicked next. */
const suggestionMarkers = computed<readonly Marker[]>(() => {
  const info = chosenInfo.value;
  const suggestion = nextSuggestion.value;
  if (!info || !suggestion || shownPractice.value?.tomogramId !== info.id) return [];
  return [
    {
      id: SUGGESTION_ID,
      kind: "pick",
      position: suggestion.position,
      radiusVoxels: (1.3 * usualRadiusAngstrom.value) / info.voxelSizeAngstrom,
      classId: undefined,
      colour: SUGGESTION_COLOUR,
      label: `click this ${suggestion.className}`,
      isNegative: true,
    },
  ];
});

export const markers = computed<readonly Marker[]>(() => [
  ...suggestionMarkers.value,
  ...(foundMarkers.value ?? [...otherMarkers.value, ...pickMarkers.value]),
  ...exampleMarkers.value,
]);

/** A click on what practice says to click adds it; any other marker is selected by the view itself. */
export function clickMarker(id: string): void {
  if (id === SUGGESTION_ID && nextSuggestion.value) void clickVoxel(nextSuggestion.value.position);
}

/** The name of a tomogram in the project, before and after it is open. */
export function tomogramName(id: string): string {
  const path = project.value.tomograms.find((tomogram) => tomogram.id === id)?.path ?? id;
  return path.split(/[\\/]/).at(-1) ?? path;
}

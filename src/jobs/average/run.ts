import { plainName } from "../../plain-name.js";
import type { OpenedParticles } from "../subtomograms/index.js";
import type { AveragedClassRows, ClassAverage } from "./average-class.js";
import type { ClassRows } from "./classes.js";

/** What a run came to. */
export interface AverageRun {
  readonly particles: OpenedParticles;
  readonly averaged: readonly AveragedClassRows[];
  /** Classes of too few particles. */
  readonly left: readonly ClassRows[];
  readonly warnings: readonly string[];
  readonly seconds: number;
}

/** The averages of all classes, with the names of their files. */
export function averagesOf({ averaged }: AverageRun): readonly (ClassAverage & { readonly files: MapNames })[] {
  return averaged
    .flatMap(({ averages }) => averages)
    .map((average, index) => ({ ...average, files: mapNames(index, average.name) }));
}

/** The files of an average, in the output folder. */
export interface MapNames {
  readonly map: string;
  readonly half1: string;
  readonly half2: string;
  readonly mask: string;
}

/** Half maps are called as RELION calls them: it finds the second by the name of the first. */
function mapNames(index: number, name: string): MapNames {
  const stem = `maps/${String(index + 1).padStart(2, "0")}-${plainName(name, { otherwise: "class" })}`;
  return {
    map: `${stem}.mrc`,
    half1: `${stem}_half1_class001_unfil.mrc`,
    half2: `${stem}_half2_class001_unfil.mrc`,
    mask: `${stem}_mask.mrc`,
  };
}

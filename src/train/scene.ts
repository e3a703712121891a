/** What specimens for the detector hold and how they are imaged: as differently as tomograms come. */
import {
  defaultReconstruct,
  type ReconstructOptions,
  type SpecimenOptions,
  type TiltImagingOptions,
  type TiltSchemeOptions,
} from "../simulate/index.js";
import type { Random, Shape3 } from "../volume/index.js";

/** Everything but the complexes. */
export interface Scene {
  readonly specimen: Omit<SpecimenOptions, "density">;
  readonly imaging: Partial<Omit<TiltImagingOptions, "scheme">> & { readonly scheme: Partial<TiltSchemeOptions> };
  readonly reconstruct: ReconstructOptions;
}

/** A random number whose logarithm is uniform from that of `low` to that of `high`. */
export const logUniform = (random: Random, low: number, high: number): number =>
  Math.exp(random.uniform(Math.log(low), Math.log(high)));

/** What `cosnet simulate tomogram` makes when nothing else is asked for, as crowded as its larger presets. */
export function ordinaryScene(shape: Shape3): Scene {
  return {
    specimen: { shape, voxelSizeAngstrom: 10, amount: { occupancy: 0.05 }, marginVoxels: 1 },
    imaging: { scheme: {} },
    reconstruct: defaultReconstruct,
  };
}

/**
 * A scene of `complexCount` complexes: sparse to as crowded as a cell, a third of them with vesicles, filaments and gold; maximum tilt
 * angles of 40 to 70 degrees, 1.5 to 7 micrometres underfocus or contrast transfer corrected, soft to perfect detectors, images
 * aligned well or badly, sharp or smooth reconstruction. Voxels are 8.5 to 12 Å, as those called 10 Å may be.
 */
export function drawScene(random: Random, complexCount: number, shape: Shape3): Scene {
  const chance = (probability: number): boolean => random.next() < probability;
  const tilt = Math.round(random.uniform(40, 70));
  const smallestEdge = Math.min(...shape);
  const voxelSizeAngstrom = logUniform(random, 8.5, 12);
  return {
    specimen: {
      shape,
      voxelSizeAngstrom,
      amount: { occupancy: logUniform(random, 0.015, 0.22) },
      weights: Array.from({ length: complexCount }, () => logUniform(random, 0.3, 3)),
      marginVoxels: random.pick([0, 1, 1, 2]),
      ...(chance(0.35) && {
        vesicles: {
          count: 1 + random.integer(4),
          radiusAngstrom: [0.15 * smallestEdge * voxelSizeAngstrom, 0.35 * smallestEdge * voxelSizeAngstrom],
          elongation: [1, 1.4],
        },
      }),
      ...(chance(0.2) && { filaments: { actin: random.integer(6), microtubules: random.integer(2) } }),
      ...(chance(0.35) && { gold: { count: 1 + random.integer(8), diameterAngstrom: random.uniform(50, 150) } }),
    },
    imaging: {
      scheme: { lowestDegrees: -tilt, highestDegrees: tilt, stepDegrees: random.pick([2.5, 3, 4]) },
      defocusMicrometre: logUniform(random, 1.5, 7),
      contrastTransfer: chance(0.75),
      phaseShiftDegrees: chance(0.1) ? 90 : 0,
      radiationDamage: chance(0.7),
      detector: {
        mtf: chance(0.3) ? { kind: "none" } : { kind: "gaussian", frequency: random.uniform(0.2, 0.5) },
        noiseShareBefore: random.next(),
      },
      alignmentDeviationAngstrom: random.uniform(0, 8),
    },
    reconstruct: chance(0.12)
      ? { ...defaultReconstruct, method: "sirt", iterations: 5 + random.integer(6) }
      : { ...defaultReconstruct, hannFrequency: random.pick([0.35, 0.5, 0.5, Number.POSITIVE_INFINITY]) },
  };
}

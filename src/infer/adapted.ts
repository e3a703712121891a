/** Networks shown volumes that differ from those they were trained on in ways that can be measured and undone. */
import {
  type AxisFrame,
  excessNoiseFilter,
  filterCubes,
  frameOf,
  meanAndDeviation,
  measureTiltGeometry,
  normaliseInPlace,
  rotateCube,
  type TiltGeometry,
} from "../volume/index.js";
import type { Embedder } from "./embedder.js";
import type { TileDetector } from "./pick/detector.js";

/** What has to be done to volumes of one tomogram or data set before a network sees them. */
export interface Adaptation {
  /** The tilt geometry found; undefined when no wedge of missing frequencies shows. */
  readonly geometry: TiltGeometry | undefined;
  /** The rotation into the geometry of training. */
  readonly frame: AxisFrame | undefined;
  /** Damps noise at fine detail; by radius in Fourier pixels of cubes of `edge`. */
  readonly filter: { readonly factors: Float64Array; readonly edge: number; readonly gain: number } | undefined;
}

export const noAdaptation: Adaptation = { geometry: undefined, frame: undefined, filter: undefined };

/**
 * Measures on cubes `[count, n, n, n]`, at the networks' voxel size, what they need.
 * @throws ShapeError when the length is not a multiple of n^3.
 */
export function measureAdaptation(cubes: Float32Array, n: number): Adaptation {
  const steps = measureAdaptationSteps(cubes, n);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps, for whoever has something else to do between them. */
export function* measureAdaptationSteps(cubes: Float32Array, n: number): Generator<void, Adaptation, void> {
  if (cubes.length === 0) return noAdaptation;
  const geometry = measureTiltGeometry(cubes, n);
  const frame = geometry && frameOf(geometry);
  yield;
  const factors = excessNoiseFilter(cubes, n);
  if (!factors) return { geometry, frame, filter: undefined };
  yield;
  const left = meanAndDeviation(filterCubes(cubes, n, factors, n)).deviation;
  const gain = left > 0 ? meanAndDeviation(cubes).deviation / left : 1;
  return { geometry, frame, filter: { factors, edge: n, gain } };
}

/** In words, for reports. */
export function describeAdaptation({ geometry, frame, filter }: Adaptation): string {
  const wedge = geometry
    ? `beam along ${geometry.beamAxis}, tilted about ${geometry.tiltAxis} to about ${geometry.tiltDegrees} degrees`
    : "no missing wedge found";
  return `${wedge}${frame ? " (rotated for the network)" : ""}${filter ? "; excess noise at fine detail damped" : ""}`;
}

/** Boxes `[count, edge, edge, edge]` low-pass filtered and rotated, each of zero mean and unit variance if they were filtered. */
export function adaptVolumes(volumes: Float32Array, edge: number, { frame, filter }: Adaptation): Float32Array {
  const filtered = filter ? filterCubes(volumes, edge, filter.factors, filter.edge) : volumes;
  if (filter)
    for (let start = 0; start < filtered.length; start += edge ** 3)
      normaliseInPlace(filtered.subarray(start, start + edge ** 3));
  return rotateAll(filtered, edge, frame);
}

/** The embedder, with every box low-pass filtered and rotated first and every mask rotated back. */
export function adaptedEmbedder(embedder: Embedder, adaptation: Adaptation): Embedder {
  const { frame, filter } = adaptation;
  if (!frame && !filter) return embedder;
  const { edge } = embedder.description;
  return {
    ...embedder,
    async embed(volumes, options) {
      const { masks, ...embedded } = await embedder.embed(adaptVolumes(volumes, edge, adaptation), options);
      return masks ? { ...embedded, masks: rotateAll(masks, edge, frame, true) } : embedded;
    },
  };
}

/** The detector, with every tile, a cube, low-pass filtered and rotated first and its answer rotated back. */
export function adaptedDetector<T extends TileDetector>(detector: T, { frame, filter }: Adaptation): T {
  if (!frame && !filter) return detector;
  const { edge, cellVoxels, featureCellVoxels = cellVoxels } = detector;
  return {
    ...detector,
    mostVoxels: undefined,
    async detect(volume) {
      const filtered = filter ? filterCubes(volume, edge, filter.factors, filter.edge) : volume;
      if (filter) for (let i = 0; i < filtered.length; i++) filtered[i] *= filter.gain;
      const { centre, radiusVoxels, features } = await detector.detect(rotateAll(filtered, edge, frame));
      const back = (cells: Float32Array, size = cellVoxels) => rotateAll(cells, edge / size, frame, true);
      return {
        centre: back(centre),
        radiusVoxels: back(radiusVoxels),
        features: features && back(features, featureCellVoxels),
      };
    },
  };
}

function rotateAll(cubes: Float32Array, n: number, frame: AxisFrame | undefined, back = false): Float32Array {
  if (!frame) return cubes;
  const rotated = new Float32Array(cubes.length);
  const cube = (of: Float32Array, start: number) => of.subarray(start, start + n ** 3);
  for (let start = 0; start < cubes.length; start += n ** 3)
    rotateCube(cube(cubes, start), cube(rotated, start), n, frame, back);
  return rotated;
}

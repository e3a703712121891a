/** Networks that were trained on one tilt geometry, shown volumes of another. */
import { type AxisFrame, turnCube } from "../volume/index.js";
import type { Embedder } from "./embedder.js";
import type { TileDetector } from "./pick/index.js";

/** The embedder, with every box turned into the frame first and every mask turned back. */
export function framedEmbedder(embedder: Embedder, frame: AxisFrame | undefined): Embedder {
  if (frame === undefined) return embedder;
  const { edge } = embedder.description;
  return {
    ...embedder,
    async embed(volumes, options) {
      const { masks, ...embedded } = await embedder.embed(turnAll(volumes, edge, frame), options);
      return masks ? { ...embedded, masks: turnAll(masks, edge, frame, true) } : embedded;
    },
  };
}

/** The detector, with every tile turned into the frame first and its answer turned back. */
export function framedDetector<T extends TileDetector>(detector: T, frame: AxisFrame | undefined): T {
  if (frame === undefined) return detector;
  const { edge, cellVoxels } = detector;
  return {
    ...detector,
    async detect(volume) {
      const { centre, radiusVoxels } = await detector.detect(turnAll(volume, edge, frame));
      const back = (cells: Float32Array): Float32Array => turnAll(cells, edge / cellVoxels, frame, true);
      return { centre: back(centre), radiusVoxels: back(radiusVoxels) };
    },
  };
}

function turnAll(cubes: Float32Array, n: number, frame: AxisFrame, back = false): Float32Array {
  const turned = new Float32Array(cubes.length);
  const cube = (of: Float32Array, start: number): Float32Array => of.subarray(start, start + n ** 3);
  for (let start = 0; start < cubes.length; start += n ** 3)
    turnCube(cube(cubes, start), cube(turned, start), n, frame, back);
  return turned;
}

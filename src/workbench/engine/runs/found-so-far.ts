/** What a search that goes on has found, in the form of results. */
import type { FoundSoFar } from "../../../jobs/pick/index.js";
import { type CandidateTable, REJECTION_REASONS, type RunResults } from "../../protocol/index.js";
import type { Run } from "./run-file.js";

export interface FoundResults {
  add(found: FoundSoFar): void;
  /** Tables of the tomograms of which something is known. */
  readonly results: RunResults;
}

const NO_CLASS = 255;
const [UNIDENTIFIED, PICK, NONE] = (["unidentified", "pick", "none"] as const).map((reason) =>
  REJECTION_REASONS.indexOf(reason),
) as [number, number, number];

export function createFoundResults({ record, tomograms, classes }: Run): FoundResults {
  const tables = new Map<string, CandidateTable>();
  const indexOfClass = new Map(classes.map(({ name }, index) => [name, index]));
  return {
    add({ tomogramPath, particles, isIdentified }) {
      const tomogram = tomograms.find(({ path }) => path === tomogramPath);
      if (!tomogram) return;
      const { id, takenVoxelSizeAngstrom: voxel } = tomogram;
      const positions = particles.flatMap(({ positionAngstrom: { x, y, z } }) => [x / voxel, y / voxel, z / voxel]);
      const rejection = ({ isPick }: FoundSoFar["particles"][number]) => (isPick ? PICK : NONE);
      tables.set(id, {
        ...{ tomogramId: id, count: particles.length, positions: Float32Array.from(positions) },
        classIndex: Uint8Array.from(particles, ({ className }) => indexOfClass.get(className ?? "") ?? NO_CLASS),
        probability: Float32Array.from(particles, ({ probability = 0 }) => probability),
        detectionScore: Float32Array.from(particles, ({ score }) => score),
        radiusAngstrom: Float32Array.from(particles, ({ radiusAngstrom }) => radiusAngstrom),
        rejection: Uint8Array.from(particles, (one) => (isIdentified ? rejection(one) : UNIDENTIFIED)),
      });
    },
    get results() {
      return { runId: record.id, classIds: classes.map(({ id }) => id), tables: [...tables.values()] };
    },
  };
}

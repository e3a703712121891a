/** What a search tells of what it finds while it goes on. */
import type { Vector3 } from "../../volume/index.js";

/** All that has been found of a tomogram so far. */
export interface FoundSoFar {
  readonly tomogramPath: string;
  readonly particles: readonly FoundParticle[];
  /** They have classes, as far as they are of one. */
  readonly isIdentified: boolean;
}

/** A candidate, with its class as soon as it has one. */
export interface FoundParticle {
  /** From the centre of the first voxel. */
  readonly positionAngstrom: Vector3;
  readonly radiusAngstrom: number;
  /** The detector's probability of a centre here. */
  readonly score: number;
  /** The most probable class; undefined as long as none is known. */
  readonly className?: string | undefined;
  /** Of that class. */
  readonly probability?: number;
  /** It is of that class, and surely enough. */
  readonly isPick: boolean;
}

type Detected = Pick<FoundParticle, "positionAngstrom" | "radiusAngstrom" | "score">;

/** Candidates before they are identified. */
export function detectedSoFar(tomogramPath: string, candidates: readonly Detected[]): FoundSoFar {
  return {
    ...{ tomogramPath, isIdentified: false },
    particles: candidates.map(({ positionAngstrom, radiusAngstrom, score }) => ({
      ...{ positionAngstrom, radiusAngstrom, score, isPick: false },
    })),
  };
}

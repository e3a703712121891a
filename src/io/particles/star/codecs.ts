import type { Steps } from "../../steps.js";
import { scanStarSteps } from "../../text/star/scan.js";
import type { DecodeOptions, Holdings, ParticleCodec } from "../model/codec.js";
import { textOf } from "../model/codec.js";
import type { ParticleList } from "../model/particle-list.js";
import { readParticlesSteps } from "./read.js";
import { particlePieces, type RelionFormat } from "./write.js";

const HOLDS: Holdings = {
  ...({ orientation: true, score: true, classes: "name", tomograms: "name", extra: true } as const),
  images: true,
};

/** RELION's particle list in its versions; they are read alike, whatever the version. */
export const relionCodecs: Readonly<Record<RelionFormat, ParticleCodec>> = {
  "relion3.0": relion("relion3.0", "RELION 3.0 list"),
  "relion3.1": relion("relion3.1", "RELION 3.1 list"),
  relion4: relion("relion4", "RELION 4 list"),
  relion5: { ...relion("relion5", "RELION 5 list"), fileName: /\.star$/i },
  warp: relion("warp", "Warp list"),
  artiax: { ...relion("artiax", "list for ArtiaX"), holds: { ...HOLDS, tomograms: "number" } },
};

function relion(format: RelionFormat, label: string): ParticleCodec {
  return {
    label,
    holds: HOLDS,
    decode,
    encode: (list, { voxelSizeAngstrom, tomogramVoxelSizeAngstrom, ...options }) =>
      particlePieces(
        { ...list, coordinatePixelSizeAngstrom: list.coordinatePixelSizeAngstrom ?? tomogramVoxelSizeAngstrom },
        { format, ...options, coordinatePixelSizeAngstrom: voxelSizeAngstrom },
      ),
  };
}

function* decode(bytes: Uint8Array, { voxelSizeAngstrom, ...options }: DecodeOptions): Steps<ParticleList> {
  const document = yield* scanStarSteps(textOf(bytes), options);
  return yield* readParticlesSteps(document, { ...options, coordinatePixelSizeAngstrom: voxelSizeAngstrom });
}

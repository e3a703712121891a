import { csvCodec } from "../csv/particles.js";
import { relionCodecs } from "../star/particle-codecs.js";
import type { RelionFormat } from "../star/write-particles.js";
import type { ParticleCodec } from "./codec.js";

/** Every format of particle lists, by the name that options use. */
export type ParticleFormat = RelionFormat | "csv";

export const PARTICLE_CODECS: Readonly<Record<ParticleFormat, ParticleCodec>> = {
  ...relionCodecs,
  csv: csvCodec,
};

export const PARTICLE_FORMATS = Object.keys(PARTICLE_CODECS) as readonly ParticleFormat[];

/** The format that a file's name asks for. */
export function particleFormatOfName(name: string): ParticleFormat | undefined {
  return PARTICLE_FORMATS.find((format) => PARTICLE_CODECS[format].fileName?.test(name));
}

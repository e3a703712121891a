import { coordsCodec } from "./coords/coords.js";
import { deepEtPickerCodec } from "./coords/deepetpicker.js";
import { copickCodec } from "./copick/picks.js";
import { cboxCodec } from "./cryolo/cbox.js";
import { napariCodec } from "./csv/napari.js";
import { csvCodec } from "./csv/particles.js";
import { polnetCodec } from "./csv/polnet.js";
import { dynamoCodec } from "./dynamo/table.js";
import { eman2Codec } from "./eman2/boxes.js";
import { imodModelCodec, imodPointsCodec } from "./imod/particles.js";
import type { ParticleCodec } from "./model/codec.js";
import { motlEmCodec } from "./motl/em.js";
import { stopgapCodec } from "./motl/stopgap.js";
import { portalCodec } from "./portal/points.js";
import { shrecCodec } from "./shrec/particles.js";
import { relionCodecs } from "./star/codecs.js";
import type { RelionFormat } from "./star/write.js";
import { deepFinderCodec } from "./xml/deepfinder.js";
import { pytomCodec } from "./xml/pytom.js";

/** Every format of particle lists, by the name that options use. */
export type ParticleFormat =
  | RelionFormat
  | "dynamo"
  | "motl"
  | "stopgap"
  | "imod"
  | "imod-points"
  | "coords"
  | "deepetpicker"
  | "cbox"
  | "eman2"
  | "copick"
  | "portal"
  | "csv"
  | "napari"
  | "polnet"
  | "shrec"
  | "pytom"
  | "deepfinder";

/** In the order in which names are tried: the first whose pattern fits. */
export const PARTICLE_CODECS: Readonly<Record<ParticleFormat, ParticleCodec>> = {
  ...relionCodecs,
  dynamo: dynamoCodec,
  motl: motlEmCodec,
  stopgap: stopgapCodec,
  imod: imodModelCodec,
  "imod-points": imodPointsCodec,
  coords: coordsCodec,
  deepetpicker: deepEtPickerCodec,
  cbox: cboxCodec,
  eman2: eman2Codec,
  copick: copickCodec,
  portal: portalCodec,
  csv: csvCodec,
  napari: napariCodec,
  polnet: polnetCodec,
  shrec: shrecCodec,
  pytom: pytomCodec,
  deepfinder: deepFinderCodec,
};

/** Their names, in the same order. */
export const PARTICLE_FORMATS = Object.keys(PARTICLE_CODECS) as readonly ParticleFormat[];

/** The format that a file's name asks for. */
export function particleFormatOfName(name: string): ParticleFormat | undefined {
  return PARTICLE_FORMATS.find((format) => PARTICLE_CODECS[format].fileName?.test(name));
}

/** What picks can be exported as. */
import { PARTICLE_FORMATS, type ParticleFormat, particleFormatLabel } from "../../../io/index.js";
import type { ExportFormat } from "../../protocol/index.js";

/** The usual ending of each list; copick's picks are a folder. */
const EXTENSIONS: Readonly<Record<ParticleFormat, string>> = {
  "relion3.0": ".star",
  "relion3.1": ".star",
  relion4: ".star",
  relion5: ".star",
  warp: ".star",
  artiax: ".star",
  dynamo: ".tbl",
  motl: ".em",
  stopgap: ".star",
  imod: ".mod",
  "imod-points": ".txt",
  coords: ".coords",
  deepetpicker: ".coords",
  cbox: ".cbox",
  eman2: ".json",
  copick: "",
  portal: ".ndjson",
  csv: ".csv",
  napari: ".csv",
  polnet: ".csv",
  shrec: ".txt",
  pytom: ".xml",
  deepfinder: ".xml",
};

/** Of these a run leaves files of its own. */
const FILES = [
  { id: "masks", name: "Masks of the picks (MRC)", extension: ".mrc" },
  { id: "labels", name: "Labels of all voxels: class and particle (MRC)", extension: ".mrc" },
  { id: "surfaces", name: "Surfaces of the picks, a file a class (PLY)", extension: ".ply" },
  { id: "averages", name: "Averages: maps, half maps, masks, list with poses", extension: ".mrc" },
  { id: "command", name: "The command that does the same", extension: ".sh" },
] as const;

export type FilesFormat = (typeof FILES)[number]["id"];

/** RELION 5 first: what most people want next. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  ...(["relion5", ...PARTICLE_FORMATS.filter((format) => format !== "relion5")] as const).map((id) => ({
    id,
    name: capitalised(particleFormatLabel(id)),
    extension: EXTENSIONS[id],
  })),
  ...FILES,
];

export function isParticleFormat(id: string): id is ParticleFormat {
  return Object.hasOwn(EXTENSIONS, id);
}

export function isFilesFormat(id: string): id is FilesFormat {
  return FILES.some((format) => format.id === id);
}

export function extensionOf(format: ParticleFormat): string {
  return EXTENSIONS[format];
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** How each image of a tilt series was taken, as RELION's tomograms.star and the tilt series' STAR files say it. */
import { FormatError } from "../../errors.js";
import type { ContrastTransfer, Matrix3, Vector3 } from "../../volume/index.js";
import { parseDecimal, quotedExcerpt } from "../text/number.js";
import { findTable, numberColumn, type StarDocument, type StarTable, textColumn } from "../text/star/document.js";
import { rotationOfTilt, rotationRow } from "./projection.js";

/** An image of a tilt series. */
export interface TiltSeriesImage {
  /** The rows are the image's x, its y, and the beam, in the tomogram's axes. */
  readonly rotation: Matrix3;
  /** With the defocus at the tomogram's centre; undefined where no defocus is stated. */
  readonly transfer: ContrastTransfer | undefined;
  /** Electrons per Å^2 before this image, for images that are weighted by it; 0 where it is not stated. */
  readonly exposure: number;
}

/** A tilt series, its images in the file's order. */
export interface TiltSeries {
  readonly name: string;
  readonly images: readonly TiltSeriesImage[];
  /** How defocus grows along the beam, as `rlnTomoHand` says it: 1 or -1. */
  readonly defocusSlope: number;
  /** Half of the tomogram's size, from which depth is counted; undefined where no size is stated. */
  readonly centreAngstrom: Vector3 | undefined;
  /** What was assumed. */
  readonly warnings: readonly string[];
}

/** What tomograms.star says of a tomogram beside its images. */
interface TomogramRow {
  readonly row: number;
  readonly table: StarTable;
  readonly where: string;
}

/** The STAR file that a tomograms.star names for a tilt series' images; undefined where it holds them itself. */
export function tiltSeriesFile(tomograms: StarDocument, tomogram: string, where: string): string | undefined {
  const { table, row } = tomogramRow(tomograms, tomogram, where);
  return table.columns.get("rlnTomoTiltSeriesStarFile")?.[row];
}

/**
 * The images of a tomogram's tilt series.
 * @param tomogram its name as the file has it
 * @param images the file of `tiltSeriesFile`; default: the block of the tomogram's name
 * @throws FormatError that names file, block and row for what is missing, is no number or is no rotation.
 */
export function readTiltSeries(
  tomograms: StarDocument,
  tomogram: string,
  {
    where,
    images,
    imagesWhere = where,
  }: { readonly where: string; readonly images?: StarDocument; readonly imagesWhere?: string },
): TiltSeries {
  const tomogramsRow = tomogramRow(tomograms, tomogram, where);
  const table = images
    ? images.blocks.find(({ tables }) => tables[0]?.kind === "loop")?.tables[0]
    : findTable(tomograms, tomogram);
  if (!table)
    throw new FormatError(`there is no table of the images of ${tomogram}`, imagesWhere, {
      hint: `Give a tomograms.star with a block data_${tomogram}, or with rlnTomoTiltSeriesStarFile.`,
    });
  const place = images ? imagesWhere : `${where}, data_${tomogram}`;
  const warnings: string[] = [];
  const rotations = rotationsOf(table, place);
  const transfers = transfersOf(table, place, tomogramsRow, warnings);
  const exposures = optionalColumn(table, "rlnMicrographPreExposure", place);
  const perElectron = optionalColumn(table, "rlnCtfBfactorPerElectronDose", place);
  if (!exposures) warnings.push(`${place} states no exposure (rlnMicrographPreExposure): images count alike`);
  return {
    name: tomogram,
    images: rotations.map((rotation, row): TiltSeriesImage => {
      const [transfer, exposure] = [transfers?.[row], exposures?.[row] ?? 0];
      const decay = perElectron?.[row] ?? 0;
      if (!transfer || !(decay > 0)) return { rotation, transfer, exposure };
      return { rotation, transfer: { ...transfer, bFactor: (transfer.bFactor ?? 0) + decay * exposure }, exposure: 0 };
    }),
    defocusSlope: globalNumber(tomogramsRow, "rlnTomoHand") ?? assumedSlope(place, warnings),
    centreAngstrom: centreOf(tomogramsRow),
    warnings,
  };
}

function assumedSlope(place: string, warnings: string[]): number {
  warnings.push(`${place} states no hand (rlnTomoHand): -1 is assumed`);
  return -1;
}

function tomogramRow(document: StarDocument, tomogram: string, name: string): TomogramRow {
  const table = findTable(document, "global");
  const where = `${name}, data_global`;
  if (!table) throw new FormatError("there is no data_global table", name, { hint: "Give RELION's tomograms.star." });
  const names = textColumn(table, "rlnTomoName", where);
  const row = names.indexOf(tomogram);
  if (row < 0)
    throw new FormatError(`there is no tomogram "${tomogram}"`, where, {
      hint: `The tomograms are: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", ..." : ""}.`,
    });
  return { table, row, where };
}

/** RELION takes the matrices where they are, else the angles. */
function rotationsOf(table: StarTable, where: string): readonly Matrix3[] {
  const rows = ["X", "Y", "Z"].map((axis) => table.columns.get(`rlnTomoProj${axis}`));
  if (rows.every((row) => row !== undefined))
    return Array.from({ length: table.rowCount }, (_, row) => {
      const at = `${where}, row ${row + 1}`;
      return rotationRow(rows.map((texts) => texts[row]!) as [string, string, string], at);
    });
  if (!table.columns.has("rlnTomoYTilt"))
    throw new FormatError("the tilt images have neither projection matrices nor aligned tilt angles", where, {
      hint: "Align the tilt series: rlnTomoProjX, Y, Z, or rlnTomoXTilt, rlnTomoYTilt and rlnTomoZRot are needed.",
    });
  const about = (name: string) => optionalColumn(table, name, where);
  const [xTilts, yTilts, zRotations] = [about("rlnTomoXTilt"), about("rlnTomoYTilt")!, about("rlnTomoZRot")];
  return Array.from(yTilts, (yTilt, row) => rotationOfTilt(xTilts?.[row] ?? 0, yTilt, zRotations?.[row] ?? 0));
}

function transfersOf(
  table: StarTable,
  where: string,
  tomogram: TomogramRow,
  warnings: string[],
): readonly ContrastTransfer[] | undefined {
  const defocusU = optionalColumn(table, "rlnDefocusU", where);
  if (!defocusU) {
    warnings.push(`${where} states no defocus (rlnDefocusU): contrast transfer is taken for 1`);
    return undefined;
  }
  const column = (name: string) => optionalColumn(table, name, where);
  const defocusV = column("rlnDefocusV");
  const [angles, phases] = [column("rlnDefocusAngle"), column("rlnPhaseShift")];
  const [scales, bFactors] = [column("rlnCtfScalefactor"), column("rlnCtfBfactor")];
  const stated = (name: string, otherwise: number, unit: string) => {
    const value = globalNumber(tomogram, name);
    if (value === undefined) warnings.push(`${tomogram.where} states no ${name}: ${otherwise}${unit} is assumed`);
    return value ?? otherwise;
  };
  const kilovolt = stated("rlnVoltage", 300, " kV");
  const sphericalAberrationMillimetre = stated("rlnSphericalAberration", 2.7, " mm");
  const amplitudeContrast = stated("rlnAmplitudeContrast", 0.1, "");
  return Array.from(defocusU, (u, row) => ({
    ...{ kilovolt, sphericalAberrationMillimetre, amplitudeContrast },
    ...{ defocusUAngstrom: u, defocusVAngstrom: defocusV?.[row] ?? u, defocusAngleDegrees: angles?.[row] ?? 0 },
    ...{ phaseShiftDegrees: phases?.[row] ?? 0, bFactor: bFactors?.[row] ?? 0, scale: scales?.[row] ?? 1 },
  }));
}

function centreOf(tomogram: TomogramRow): Vector3 | undefined {
  const pixel = globalNumber(tomogram, "rlnTomoTiltSeriesPixelSize");
  const [x, y, z] = ["X", "Y", "Z"].map((axis) => globalNumber(tomogram, `rlnTomoSize${axis}`));
  if (pixel === undefined || x === undefined || y === undefined || z === undefined || !(x > 0 && y > 0 && z > 0))
    return undefined; // RELION writes -999 where a size was not given
  return { x: (x * pixel) / 2, y: (y * pixel) / 2, z: (z * pixel) / 2 };
}

/** @throws FormatError for text that is no number. */
function globalNumber({ table, row, where }: TomogramRow, column: string): number | undefined {
  const text = table.columns.get(column)?.[row];
  if (text === undefined) return undefined;
  const value = parseDecimal(text);
  if (value !== undefined) return value;
  throw new FormatError(`${quotedExcerpt(text)} in row ${row + 1} of column _${column} is not a number`, where);
}

function optionalColumn(table: StarTable, column: string, where: string): Float64Array | undefined {
  return table.columns.has(column) ? numberColumn(table, column, where) : undefined;
}

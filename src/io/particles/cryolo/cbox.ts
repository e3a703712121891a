import { FormatError } from "../../../errors.js";
import { findTable, numberColumn, starLoop, starPairs } from "../../text/star/document.js";
import { parseStar } from "../../text/star/parse.js";
import { writeStar } from "../../text/star/write.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { decimalText, positionsInVoxels, scaled, scoreText, voxelSizeToRead } from "../model/placement.js";

/** The data block that tells a `.cbox` file from other STAR files. */
export const CBOX_BLOCK = "cryolo";

/**
 * crYOLO's `.cbox`: STAR with the corner of each box in x and y, its middle section in z, its size and its confidence.
 * Source: crYOLO's documentation of the format, and TomoTwin, which subtracts half the box from x and y alone.
 */
export const cboxCodec: ParticleCodec = {
  label: ".cbox list",
  fileName: /\.cbox$/i,
  holds: { orientation: false, score: true, classes: "one", tomograms: "one", extra: false },
  inVoxels: true,
  decode: decodeCbox,
  encode: encodeCbox,
};

/** TomoTwin's box, in voxels; only what the boxes are drawn with. */
const DEFAULT_BOX = 37;

function decodeCbox(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const table = findTable(parseStar(textOf(bytes), { name }), CBOX_BLOCK);
  if (!table) throw new FormatError(`there is no data_${CBOX_BLOCK} table`, name);
  const [x, y, z, width, height] = ["CoordinateX", "CoordinateY", "CoordinateZ", "Width", "Height"].map((column) =>
    numberColumn(table, column, `${name}, data_${CBOX_BLOCK}`),
  );
  const confidence = table.columns.get("Confidence");
  const voxelSize = voxelSizeToRead(options, name);
  const particles = Array.from({ length: table.rowCount }, (_, i): Particle => {
    const score = Number(confidence?.[i] ?? Number.NaN); // NaN for "<NA>" and the like
    return {
      positionAngstrom: scaled({ x: x[i] + width[i] / 2, y: y[i] + height[i] / 2, z: z[i] }, voxelSize),
      ...(Number.isFinite(score) && { score }),
      extra: {},
    };
  });
  return voxelList(particles, voxelSize);
}

function encodeCbox(list: ParticleList, options: EncodeOptions): string {
  const box = options.boxSizeVoxels ?? DEFAULT_BOX;
  const positions = positionsInVoxels(list, options);
  const column = (name: string, value: (index: number) => string): [string, string[]] => [
    name,
    positions.map((_, i) => value(i)),
  ];
  const edge = decimalText(box);
  const scores = list.particles.map(({ score }) => (score === undefined ? "<NA>" : scoreText(score)));
  const table = starLoop([
    column("CoordinateX", (i) => decimalText(positions[i].x - box / 2)),
    column("CoordinateY", (i) => decimalText(positions[i].y - box / 2)),
    column("CoordinateZ", (i) => decimalText(positions[i].z)),
    ...["Width", "Height", "Depth", "EstWidth", "EstHeight"].map((name) => column(name, () => edge)),
    column("Confidence", (i) => scores[i]),
    column("NumBoxes", () => "<NA>"),
    column("Angle", () => "<NA>"),
  ]);
  const slices = [...new Set(positions.map(({ z }) => Math.round(z)))].sort((a, b) => a - b);
  return writeStar({
    blocks: [
      { name: "global", comments: options.comments, tables: [starPairs([["cbox_format_version", "1.0"]])] },
      { name: CBOX_BLOCK, comments: [], tables: [table] },
      { name: "cryolo_include", comments: [], tables: [starLoop([["slice_index", slices.map(String)]])] },
    ],
  });
}

import { countText } from "../../../count-text.js";
import { FormatError } from "../../../errors.js";
import { plainName } from "../../../plain-name.js";
import { NO_TURN, type Quaternion, quaternionToMatrix, type Vector3 } from "../../../volume/index.js";
import { isRecord, type JsonRecord, numberOf, parseJson } from "../../text/json.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { coordinatePixelSizes, plus, positionsFromFirstVoxel } from "../model/placement.js";
import { matrixOf, rotationOfMatrix } from "../model/rotation-matrix.js";
import { columnNumber } from "../model/score.js";

/**
 * copick's picks: one JSON file for an object in a run, positions in Angstrom, 4x4 matrices from object to tomogram. copick
 * calls its origin the corner of the tomogram, but puts voxel index i at i times the spacing, as its converters and viewers
 * do: the origin is the centre of the first voxel. Source: copick's geometry page and data model.
 */
export const copickCodec: ParticleCodec = {
  label: "copick picks file",
  fileName: /\.json$/i,
  holds: { orientation: true, score: true, classes: "one", tomograms: "one", extra: /^copick_/ },
  decode: decodePicks,
  encode: encodePicks,
};

/** Where copick looks for a picks file, from the project's folder. */
export function copickPath(run: string, object: string, { user = "cosnet", session = "0" } = {}): string {
  return `ExperimentRuns/${plainName(run, { otherwise: "run" })}/Picks/${copickName(user)}_${copickName(session)}_${copickName(object)}.json`;
}

/** A user, session or object in a file's name, where copick separates them by "_". */
export function copickName(name: string): string {
  return plainName(name.replaceAll("_", "-"), { otherwise: "unnamed" });
}

function decodePicks(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const file = parseJson(textOf(bytes), name);
  if (!isRecord(file) || typeof file.pickable_object_name !== "string" || !Array.isArray(file.points ?? []))
    throw new FormatError("not a picks file of copick: pickable_object_name or points is missing", name);
  if (file.unit !== undefined && file.unit !== "angstrom")
    throw new FormatError(`positions are in "${String(file.unit)}", not in Å`, name);
  const trusted = file.trust_orientation !== false;
  const spacing = typeof file.voxel_spacing === "number" && file.voxel_spacing > 0 ? file.voxel_spacing : undefined;
  const run = typeof file.run_name === "string" ? file.run_name : undefined;
  const points = (file.points ?? []) as unknown[];
  let bad = 0;
  const particles = points.map((point, index): Particle => {
    const where = `${name}, point ${index + 1}`;
    if (!isRecord(point) || !isRecord(point.location)) throw new FormatError("there is no location", where);
    const { x, y, z } = point.location;
    const matrix = affineOf(point.transformation_ ?? undefined, where);
    if (trusted && matrix && !matrix.rotation) bad++;
    return {
      positionAngstrom: plus(
        { x: numberOf(x, "x", where), y: numberOf(y, "y", where), z: numberOf(z, "z", where) },
        matrix?.offset ?? { x: 0, y: 0, z: 0 },
      ),
      ...(trusted && matrix?.rotation && { orientation: matrix.rotation }),
      ...(typeof point.score === "number" && { score: numberOf(point.score, "the score", where) }),
      className: file.pickable_object_name as string,
      ...(run !== undefined && { tomogramName: run }),
      extra:
        typeof point.instance_id === "number" && point.instance_id !== 0
          ? { copick_instance_id: String(point.instance_id) }
          : {},
    };
  });
  return voxelList(
    particles,
    options.voxelSizeAngstrom ?? spacing ?? options.tomogramVoxelSizeAngstrom,
    bad > 0
      ? [`the matrices of ${countText(bad, "point")} are not rotations, and their orientations are left out`]
      : [],
  );
}

/** What copick does not know is missing or null. */
function affineOf(value: unknown, where: string): { rotation: Quaternion | undefined; offset: Vector3 } | undefined {
  if (value === undefined) return undefined;
  const rows = matrixOf(value, 4, "transformation_", where);
  return { rotation: rotationOfMatrix(rows), offset: { x: rows[0][3], y: rows[1][3], z: rows[2][3] } };
}

function encodePicks(list: ParticleList, options: EncodeOptions): string {
  const { particles } = list;
  const positions = positionsFromFirstVoxel(list, options);
  const first = particles[0];
  const [stated, ...others] = coordinatePixelSizes(list);
  const spacing =
    options.voxelSizeAngstrom ?? options.tomogramVoxelSizeAngstrom ?? (others.length > 0 ? undefined : stated);
  const oriented = particles.some(({ orientation }) => orientation !== undefined);
  const file: JsonRecord = {
    pickable_object_name: (first && classLabel(first)) ?? "particle",
    user_id: "cosnet",
    session_id: "0",
    run_name: first?.tomogramName ?? null,
    voxel_spacing: spacing ?? null,
    unit: "angstrom",
    points: particles.map(({ orientation, score, extra }, index) => ({
      location: rounded(positions[index]),
      transformation_: affineOfRotation(orientation),
      instance_id: columnNumber(extra, "copick_instance_id") ?? 0,
      ...(score !== undefined && { score }),
    })),
    trust_orientation: oriented,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function rounded({ x, y, z }: Vector3): Vector3 {
  const round = (value: number) => Number(value.toFixed(6)) + 0;
  return { x: round(x), y: round(y), z: round(z) };
}

function affineOfRotation(orientation: Quaternion | undefined): number[][] {
  const m = quaternionToMatrix(orientation ?? NO_TURN).map((value) => Number(value.toFixed(12)) + 0);
  return [
    [...m.slice(0, 3), 0],
    [...m.slice(3, 6), 0],
    [...m.slice(6, 9), 0],
    [0, 0, 0, 1],
  ];
}

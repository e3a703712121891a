// Whether what a reader saw is what was written.

/** Å; formats hold single precision, or numbers of six digits. */
const POSITION_LIMIT_ANGSTROM = 1e-3;
const VOXEL_SIZE_LIMIT = 1e-4;
/** Formats that state no voxel size. */
const WITHOUT_VOXEL_SIZE = ["npy"];

/**
 * The text of a cell.
 * @param seen what the reader printed: shape, values and voxel size; or corners; or positions and what they count in.
 */
export function verdict(seen, { kind, expected }, { shape, voxelSizeAngstrom }) {
  if (expected.positions) return listVerdict(seen, expected.positions, { shape, voxelSizeAngstrom });
  if (expected.corners) return surfaceVerdict(seen, expected.corners);
  if (seen.shape.join() !== shape.join()) return `misread: ${seen.shape.join(" x ")} voxels`;
  if (seen.values.length < expected.values.length)
    return `misread: ${seen.values.length} instead of ${expected.values.length} values`;
  const wrong = expected.values.filter((value, i) => seen.values[i] !== value).length;
  if (wrong > 0) {
    const missing = seen.values.filter((value) => value === null).length;
    return `misread: ${wrong} of ${expected.values.length} voxels wrong${missing > 0 ? `, ${missing} NaN` : ""}`;
  }
  if (WITHOUT_VOXEL_SIZE.includes(kind)) return "right";
  if (typeof seen.voxelSizeAngstrom !== "number") return "right; voxel size not read";
  const isRight = Math.abs(seen.voxelSizeAngstrom / voxelSizeAngstrom - 1) <= VOXEL_SIZE_LIMIT;
  if (!isRight) return `misread: voxel size ${Number(seen.voxelSizeAngstrom.toPrecision(6))}`;
  return expected.originAngstrom ? originVerdict(seen.originAngstrom, expected.originAngstrom) : "right";
}

/** A reader that knows no origin leaves the map at zero. */
function originVerdict(seen, { x, y, z }) {
  if (!seen || seen.every((value) => value === 0)) return "right; origin not taken";
  const isRight = [x, y, z].every((value, axis) => Math.abs(value - seen[axis]) <= POSITION_LIMIT_ANGSTROM);
  return isRight ? "right" : `misread: origin ${seen.map((value) => value.toFixed(1)).join(", ")}`;
}

function surfaceVerdict({ corners, triangles }, expected) {
  if (triangles !== undefined)
    return triangles === expected.length / 9 ? "right: valid" : `misread: ${triangles} triangles`;
  if (corners.length !== expected.length) return `misread: ${corners.length / 9} of ${expected.length / 9} triangles`;
  return expected.every((value, i) => Math.abs(value - corners[i]) <= POSITION_LIMIT_ANGSTROM)
    ? "right"
    : "misread: corners elsewhere";
}

function listVerdict({ positions, from }, expected, { shape, voxelSizeAngstrom }) {
  const [nz, ny, nx] = shape;
  const place =
    {
      voxel: (value) => value * voxelSizeAngstrom,
      centre: (value, axis) => value + ([nx, ny, nz][axis] / 2) * voxelSizeAngstrom,
    }[from] ?? ((value) => value);
  if (positions.length !== expected.length) return `misread: ${positions.length} particles`;
  const isRight = expected.every((position, i) =>
    position.every((value, axis) => Math.abs(place(positions[i][axis], axis) - value) <= POSITION_LIMIT_ANGSTROM),
  );
  return isRight ? "right: positions" : "misread: positions";
}

import { type Axis, forEachFrequency, type TiltGeometry, type Vector3 } from "../../volume/index.js";

/** Which way the beam went through the specimen in the first and the last image of a tilt series, unit vectors. */
export type TiltEnds = readonly [Vector3, Vector3];

/**
 * 1 where a tilt series measured and 0 in its missing wedge, in the order of `Fft3`: between the planes across the two beams, on
 * the side of the images in between, widened by half a Fourier pixel along their mean because a box's finite size blurs its
 * spectrum by that much.
 * @returns `[edge, edge, floor(edge / 2) + 1]`
 */
export function wedgeWeight(edge: number, [first, last]: TiltEnds): Float32Array {
  const weight = new Float32Array(edge * edge * (Math.floor(edge / 2) + 1));
  // Half a pixel along the mean of the beams is this much across each plane.
  const halfPixel = Math.hypot(first.x + last.x, first.y + last.y, first.z + last.z) / 4;
  const isMeasured = (x: number, y: number, z: number): boolean => {
    const a = first.x * x + first.y * y + first.z * z;
    const b = last.x * x + last.y * y + last.z * z;
    return a * b <= 0 || Math.min(Math.abs(a), Math.abs(b)) <= halfPixel;
  };
  const isNyquist = (k: number) => 2 * k === edge;
  forEachFrequency(edge, (at, { x, y, z }) => {
    // A frequency of half a cycle a voxel is its own mirror image along that axis: both are kept or neither.
    const signs = ([k]: readonly [number]) => (isNyquist(k) ? [k, -k] : [k]);
    const measured = signs([x]).some((kx) => signs([y]).some((ky) => signs([z]).some((kz) => isMeasured(kx, ky, kz))));
    if (measured) weight[at] = 1;
  });
  return weight;
}

/** The ends of a series of tilts in degrees about an axis: the image at tilt t lies in the plane z = tan(t) x for y and z. */
export function endsOfTilts(
  [lowest, highest]: readonly [number, number],
  { beamAxis, tiltAxis }: Pick<TiltGeometry, "beamAxis" | "tiltAxis"> = { beamAxis: "z", tiltAxis: "y" },
): TiltEnds {
  const across = AXES.find((axis) => axis !== beamAxis && axis !== tiltAxis)!;
  const beam = (degrees: number): Vector3 => {
    const radians = (degrees * Math.PI) / 180;
    return { x: 0, y: 0, z: 0, [across]: -Math.sin(radians), [beamAxis]: Math.cos(radians) };
  };
  return [beam(lowest), beam(highest)];
}

const AXES: readonly Axis[] = ["x", "y", "z"];

/** The two of these beams that are furthest apart; undefined for none. */
export function endsOfBeams(beams: readonly Vector3[]): TiltEnds | undefined {
  let ends: TiltEnds | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const a of beams)
    for (const b of beams) {
      const cosine = a.x * b.x + a.y * b.y + a.z * b.z;
      if (cosine < least) [least, ends] = [cosine, [a, b]];
    }
  return ends;
}

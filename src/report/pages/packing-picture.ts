import type { Shape3, Vector3 } from "../../volume/index.js";
import { classColour } from "../chart/palette.js";
import type { Picture } from "../picture/png.js";
import { cross, dot, unit } from "../picture/vector.js";

export interface PackingPictureOptions {
  readonly width?: number;
  readonly height?: number;
  /** The direction in which the viewer looks, in voxel axes. */
  readonly view?: Vector3;
}

/** From above and in front: x to the right, y away from the viewer, z up. */
const DEFAULT_VIEW = { x: 0.38, y: 0.72, z: -0.58 };
/** Voxels around a surface point that settle where it faces and how deep in a crevice it lies. */
const SURROUNDINGS = 3;

/**
 * A shaded, orthographic view of what is packed into a volume: class numbers `[nz, ny, nx]`, 0 where nothing is, each class in
 * its colour, on a transparent ground. Every pixel's ray goes through the volume voxel by voxel to the first label.
 */
export function packingPicture(labels: Uint8Array, shape: Shape3, options: PackingPictureOptions = {}): Picture {
  const { width = 900, height = 640, view = DEFAULT_VIEW } = options;
  const [nz, ny, nx] = shape;
  const away = unit(view);
  const right = unit(cross(away, { x: 0, y: 0, z: 1 }));
  const up = cross(right, away);
  const extent = (axis: Vector3) => Math.abs(axis.x) * nx + Math.abs(axis.y) * ny + Math.abs(axis.z) * nz;
  const voxelsPerPixel = Math.max(extent(right) / width, extent(up) / height) * 1.02;
  const depth = extent(away);
  const light = unit({
    x: -away.x - 0.55 * right.x + 0.7 * up.x,
    y: -away.y - 0.55 * right.y + 0.7 * up.y,
    z: -away.z - 0.55 * right.z + 0.7 * up.z,
  });
  const neighbours = neighboursOf(away);
  /** How a voxel looks from there: three bytes. */
  const colourOf = (hit: Hit): readonly number[] => {
    const { normal, openness } = surroundings(labels, shape, hit, { neighbours, away });
    const facing = Math.max(0, -dot(normal, away));
    const diffuse = Math.max(0, dot(normal, light));
    const shade = (0.3 + 0.62 * diffuse + 0.16 * facing) * (0.35 + 0.65 * openness);
    const shine = 0.14 * diffuse ** 24;
    return classColour(labels[hit.index] - 1).map((value) => {
      const linear = (value / 255) ** 2.2 * shade + shine;
      return Math.round(255 * Math.min(1, linear) ** (1 / 2.2));
    });
  };
  const colours = new Map<number, readonly number[]>(); // of a small volume each voxel is many pixels
  const pixels = new Uint8Array(4 * width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const across = (column - (width - 1) / 2) * voxelsPerPixel;
      const above = ((height - 1) / 2 - row) * voxelsPerPixel;
      const start = {
        x: (nx - 1) / 2 + across * right.x + above * up.x - (depth / 2) * away.x,
        y: (ny - 1) / 2 + across * right.y + above * up.y - (depth / 2) * away.y,
        z: (nz - 1) / 2 + across * right.z + above * up.z - (depth / 2) * away.z,
      };
      const hit = firstLabel(labels, shape, start, away);
      if (hit === undefined) continue;
      const at = 4 * (row * width + column);
      const colour = colours.get(hit.index) ?? colourOf(hit);
      colours.set(hit.index, colour);
      pixels.set(colour, at);
      pixels[at + 3] = 255;
    }
  return { width, height, channels: 4, pixels };
}

interface Hit {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly index: number;
}

function firstLabel(labels: Uint8Array, [nz, ny, nx]: Shape3, start: Vector3, step: Vector3): Hit | undefined {
  // The part of the ray inside the box, by slabs.
  const alongX = slab(start.x, step.x, nx);
  const alongY = slab(start.y, step.y, ny);
  const alongZ = slab(start.z, step.z, nz);
  if (!alongX || !alongY || !alongZ) return undefined;
  const enter = Math.max(0, alongX.enter, alongY.enter, alongZ.enter);
  const leave = Math.min(alongX.leave, alongY.leave, alongZ.leave);
  for (let way = enter; way <= leave; way += 0.7) {
    const x = Math.round(start.x + way * step.x);
    const y = Math.round(start.y + way * step.y);
    const z = Math.round(start.z + way * step.z);
    const index = (z * ny + y) * nx + x;
    if (labels[index] > 0) return { x, y, z, index };
  }
  return undefined;
}

/** Where a ray is between the faces across one axis. */
function slab(start: number, step: number, length: number): { enter: number; leave: number } | undefined {
  if (Math.abs(step) < 1e-9)
    return start < -0.5 || start > length - 0.5 ? undefined : { enter: 0, leave: Number.POSITIVE_INFINITY };
  const first = (-0.499 - start) / step;
  const last = (length - 0.501 - start) / step;
  return { enter: Math.min(first, last), leave: Math.max(first, last) };
}

/** The voxels around one: their steps along x, y and z, three numbers each, and whether they are on the viewer's side. */
interface Neighbours {
  readonly steps: Int8Array;
  readonly isNear: Uint8Array;
  readonly nearCount: number;
}

function neighboursOf(away: Vector3): Neighbours {
  const steps: number[] = [];
  const near: number[] = [];
  for (let dz = -SURROUNDINGS; dz <= SURROUNDINGS; dz++)
    for (let dy = -SURROUNDINGS; dy <= SURROUNDINGS; dy++)
      for (let dx = -SURROUNDINGS; dx <= SURROUNDINGS; dx++) {
        if (dx * dx + dy * dy + dz * dz > SURROUNDINGS ** 2 + 1) continue;
        steps.push(dx, dy, dz);
        near.push(dx * away.x + dy * away.y + dz * away.z < -0.5 ? 1 : 0);
      }
  const nearCount = near.filter((isNear) => isNear === 1).length;
  return { steps: Int8Array.from(steps), isNear: Uint8Array.from(near), nearCount };
}

/** Where the surface faces, from the centre of mass of the same label around it, and the empty share of the near half. */
function surroundings(
  labels: Uint8Array,
  [nz, ny, nx]: Shape3,
  hit: Hit,
  { neighbours, away }: { readonly neighbours: Neighbours; readonly away: Vector3 },
) {
  const { steps, isNear, nearCount } = neighbours;
  const own = labels[hit.index];
  let [x, y, z, occupied] = [0, 0, 0, 0];
  for (let i = 0, at = 0; i < isNear.length; i++, at += 3) {
    const [px, py, pz] = [hit.x + steps[at], hit.y + steps[at + 1], hit.z + steps[at + 2]];
    if (px < 0 || py < 0 || pz < 0 || px >= nx || py >= ny || pz >= nz) continue;
    const label = labels[(pz * ny + py) * nx + px];
    if (label === 0) continue;
    occupied += isNear[i];
    if (label !== own) continue;
    x -= steps[at];
    y -= steps[at + 1];
    z -= steps[at + 2];
  }
  const length = Math.hypot(x, y, z);
  const normal =
    length > 1e-6 ? { x: x / length, y: y / length, z: z / length } : { x: -away.x, y: -away.y, z: -away.z };
  return { normal, openness: Math.max(0, 1 - (1.4 * occupied) / nearCount) };
}

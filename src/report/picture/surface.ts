import type { SurfaceMesh, Vector3 } from "../../volume/index.js";
import type { Colour } from "../chart/palette.js";
import type { Picture } from "./png.js";
import { cross, dot, unit } from "./vector.js";

/** Size and view of a picture of surfaces. */
export interface SurfacePictureOptions {
  /** Edge of the square picture in pixels. */
  readonly size?: number;
  /** Rows and columns are rendered this many times finer, then averaged. */
  readonly supersampling?: number;
  /** What the picture shows, in voxels: the centre of the view, and the edge of the square seen. */
  readonly centre: Vector3;
  readonly extent: number;
  /** The direction in which the viewer looks, and what is up in the picture, in voxel axes. */
  readonly view?: Vector3;
  readonly up?: Vector3;
}

/** From above and in front of the box: x to the right, y away from the viewer, z up. */
const DEFAULT_VIEW = { x: 0.35, y: 0.75, z: -0.56 };

/**
 * A shaded picture of a mesh on a transparent ground: orthographic, three lights, and a darkening of creases by how much of
 * each point's surroundings lies in front of it (screen-space ambient occlusion), drawn by the CPU alone.
 */
export function surfacePicture(mesh: SurfaceMesh, colour: Colour, options: SurfacePictureOptions): Picture {
  const { size = 144, supersampling = 2 } = options;
  const fine = size * supersampling;
  const depth = new Float32Array(fine * fine).fill(-Infinity);
  const normal = new Float32Array(3 * fine * fine);
  rasterise(mesh, options, { fine, depth, normal });
  const shade = shadePixels({ fine, depth, normal }, options.extent);
  const pixels = new Uint8Array(4 * size * size);
  const linear = colour.map((value) => (value / 255) ** 2.2);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      let covered = 0;
      let diffuse = 0;
      let shine = 0;
      for (let sub = 0; sub < supersampling ** 2; sub++) {
        const row = y * supersampling + Math.floor(sub / supersampling);
        const at = row * fine + x * supersampling + (sub % supersampling);
        if (depth[at] === -Infinity) continue;
        covered++;
        diffuse += shade[2 * at];
        shine += shade[2 * at + 1];
      }
      if (covered === 0) continue;
      const to = 4 * (y * size + x);
      for (let channel = 0; channel < 3; channel++) {
        const light = (linear[channel] * diffuse + shine) / covered;
        pixels[to + channel] = Math.round(255 * Math.min(1, light) ** (1 / 2.2));
      }
      pixels[to + 3] = Math.round((255 * covered) / supersampling ** 2);
    }
  return { width: size, height: size, channels: 4, pixels };
}

interface Buffers {
  readonly fine: number;
  /** Nearness to the viewer in voxels, -Infinity where nothing is. */
  readonly depth: Float32Array;
  /** Unit normals in view axes (right, up, towards the viewer). */
  readonly normal: Float32Array;
}

function rasterise(mesh: SurfaceMesh, options: SurfacePictureOptions, { fine, depth, normal }: Buffers): void {
  const { centre, extent, view = DEFAULT_VIEW, up = { x: 0, y: 0, z: 1 } } = options;
  const away = unit(view);
  const right = unit(cross(away, up));
  const above = cross(right, away);
  const vertexCount = mesh.positions.length / 3;
  const screen = new Float32Array(mesh.positions.length);
  const rotated = new Float32Array(mesh.positions.length);
  for (let v = 0; v < vertexCount; v++) {
    const p = { x: mesh.positions[3 * v], y: mesh.positions[3 * v + 1], z: mesh.positions[3 * v + 2] };
    const q = { x: p.x - centre.x, y: p.y - centre.y, z: p.z - centre.z };
    screen[3 * v] = (dot(q, right) / extent + 0.5) * fine - 0.5;
    screen[3 * v + 1] = (0.5 - dot(q, above) / extent) * fine - 0.5;
    screen[3 * v + 2] = -dot(q, away);
    const n = { x: mesh.normals[3 * v], y: mesh.normals[3 * v + 1], z: mesh.normals[3 * v + 2] };
    rotated[3 * v] = dot(n, right);
    rotated[3 * v + 1] = dot(n, above);
    rotated[3 * v + 2] = -dot(n, away);
  }
  for (let t = 0; t < mesh.triangles.length; t += 3) {
    const [a, b, c] = [3 * mesh.triangles[t], 3 * mesh.triangles[t + 1], 3 * mesh.triangles[t + 2]];
    const [ax, ay, bx, by, cx, cy] = [screen[a], screen[a + 1], screen[b], screen[b + 1], screen[c], screen[c + 1]];
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0) continue;
    const firstX = Math.max(0, Math.ceil(Math.min(ax, bx, cx)));
    const lastX = Math.min(fine - 1, Math.floor(Math.max(ax, bx, cx)));
    const firstY = Math.max(0, Math.ceil(Math.min(ay, by, cy)));
    const lastY = Math.min(fine - 1, Math.floor(Math.max(ay, by, cy)));
    for (let y = firstY; y <= lastY; y++)
      for (let x = firstX; x <= lastX; x++) {
        const wb = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / area;
        const wc = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / area;
        const wa = 1 - wb - wc;
        if (wa < 0 || wb < 0 || wc < 0) continue;
        const near = wa * screen[a + 2] + wb * screen[b + 2] + wc * screen[c + 2];
        const at = y * fine + x;
        if (near <= depth[at]) continue;
        depth[at] = near;
        for (let axis = 0; axis < 3; axis++)
          normal[3 * at + axis] = wa * rotated[a + axis] + wb * rotated[b + axis] + wc * rotated[c + axis];
      }
  }
}

/** Key and fill light in view axes; the key light also makes the highlight. */
const KEY = unit({ x: -0.45, y: 0.65, z: 0.62 });
const FILL = unit({ x: 0.8, y: 0.1, z: 0.45 });
const HALF_WAY = unit({ x: KEY.x, y: KEY.y, z: KEY.z + 1 });

/** Two numbers a pixel: how much of the object's own colour is lit, and the white highlight on top of it. */
function shadePixels(buffers: Buffers, extent: number): Float32Array {
  const { fine, depth, normal } = buffers;
  const shade = new Float32Array(2 * fine * fine);
  const occlusion = occlusionSampler(buffers, extent);
  for (let y = 0; y < fine; y++)
    for (let x = 0; x < fine; x++) {
      const at = y * fine + x;
      if (depth[at] === -Infinity) continue;
      const length = Math.hypot(normal[3 * at], normal[3 * at + 1], normal[3 * at + 2]) || 1;
      const nx = normal[3 * at] / length;
      const ny = normal[3 * at + 1] / length;
      const nz = normal[3 * at + 2] / length;
      const openness = 1 - occlusion(x, y);
      const ambient = 0.3 + 0.16 * ny;
      const key = Math.max(0, nx * KEY.x + ny * KEY.y + nz * KEY.z);
      const fill = Math.max(0, nx * FILL.x + ny * FILL.y + nz * FILL.z);
      const rim = 0.55 + 0.45 * Math.min(1, Math.max(0, nz) * 2.2); // edges that turn away darken: a soft contour line
      shade[2 * at] = 1.12 * rim * (ambient * openness ** 1.6 + (0.72 * key + 0.2 * fill) * (0.35 + 0.65 * openness));
      shade[2 * at + 1] = 0.16 * Math.max(0, nx * HALF_WAY.x + ny * HALF_WAY.y + nz * HALF_WAY.z) ** 24 * openness;
    }
  return shade;
}

const OCCLUSION_SAMPLES = 20;
/** How far around a point the occlusion looks, in voxels. */
const OCCLUSION_REACH = 3;

/** Gives the part of a pixel's surroundings that lies in front of its tangent plane, from 0 (open) to 1. */
function occlusionSampler({ fine, depth, normal }: Buffers, extent: number): (x: number, y: number) => number {
  const voxelsPerPixel = extent / fine;
  const shiftX = new Int32Array(OCCLUSION_SAMPLES);
  const shiftY = new Int32Array(OCCLUSION_SAMPLES);
  for (let i = 0; i < OCCLUSION_SAMPLES; i++) {
    // a spiral by the golden angle, even in area
    const radius = (OCCLUSION_REACH / voxelsPerPixel) * Math.sqrt((i + 0.5) / OCCLUSION_SAMPLES);
    shiftX[i] = Math.round(radius * Math.cos(2.399963 * i));
    shiftY[i] = Math.round(radius * Math.sin(2.399963 * i));
  }
  return (x, y) => {
    const at = y * fine + x;
    const facing = Math.max(0.25, normal[3 * at + 2]);
    const slopeX = (-normal[3 * at] / facing) * voxelsPerPixel;
    const slopeY = (normal[3 * at + 1] / facing) * voxelsPerPixel; // rows go down, the view's up axis goes up
    let hidden = 0;
    for (let i = 0; i < OCCLUSION_SAMPLES; i++) {
      const sx = x + shiftX[i];
      const sy = y + shiftY[i];
      if (sx < 0 || sy < 0 || sx >= fine || sy >= fine) continue;
      const above = (depth[sy * fine + sx] - depth[at] - shiftX[i] * slopeX - shiftY[i] * slopeY) / (extent / 8);
      if (above > 0.04) hidden += Math.min(1, above * 2.5);
    }
    return Math.min(1, (hidden / OCCLUSION_SAMPLES) * 1.35);
  };
}

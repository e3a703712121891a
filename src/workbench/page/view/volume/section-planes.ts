/** The three sections where they are in space. */
import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DoubleSide,
  Group,
  LinearFilter,
  Mesh,
  MeshBasicMaterial,
  type Plane,
  RGBAFormat,
  SRGBColorSpace,
} from "three";
import type { Axis, Section, TomogramInfo, VoxelPosition } from "../../../protocol/index.js";
import { AXES, PANE_AXES, voxelsAlong } from "../geometry/pane-axes.js";
import { type GreyScale, paintGreys, pictureSize } from "../sections/grey-picture.js";

export interface SectionPlanes {
  readonly group: Group;
  show(sections: Readonly<Record<Axis, Section | undefined>>, at: VoxelPosition, scale: GreyScale): void;
  dispose(): void;
}

export function createSectionPlanes(shape: TomogramInfo["shape"], clipping: Plane): SectionPlanes {
  const group = new Group();
  const planes = AXES.map((axis) => ({ axis, ...createPlane(axis, shape, clipping) }));
  for (const { mesh } of planes) group.add(mesh);
  return {
    group,
    show(sections, at, scale) {
      for (const { axis, mesh, paint } of planes) {
        mesh.position[axis] = at[axis];
        paint(sections[axis], scale);
      }
    },
    dispose() {
      for (const { mesh } of planes) {
        mesh.geometry.dispose();
        mesh.material.map?.dispose();
        mesh.material.dispose();
      }
    },
  };
}

function createPlane(axis: Axis, shape: TomogramInfo["shape"], clipping: Plane) {
  const material = new MeshBasicMaterial({ side: DoubleSide, clippingPlanes: [clipping] });
  const mesh = new Mesh(planeGeometry(axis, shape), material);
  mesh.visible = false;
  let picture: ReturnType<typeof emptyPicture> | undefined;
  let painted: { readonly section: Section; readonly scale: GreyScale } | undefined;
  const paint = (section: Section | undefined, scale: GreyScale) => {
    mesh.visible = section !== undefined;
    const isSame =
      painted?.section === section &&
      painted?.scale.isInverted === scale.isInverted &&
      painted?.scale.range.every((end, index) => end === scale.range[index]);
    if (!section || isSame) return;
    painted = { section, scale };
    const [width, height] = pictureSize(section, axis);
    if (!picture) {
      picture = emptyPicture(width, height);
      material.map = picture.texture;
      material.needsUpdate = true;
    }
    paintGreys(picture.pixels, section, axis, scale);
    picture.texture.needsUpdate = true;
  };
  return { mesh, paint };
}

function emptyPicture(width: number, height: number) {
  const pixels = new Uint8ClampedArray(4 * width * height);
  const texture = new DataTexture(pixels, width, height, RGBAFormat);
  texture.colorSpace = SRGBColorSpace;
  texture.minFilter = texture.magFilter = LinearFilter;
  return { pixels, texture };
}

/** From the outer faces of the first voxels to those of the last; the picture's first row is at the first voxel. */
function planeGeometry(axis: Axis, shape: TomogramInfo["shape"]): BufferGeometry {
  const { horizontal, vertical } = PANE_AXES[axis];
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ] as const;
  const positions = corners.flatMap(([right, down]) => {
    const corner = { x: 0, y: 0, z: 0 };
    corner[horizontal] = right * voxelsAlong(shape, horizontal) - 0.5;
    corner[vertical] = down * voxelsAlong(shape, vertical) - 0.5;
    return [corner.x, corner.y, corner.z];
  });
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(positions), 3));
  geometry.setAttribute("uv", new BufferAttribute(Float32Array.from(corners.flat()), 2));
  geometry.setIndex([0, 1, 2, 0, 2, 3]);
  return geometry;
}

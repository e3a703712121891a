import { packageVersion, type StagedFiles } from "../../files/disk/index.js";
import { type SurfacePart, writeGlb, writePly, writeStl } from "../../io/index.js";
import { plainName } from "../../plain-name.js";
import { breathe } from "../../progress.js";
import { classColour } from "../../report/index.js";
import { placeMesh, type SurfaceMesh } from "../../volume/index.js";
import type { SegmentSettings, SurfaceFormat } from "./options.js";
import type { Segmentation } from "./segmentation.js";
import { createShapes } from "./shapes.js";
import type { MeasuredShape } from "./tables.js";

const WRITERS = { stl: writeStl, ply: writePly, glb: writeGlb } as const;

/** One surface of a file. */
interface NamedMesh {
  readonly name: string;
  readonly mesh: SurfaceMesh;
}

/**
 * Measures every particle and writes the surfaces, class by class so that only one class's are in memory. Gives the shapes and
 * the names of the files of whole classes.
 * @throws FileError; ConfigError when a format cannot hold so much; AbortError.
 */
export async function measureAndWriteSurfaces(
  files: StagedFiles,
  { particles, classes, grid, network }: Segmentation,
  { surfaces: formats, surfacePerParticle, signal, onProgress }: SegmentSettings,
): Promise<{ shapes: MeasuredShape[]; surfaces: string[] }> {
  const shapeOf = createShapes(particles, { together: grid !== undefined });
  const shapes = new Array<MeasuredShape>(particles.length);
  const surfaces: string[] = [];
  const origin = grid?.originAngstrom;
  const comment = `cosnet ${packageVersion()}: positions in Angstrom from the centre of ${grid ? "the tomogram's" : "each box's"} first voxel${origin ? ", which is at the tomogram's origin" : ""}`;
  let done = 0;
  for (const [classIndex, className] of classes.names.entries()) {
    const colour = classColour(classIndex);
    const write = (stem: string, meshes: readonly NamedMesh[]) =>
      writeSurfaces(files, stem, meshes, { formats, colour, comment });
    const meshes: NamedMesh[] = [];
    for (const [index, particle] of particles.entries()) {
      if (particle.classIndex !== classIndex) continue;
      const { mesh, ...measured } = shapeOf(index);
      shapes[index] = measured;
      onProgress?.({ stage: "measuring shapes", done: ++done, total: particles.length });
      if (done % 16 === 0) await breathe(signal);
      if (formats.length === 0) continue;
      const placed = origin ? placeMesh(mesh, 1, origin) : mesh;
      const named = { name: `particle-${String(index + 1).padStart(6, "0")}`, mesh: placed };
      meshes.push(named);
      if (surfacePerParticle) await write(`surfaces/particles/${named.name}`, [named]);
    }
    if (meshes.length === 0) continue;
    const placed = grid ? meshes : layOut(meshes, network.edge * network.voxelSizeAngstrom);
    surfaces.push(...(await write(surfaceStem(className, classes.labels[classIndex]!), placed)));
  }
  return { shapes, surfaces };
}

/** Writes meshes as one file in each format, under `stem` and the format's ending. Gives the names. */
async function writeSurfaces(
  files: StagedFiles,
  stem: string,
  meshes: readonly NamedMesh[],
  {
    formats,
    colour,
    comment,
  }: { formats: readonly SurfaceFormat[]; colour: NonNullable<SurfacePart["colour"]>; comment: string },
): Promise<string[]> {
  const parts: SurfacePart[] = meshes.map(({ name, mesh }) => ({ name, mesh, colour }));
  const names: string[] = [];
  for (const format of formats) {
    const name = `${stem}.${format}`;
    await files.writeChunks(name, WRITERS[format](parts, { comment }));
    names.push(name);
  }
  return names;
}

/** The label keeps names apart that become alike. */
function surfaceStem(name: string, label: number): string {
  const plain = plainName(name, { otherwise: "", longestBytes: 60 });
  return `surfaces/class-${label}${plain && `-${plain}`}`;
}

/** Boxes without a common tomogram side by side in rows along x, so that they can be looked at together. */
function layOut(meshes: readonly NamedMesh[], spacingAngstrom: number): NamedMesh[] {
  const columns = Math.ceil(Math.sqrt(meshes.length));
  return meshes.map(({ name, mesh }, i) => ({
    name,
    mesh: placeMesh(mesh, 1, {
      x: (i % columns) * spacingAngstrom,
      y: Math.floor(i / columns) * spacingAngstrom,
      z: 0,
    }),
  }));
}

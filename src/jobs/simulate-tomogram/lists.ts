import { type Particle, parseStar, type StarTable, starLoop, writeParticles, writeStar } from "../../io/index.js";
import type { BoxPlace, PlacedParticle, PlacedStructure, TiltPlan } from "../../simulate/index.js";
import type { Shape3, Vector3 } from "../../volume/index.js";

/** What every list says at its head, and what its columns need. */
export interface ListContext {
  readonly shape: Shape3;
  readonly voxelSizeAngstrom: number;
  readonly classNames: readonly string[];
  readonly plan: TiltPlan;
  readonly comments: readonly string[];
}

const TOMOGRAM_NAME = "tomogram";

/** All particles with their exact poses: RELION 5, positions from the tomogram's centre. */
export function allParticlesList(particles: readonly PlacedParticle[], context: ListContext): string {
  return list(
    particles.map((particle) => ({
      ...row(particle, context),
      tomogramName: TOMOGRAM_NAME,
      extra: { cosnetInstance: String(particle.instance) },
    })),
    "relion5",
    context,
  );
}

/** One box of a list of subtomograms. */
export interface ListedBox {
  readonly particle: PlacedParticle;
  readonly place: BoxPlace;
  readonly imageName: string | undefined;
  readonly maskName: string | undefined;
}

/**
 * The particles that boxes were cut around, for the tomogram beside the list: RELION 3.1, whose pixel coordinates count
 * from the first voxel. The coordinates are the boxes' centre voxels, because RELION cuts at their whole part; what is
 * left to the particle's exact centre is its origin (position = coordinate - origin).
 */
export function boxesList(
  boxes: readonly ListedBox[],
  tomogramName: string,
  boxSize: number,
  context: ListContext,
): string {
  const text = list(
    boxes.map(({ particle, place, imageName, maskName }) => ({
      ...row(particle, context),
      tomogramName,
      ...(imageName !== undefined && { imageName }),
      extra: {
        cosnetInstance: String(particle.instance),
        cosnetOutsideFraction: place.outsideFraction.toFixed(4),
        ...(maskName !== undefined && { cosnetMaskName: maskName }),
      },
    })),
    "relion3.1",
    context,
    boxSize,
  );
  const replaced = new Map<string, readonly string[]>();
  for (const [axis, i] of [
    ["x", 0],
    ["y", 1],
    ["z", 2],
  ] as const) {
    const name = axis.toUpperCase();
    const origin = ({ place }: ListedBox) => -place.remainderVoxels[axis] * context.voxelSizeAngstrom;
    replaced.set(
      `rlnCoordinate${name}`,
      boxes.map(({ place }) => place.centre[i].toFixed(6)),
    );
    replaced.set(
      `rlnOrigin${name}Angst`,
      boxes.map((box) => origin(box).toFixed(6)),
    );
  }
  const document = parseStar(text);
  return writeStar({
    blocks: document.blocks.map((block) =>
      block.name === "particles"
        ? { ...block, tables: block.tables.map((table) => withColumns(table, replaced)) }
        : block,
    ),
  });
}

function withColumns(table: StarTable, replaced: ReadonlyMap<string, readonly string[]>): StarTable {
  return starLoop([...table.columns].map(([name, values]) => [name, replaced.get(name) ?? values]));
}

function row(
  { positionAngstrom, orientation, complexIndex }: PlacedParticle,
  { classNames }: ListContext,
): Omit<Particle, "extra"> {
  return { positionAngstrom, orientation, classNumber: complexIndex + 1, className: classNames[complexIndex] ?? "" };
}

function list(
  particles: readonly Particle[],
  format: "relion5" | "relion3.1",
  { shape, voxelSizeAngstrom, plan, comments }: ListContext,
  boxSize?: number,
): string {
  const { kilovolt, sphericalAberrationMillimetre, amplitudeContrast } = plan.imaging;
  return writeParticles(
    {
      particles,
      origin: "first-voxel",
      voxelSizeAngstrom,
      coordinatePixelSizeAngstrom: voxelSizeAngstrom,
      warnings: [],
    },
    {
      format,
      tomogramSizesAngstrom: new Map([[TOMOGRAM_NAME, sizeAngstrom(shape, voxelSizeAngstrom)]]),
      comments,
      microscope: {
        kilovolt,
        sphericalAberrationMillimetre,
        amplitudeContrast,
        ...(boxSize !== undefined && { boxSize }),
      },
    },
  );
}

function sizeAngstrom([nz, ny, nx]: Shape3, voxel: number): Vector3 {
  return { x: nx * voxel, y: ny * voxel, z: nz * voxel };
}

/** RELION's tomograms.star: what turns centred positions into positions from the corner. */
export function tomogramsList({ shape: [nz, ny, nx], voxelSizeAngstrom, plan, comments }: ListContext): string {
  const { kilovolt, sphericalAberrationMillimetre, amplitudeContrast } = plan.imaging;
  const table = starLoop([
    ["rlnTomoName", [TOMOGRAM_NAME]],
    ["rlnVoltage", [String(kilovolt)]],
    ["rlnSphericalAberration", [String(sphericalAberrationMillimetre)]],
    ["rlnAmplitudeContrast", [String(amplitudeContrast)]],
    ["rlnTomoTiltSeriesPixelSize", [String(voxelSizeAngstrom)]],
    ["rlnTomoTomogramBinning", ["1"]],
    ["rlnTomoSizeX", [String(nx)]],
    ["rlnTomoSizeY", [String(ny)]],
    ["rlnTomoSizeZ", [String(nz)]],
  ]);
  return writeStar({ blocks: [{ name: "global", comments: [...comments, "version 50001"], tables: [table] }] });
}

/** Every image's geometry, dose and optics, in the order of the stack. */
export function tiltsList({ plan, comments }: ListContext): string {
  const { tilts } = plan;
  const column = (name: string, value: (tilt: (typeof tilts)[number]) => number): [string, string[]] => [
    name,
    tilts.map((tilt) => value(tilt).toFixed(6)),
  ];
  const astigmatism = plan.imaging.astigmatismMicrometre / 2;
  const table = starLoop([
    ["rlnTomoTiltMovieFrameCount", tilts.map(() => "1")],
    column("rlnTomoNominalStageTiltAngle", ({ tiltDegrees }) => tiltDegrees),
    column("rlnTomoYTilt", ({ tiltDegrees }) => tiltDegrees),
    column("rlnTomoXShiftAngst", () => 0),
    column("rlnTomoYShiftAngst", () => 0),
    column("rlnMicrographPreExposure", ({ priorDoseElectronPerSquareAngstrom: dose }) => dose),
    column("cosnetDose", ({ doseElectronPerSquareAngstrom: dose }) => dose),
    column("rlnDefocusU", ({ optics }) => 1e4 * (optics.defocusMicrometre + astigmatism)),
    column("rlnDefocusV", ({ optics }) => 1e4 * (optics.defocusMicrometre - astigmatism)),
    column("rlnDefocusAngle", ({ optics }) => optics.astigmatismDegrees),
    column("cosnetTrueTiltDegrees", ({ trueTiltDegrees }) => trueTiltDegrees),
    column("cosnetTrueShiftXAngst", ({ shiftAngstrom }) => shiftAngstrom.x),
    column("cosnetTrueShiftYAngst", ({ shiftAngstrom }) => shiftAngstrom.y),
  ]);
  return writeStar({ blocks: [{ name: TOMOGRAM_NAME, comments, tables: [table] }] });
}

/** Vesicles, filaments and gold. */
export function structuresList(structures: readonly PlacedStructure[], { comments }: ListContext): string {
  const table = starLoop([
    ["cosnetInstance", structures.map(({ instance }) => String(instance))],
    ["cosnetClassName", structures.map(({ kind }) => kind)],
    ["rlnClassNumber", structures.map(({ classNumber }) => String(classNumber))],
    ...(["x", "y", "z"] as const).map((axis): [string, string[]] => [
      `cosnetPosition${axis.toUpperCase()}Angst`,
      structures.map(({ positionAngstrom }) => positionAngstrom[axis].toFixed(3)),
    ]),
    ["cosnetSizeAngst", structures.map(({ sizeAngstrom }) => sizeAngstrom.map((size) => size.toFixed(1)).join(","))],
  ]);
  return writeStar({ blocks: [{ name: "structures", comments, tables: [table] }] });
}

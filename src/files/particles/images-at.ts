import type { Particle, ParticleList, TiltSeries, TiltSeriesImage } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import type { WarningCounter } from "./warning-counter.js";

/** The images of a tilt series with the defocus that they have where a particle is: it changes with depth along the beam. */
export function imagesAt(
  particle: Particle,
  { origin }: Pick<ParticleList, "origin">,
  series: TiltSeries,
  doubts: WarningCounter,
): readonly TiltSeriesImage[] {
  const fromCentre = imageFromCentre(particle, origin === "tomogram-centre" ? ZERO : series.centreAngstrom);
  if (!fromCentre) {
    doubts.add("a particle's depth is not known: its defocus is taken to be that of the tomogram's centre");
    return series.images;
  }
  const { x, y, z } = fromCentre;
  return series.images.map((image) => {
    if (!image.transfer) return image;
    const [, , , , , , beamX, beamY, beamZ] = image.rotation;
    const more = series.defocusSlope * (beamX * x + beamY * y + beamZ * z);
    const { defocusUAngstrom: u, defocusVAngstrom: v } = image.transfer;
    return { ...image, transfer: { ...image.transfer, defocusUAngstrom: u + more, defocusVAngstrom: v + more } };
  });
}

/** From the tomogram's centre to that of the particle's image. */
function imageFromCentre(
  { positionAngstrom: position, imageOriginAngstrom: origin = ZERO }: Particle,
  centre: Vector3 | undefined,
): Vector3 | undefined {
  if (!position || !centre) return undefined;
  const along = (axis: "x" | "y" | "z") => position[axis] + origin[axis] - centre[axis];
  return { x: along("x"), y: along("y"), z: along("z") };
}

const ZERO: Vector3 = { x: 0, y: 0, z: 0 };

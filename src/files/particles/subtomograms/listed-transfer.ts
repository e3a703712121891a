/** The contrast transfer of a particle's own box, where its list states it. */
import { FormatError } from "../../../errors.js";
import type { Particle, ParticleList } from "../../../io/index.js";
import { contrastTransferFunction, forEachFrequency } from "../../../volume/index.js";

/** What a list says of how a box was imaged. */
export interface ListedTransfer {
  /** `[edge, edge, floor(edge / 2) + 1]`, in the order of `Fft3`: from -1 to 1. */
  readonly transfer: Float32Array;
  /** The box was multiplied by it already (`rlnCtfDataAreCtfPremultiplied`). */
  readonly isPremultiplied: boolean;
}

/** What RELION takes where optics tables do not say it. */
const OTHERWISE = { rlnVoltage: 300, rlnSphericalAberration: 2.7, rlnAmplitudeContrast: 0.1 } as const;

/**
 * The contrast transfer that follows from a row's defocus (`rlnDefocusU`, `rlnDefocusV`, `rlnPhaseShift`) and its optics group.
 * The images of a tilt series have it along every direction of their plane, so a box has it by the length of a frequency; the
 * mean of both defocus values is taken. Undefined where the row has no defocus.
 * @throws FormatError for a defocus that is no number.
 */
export function listedTransfer(
  { optics }: Pick<ParticleList, "optics">,
  { extra, opticsGroup }: Particle,
  { edge, voxelSizeAngstrom }: { readonly edge: number; readonly voxelSizeAngstrom: number },
  where: string,
): ListedTransfer | undefined {
  if (extra.rlnDefocusU === undefined) return undefined;
  const numberOf = (column: string, otherwise: number): number => {
    const text = extra[column];
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) return value;
    throw new FormatError(`_${column} is ${JSON.stringify(text)} and no number`, where);
  };
  const row = Math.max(0, optics?.columns.get("rlnOpticsGroup")?.indexOf(opticsGroup ?? "") ?? 0);
  const opticsOf = (column: keyof typeof OTHERWISE): number => {
    const value = Number(optics?.columns.get(column)?.[row]);
    return Number.isFinite(value) ? value : OTHERWISE[column];
  };
  const defocusUAngstrom = numberOf("rlnDefocusU", 0);
  const meanDefocus = (defocusUAngstrom + numberOf("rlnDefocusV", defocusUAngstrom)) / 2;
  const at = contrastTransferFunction({
    kilovolt: opticsOf("rlnVoltage"),
    sphericalAberrationMillimetre: opticsOf("rlnSphericalAberration"),
    amplitudeContrast: opticsOf("rlnAmplitudeContrast"),
    ...{ defocusUAngstrom: meanDefocus, defocusVAngstrom: meanDefocus, defocusAngleDegrees: 0 },
    phaseShiftDegrees: numberOf("rlnPhaseShift", 0),
  });
  const transfer = new Float32Array(edge * edge * (Math.floor(edge / 2) + 1));
  forEachFrequency(edge, (index, _, radius) => {
    transfer[index] = at(radius / (edge * voxelSizeAngstrom), 0);
  });
  const premultiplied = optics?.columns.get("rlnCtfDataAreCtfPremultiplied")?.[row];
  return { transfer, isPremultiplied: premultiplied !== undefined && Number(premultiplied) === 1 };
}

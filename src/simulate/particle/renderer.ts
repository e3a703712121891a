import { ConfigError, ShapeError } from "../../errors.js";
import {
  centreIndex,
  createFft3,
  gaussianFilterInPlace,
  type Quaternion,
  quaternionToMatrix,
  type Random,
  randomQuaternion,
  type Vector3,
} from "../../volume/index.js";
import type { Complex } from "../complexes/complex.js";
import { drawConditions, type ImagingConditions } from "./conditions.js";
import { addScaled, applyTransfer, fillNoise, multiply } from "./filter-spectrum.js";
import { checkImaging, defaultImaging, type ImagingOptions, MASK_BLUR_ANGSTROM } from "./imaging.js";
import { addNeighbours } from "./neighbours.js";
import { type SpectrumPlan, spectrumPlan } from "./spectrum-plan.js";
import { beadsOf, splat } from "./splat.js";
import { transferTables } from "./transfer-tables.js";

/** How one particle is rendered. */
export interface RenderRequest {
  /** The particle depends on this stream's seed only, not on what was drawn from it: fork it once per particle. */
  readonly random: Random;
  /** Variance of the noise-free reconstruction over that of the noise, both over the whole box; Infinity for no noise. */
  readonly snr: number;
  /** Complexes that may intrude; without them the particle is alone. */
  readonly neighbours?: readonly Complex[];
  /** Draws the mirror image of the complex (x reversed before the rotation): another class with the same statistics. */
  readonly mirrored?: boolean;
  /** This particle's imaging, where it is not drawn from the renderer's options. */
  readonly conditions?: Partial<ImagingConditions> | undefined;
  /** Returns the volume without noise as well; costs a second inverse transform. */
  readonly withNoiseFree?: boolean;
  /** Where to write, such as views into a batch; new arrays when absent. */
  readonly into?: { readonly volume: Float32Array; readonly mask: Uint8Array };
}

/** A labelled subtomogram. Arrays are boxSize^3 in `[nz, ny, nx]` order. */
export interface RenderedParticle {
  /** The reconstruction with its noise: zero mean, unit variance, protein positive. */
  readonly volume: Float32Array;
  /** 1 where the target is, neighbours excluded. */
  readonly mask: Uint8Array;
  /** Without noise, on the scale of `volume`: `volume - noiseFree` is the noise. */
  readonly noiseFree?: Float32Array;
  /** Maps the complex's own frame (mirrored first, when it is) to the box. */
  readonly orientation: Quaternion;
  /** The centre of mass minus the box centre, index floor(n / 2). */
  readonly shiftVoxels: Vector3;
  readonly conditions: ImagingConditions;
  readonly neighbourCount: number;
  readonly snr: number;
}

/** Renders particles under one set of options. */
export interface Renderer {
  readonly options: ImagingOptions;
  /** One subtomogram of a complex, with its true mask and the conditions it was imaged under. */
  render(complex: Complex, request: RenderRequest): RenderedParticle;
}

/**
 * Draws subtomograms of complexes as a tilt series would give them: density of target and neighbours times contrast
 * transfer, detector transfer and missing wedge. Noise is filtered by detector transfer and wedge like everything in
 * the tilt images; nothing is measured outside the wedge, so no power is there (unless the noise is asked to be white).
 * The box is periodic.
 *
 * A renderer owns its scratch memory: use one per thread.
 * @throws ConfigError when an option cannot be used.
 */
export function createRenderer(overrides: Partial<ImagingOptions> = {}): Renderer {
  const options: ImagingOptions = { ...defaultImaging, ...overrides };
  checkImaging(options);
  const { boxSize: n, voxelSizeAngstrom } = options;
  const voxels = n ** 3;
  const fft = createFft3([n, n, n]);
  const density = new Float32Array(voxels);
  const blurred = new Float32Array(voxels);
  const spectrum = fft.createSpectrum();
  const image = fft.createSpectrum();
  const plans = new Map<string, SpectrumPlan>();

  function planFor(tiltDegrees: number, tiltAxis: "x" | "y"): SpectrumPlan {
    const key = `${tiltDegrees}${tiltAxis}`;
    let plan = plans.get(key);
    if (!plan) plans.set(key, (plan = spectrumPlan(fft, tiltDegrees, tiltAxis)));
    return plan;
  }

  function fillMask(mask: Uint8Array): void {
    blurred.set(density);
    gaussianFilterInPlace(blurred, [n, n, n], MASK_BLUR_ANGSTROM / voxelSizeAngstrom);
    let highest = 0;
    for (let i = 0; i < voxels; i++) if (blurred[i] > highest) highest = blurred[i];
    if (highest <= 0)
      throw new ConfigError(`no part of the particle lies in its box of ${n}^3 voxels of ${voxelSizeAngstrom} Å`, {
        hint: "Its atoms lie far apart, or the box is too small for a hollow particle.",
      });
    const level = options.maskLevel * highest;
    for (let i = 0; i < voxels; i++) mask[i] = blurred[i] > level ? 1 : 0;
  }

  return {
    options,
    render(
      complex,
      { random, snr, neighbours = [], mirrored = false, withNoiseFree = false, conditions: given, into },
    ) {
      const volume = into?.volume ?? new Float32Array(voxels);
      const mask = into?.mask ?? new Uint8Array(voxels);
      if (volume.length !== voxels || mask.length !== voxels)
        throw new ShapeError(`a particle of ${n}^3 voxels cannot go into ${volume.length} and ${mask.length} values`);

      const pose = random.fork("pose");
      const orientation = randomQuaternion(pose);
      const conditions = { ...drawConditions(random.fork("optics"), options), ...given };
      const shift = () => pose.uniform(-conditions.shiftVoxels, conditions.shiftVoxels);
      const shiftVoxels = { x: shift(), y: shift(), z: shift() };

      const [a, b, c, d, e, f, g, h, i] = quaternionToMatrix(orientation, conditions.scale / voxelSizeAngstrom);
      const hand = mirrored ? -1 : 1;
      const centre = centreIndex(n);
      density.fill(0);
      splat(density, [n, n, n], beadsOf(complex), {
        matrix: [a * hand, b, c, d * hand, e, f, g * hand, h, i],
        x: centre + shiftVoxels.x,
        y: centre + shiftVoxels.y,
        z: centre + shiftVoxels.z,
      });
      fillMask(mask);
      const neighbourCount = addNeighbours(random.fork("neighbours"), density, neighbours, options);

      const plan = planFor(conditions.tiltDegrees, conditions.tiltAxis);
      const { signal, noise, filter } = transferTables(options, conditions);
      fft.forward(density, spectrum);
      const signalPower = applyTransfer(spectrum, image, plan, signal);
      const noiseFree = withNoiseFree ? new Float32Array(voxels) : undefined;
      if (noiseFree) {
        spectrum.set(image);
        if (filter) multiply(spectrum, plan, filter);
        fft.inverse(spectrum, noiseFree);
      }
      let power = signalPower;
      let measured = plan;
      if (Number.isFinite(snr)) {
        if (conditions.whiteNoise) measured = planFor(90, "y");
        const noisePower = fillNoise(random.fork("noise"), spectrum, measured, noise);
        power = addScaled(image, spectrum, measured, Math.sqrt(signalPower / (snr * noisePower)));
      }
      if (filter) power = multiply(image, measured, filter);
      fft.inverse(image, volume);
      const scale = power > 0 ? voxels / Math.sqrt(power) : 0; // Parseval: variance = power / voxels^2
      for (let v = 0; v < voxels; v++) volume[v] *= scale;
      if (noiseFree) for (let v = 0; v < voxels; v++) noiseFree[v] *= scale;
      const drawn = { orientation, shiftVoxels, conditions, neighbourCount, snr };
      return { volume, mask, ...(noiseFree && { noiseFree }), ...drawn };
    },
  };
}

import { createFft3 } from "../../volume/index.js";
import type { Picture } from "../picture/png.js";
import { contrastRange, type Plane, slicePicture } from "../picture/slice.js";

/**
 * The power spectrum of an image, `[tile, tile]` with zero frequency at index tile / 2: the mean over half-overlapping tiles
 * under a Hann window (P. Welch 1967), as its natural logarithm. One tile's spectrum would be all speckle.
 */
export function powerSpectrum({ data, width, height }: Plane, { tile = 256 } = {}): Plane {
  let edge = tile;
  while (edge > 8 && edge > Math.min(width, height)) edge /= 2;
  const fft = createFft3([1, edge, edge]);
  const spectrum = fft.createSpectrum();
  const window = Float64Array.from({ length: edge }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / edge));
  const piece = new Float32Array(edge * edge);
  const power = new Float64Array(edge * fft.halfWidth);
  for (let top = 0; top + edge <= height; top += edge / 2)
    for (let left = 0; left + edge <= width; left += edge / 2) {
      let mean = 0;
      for (let y = 0; y < edge; y++)
        for (let x = 0; x < edge; x++) mean += data[(top + y) * width + left + x] / (edge * edge);
      for (let y = 0; y < edge; y++)
        for (let x = 0; x < edge; x++)
          piece[y * edge + x] = (data[(top + y) * width + left + x] - mean) * window[y] * window[x];
      fft.forward(piece, spectrum);
      for (let i = 0; i < power.length; i++) power[i] += spectrum[2 * i] ** 2 + spectrum[2 * i + 1] ** 2;
    }
  const least = 1e-12 * power.reduce((most, value) => Math.max(most, value), Number.MIN_VALUE);
  const plane = new Float32Array(edge * edge);
  for (let row = 0; row < edge; row++)
    for (let column = 0; column < edge; column++) {
      const [ky, kx] = [row - edge / 2, column - edge / 2];
      const [y, x] = kx < 0 ? [-ky, -kx] : [ky, kx]; // the other half is this one turned by half a turn
      plane[row * edge + column] = Math.log(power[((y + edge) % edge) * fft.halfWidth + x] + least);
    }
  return { width: edge, height: edge, data: plane };
}

const RING = [230, 159, 0] as const;

/**
 * A picture of a power spectrum out to the Nyquist frequency; over its right half, thin rings where the contrast transfer is
 * zero in theory (cycles per pixel), so that the eye can compare them with the dark bands on the left.
 */
export function powerSpectrumPicture(
  spectrum: Plane,
  { zeros = [], scale = 2 }: { readonly zeros?: readonly number[]; readonly scale?: number } = {},
): Picture {
  const range = contrastRange(spectrum.data, { lowPercent: 0.5, highPercent: 99.8 });
  const grey = slicePicture(spectrum, range, { scale });
  const { width, height } = grey;
  const pixels = new Uint8Array(4 * width * height);
  const perCycle = spectrum.width * scale;
  const centre = (spectrum.width / 2 + 0.5) * scale - 0.5;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const radius = Math.hypot(x - centre, y - centre);
      const near = x < centre ? 0 : Math.max(0, ...zeros.map((zero) => 1 - Math.abs(radius - zero * perCycle)));
      for (let channel = 0; channel < 3; channel++)
        pixels[4 * at + channel] = Math.round((1 - near) * grey.pixels[at] + near * RING[channel]);
      pixels[4 * at + 3] = 255;
    }
  return { width, height, channels: 4, pixels };
}

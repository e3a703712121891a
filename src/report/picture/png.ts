import { zlibSync } from "fflate";

/** An 8-bit picture, rows from the top, 1 (grey) or 4 (RGBA, straight alpha) bytes a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 4;
  readonly pixels: Uint8Array;
}

/** PNG bytes of a picture (PNG specification, third edition); each row takes the filter with the least absolute sum. */
export function encodePng({ width, height, channels, pixels }: Picture): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, channels === 1 ? 0 : 6, 0, 0, 0], 8);
  const data = zlibSync(filterRows(pixels, width * channels, height, channels), { level: 9 });
  const chunks = [chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", new Uint8Array(0))];
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const bytes = new Uint8Array(chunks.reduce((sum, part) => sum + part.length, signature.length));
  bytes.set(signature);
  let offset = signature.length;
  for (const part of chunks) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** The picture as a `data:` address, for documents that load nothing from elsewhere. */
export function pngDataUri(picture: Picture): string {
  const bytes = encodePng(picture);
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return `data:image/png;base64,${btoa(text)}`;
}

/** How many filter types there are: what is subtracted is nothing, the left byte, the upper one, their mean, or Paeth's choice. */
const FILTER_TYPES = 5;

function filterRows(pixels: Uint8Array, rowBytes: number, height: number, pixelBytes: number): Uint8Array {
  const out = new Uint8Array((rowBytes + 1) * height);
  const candidates = Array.from({ length: FILTER_TYPES }, () => new Uint8Array(rowBytes));
  const [plain, minusLeft, minusUp, minusMean, minusPaeth] = candidates;
  for (let y = 0; y < height; y++) {
    const row = y * rowBytes;
    for (let i = 0; i < rowBytes; i++) {
      const value = pixels[row + i];
      const left = i >= pixelBytes ? pixels[row + i - pixelBytes] : 0;
      const up = y > 0 ? pixels[row + i - rowBytes] : 0;
      const upLeft = y > 0 && i >= pixelBytes ? pixels[row + i - rowBytes - pixelBytes] : 0;
      plain[i] = value;
      minusLeft[i] = value - left;
      minusUp[i] = value - up;
      minusMean[i] = value - ((left + up) >> 1);
      minusPaeth[i] = value - paeth(left, up, upLeft);
    }
    const target = y * (rowBytes + 1);
    let least = Infinity;
    for (const [type, candidate] of candidates.entries()) {
      const sum = absoluteSum(candidate);
      if (sum >= least) continue;
      least = sum;
      out[target] = type;
      out.set(candidate, target + 1);
    }
  }
  return out;
}

/** Of the three neighbours the one nearest to left + up - upLeft. */
function paeth(left: number, up: number, upLeft: number): number {
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  return toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft;
}

/** Of bytes that stand for -128 to 127. */
function absoluteSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum += bytes[i] < 128 ? bytes[i] : 256 - bytes[i];
  return sum;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** What can be said of a particle without a network and without its orientation: what to compare networks with. */
import { meanPower, shellMeans } from "../../volume/index.js";

/** A number of features of each particle, `[count, size]`. */
export interface ParticleFeatures {
  readonly values: Float32Array;
  readonly size: number;
}

/** Mean grey value of each shell around the box centre, one voxel thick. @param volumes `[count, edge, edge, edge]` */
export function radialProfiles(volumes: Float32Array, edge: number): ParticleFeatures {
  const size = Math.floor(edge / 2);
  const shells = shellsAround(edge);
  const counts = new Float64Array(edge);
  for (const shell of shells) counts[shell]++;
  return featuresOf(volumes, edge, size, (volume) => {
    const sums = new Float64Array(edge);
    for (let i = 0; i < volume.length; i++) sums[shells[i]] += volume[i];
    return sums.map((sum, shell) => sum / Math.max(1, counts[shell]));
  });
}

/** Logarithm of the mean power of each shell of frequencies, one Fourier pixel thick. @param volumes `[count, edge, edge, edge]` */
export function powerSpectra(volumes: Float32Array, edge: number): ParticleFeatures {
  return featuresOf(volumes, edge, Math.floor(edge / 2), (volume) =>
    shellMeans(meanPower(volume, edge), edge).map((power) => Math.log(power + Number.MIN_VALUE)),
  );
}

/** Cosine of the features of any two particles, `[count * count]`, each feature standardised over the particles. */
export function featureSimilarity({ values, size }: ParticleFeatures): Float32Array {
  const count = values.length / size;
  const unit = standardised(values, size);
  const similarity = new Float32Array(count * count);
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += unit[row * size + k] * unit[column * size + k];
      similarity[row * count + column] = sum;
    }
  return similarity;
}

function featuresOf(
  volumes: Float32Array,
  edge: number,
  size: number,
  describe: (volume: Float32Array) => Float64Array,
): ParticleFeatures {
  const voxels = edge ** 3;
  const count = volumes.length / voxels;
  const values = new Float32Array(count * size);
  for (let i = 0; i < count; i++)
    values.set(describe(volumes.subarray(i * voxels, (i + 1) * voxels)).subarray(0, size), i * size);
  return { values, size };
}

/** Distance of each voxel from the box centre, rounded; the last one is for all that is further. */
function shellsAround(edge: number): Uint8Array {
  const centre = Math.floor(edge / 2);
  const shells = new Uint8Array(edge ** 3);
  for (let z = 0, i = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, i++)
        shells[i] = Math.min(edge - 1, Math.round(Math.hypot(z - centre, y - centre, x - centre)));
  return shells;
}

/** Each column with zero mean and unit variance, then each row of unit length. */
function standardised(values: Float32Array, size: number): Float64Array {
  const count = values.length / size;
  const result = Float64Array.from(values);
  for (let k = 0; k < size; k++) {
    let [mean, square] = [0, 0];
    for (let i = 0; i < count; i++) mean += result[i * size + k] / count;
    for (let i = 0; i < count; i++) square += (result[i * size + k] - mean) ** 2 / count;
    const deviation = Math.sqrt(square) || 1;
    for (let i = 0; i < count; i++) result[i * size + k] = (result[i * size + k] - mean) / deviation;
  }
  for (let i = 0; i < count; i++) {
    const row = result.subarray(i * size, (i + 1) * size);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value ** 2, 0)) || 1;
    for (let k = 0; k < size; k++) row[k] /= length;
  }
  return result;
}

/**
 * The frequencies of a cubic box that alignment compares, in Fourier pixels, lowest first: of each pair of a frequency and its
 * mirror image one, zero left out. Those up to shell s are the first `shellEnd[s]`.
 */
export interface Frequencies {
  readonly edge: number;
  readonly count: number;
  readonly x: Int16Array;
  readonly y: Int16Array;
  readonly z: Int16Array;
  /** Distance from zero frequency, rounded. */
  readonly shell: Uint16Array;
  /** Of each shell, how many frequencies it and those below it hold; `shellEnd[0]` is 0. */
  readonly shellEnd: readonly number[];
  /** Where the complex value of each stands in the half spectrum of `Fft3`. */
  readonly at: Int32Array;
}

/** The frequencies up to `largestShell`, at most those below the corner-free Nyquist of `edge`. */
export function createFrequencies(edge: number, largestShell: number = Math.ceil(edge / 2) - 1): Frequencies {
  const reach = Math.min(largestShell, Math.ceil(edge / 2) - 1);
  const found: { x: number; y: number; z: number; squared: number }[] = [];
  for (let z = -reach; z <= reach; z++)
    for (let y = -reach; y <= reach; y++)
      for (let x = 0; x <= reach; x++) {
        const squared = x * x + y * y + z * z;
        const isChosen = x > 0 || y > 0 || (y === 0 && z > 0);
        if (isChosen && !(x === 0 && y < 0) && Math.round(Math.sqrt(squared)) <= reach)
          found.push({ x, y, z, squared });
      }
  found.sort((one, other) => one.squared - other.squared);
  const shell = Uint16Array.from(found, ({ squared }) => Math.round(Math.sqrt(squared)));
  const halfWidth = Math.floor(edge / 2) + 1;
  const wrapped = (frequency: number) => (frequency < 0 ? frequency + edge : frequency);
  return {
    edge,
    count: found.length,
    x: Int16Array.from(found, ({ x }) => x),
    y: Int16Array.from(found, ({ y }) => y),
    z: Int16Array.from(found, ({ z }) => z),
    shell,
    shellEnd: Array.from({ length: reach + 1 }, (_, s) => shell.filter((own) => own <= s).length),
    at: Int32Array.from(found, ({ x, y, z }) => (wrapped(z) * edge + wrapped(y)) * halfWidth + x),
  };
}

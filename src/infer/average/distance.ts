/**
 * Distance in voxels of every voxel of `[edge, edge, edge]` from the nearest that is not 0, exact: a lower envelope of parabolas
 * along each axis in turn (Felzenszwalb and Huttenlocher 2012, "Distance Transforms of Sampled Functions"). Infinity where there is none.
 */
export function distanceBeyond(inside: Uint8Array, edge: number): Float32Array {
  const squares = Float32Array.from(inside, (value) => (value === 0 ? Infinity : 0));
  const [line, envelope] = [new Float64Array(edge), new Float64Array(edge)];
  for (const stride of [1, edge, edge * edge])
    for (let start = 0; start < squares.length; start++) {
      if (Math.floor(start / stride) % edge !== 0) continue;
      for (let i = 0; i < edge; i++) line[i] = squares[start + i * stride];
      lowerEnvelope(line, envelope);
      for (let i = 0; i < edge; i++) squares[start + i * stride] = envelope[i];
    }
  return squares.map(Math.sqrt);
}

/** `envelope[i] = min over j of line[j] + (i - j)^2`. */
function lowerEnvelope(line: Float64Array, envelope: Float64Array): void {
  const length = line.length;
  const vertices: number[] = [];
  const starts: number[] = []; // where each vertex's parabola becomes the lowest
  for (let i = 0; i < length; i++) {
    if (line[i] === Infinity) continue;
    let start = -Infinity;
    while (vertices.length > 0) {
      const j = vertices[vertices.length - 1];
      start = (line[i] + i * i - line[j] - j * j) / (2 * (i - j));
      if (start > starts[starts.length - 1]) break;
      vertices.pop();
      starts.pop();
      start = -Infinity;
    }
    vertices.push(i);
    starts.push(start);
  }
  for (let i = 0, k = 0; i < length; i++) {
    while (k + 1 < vertices.length && starts[k + 1] <= i) k++;
    envelope[i] = vertices.length === 0 ? Infinity : line[vertices[k]] + (i - vertices[k]) ** 2;
  }
}

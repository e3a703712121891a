import { expect, test } from "vitest";
import { createBlobDetector } from "./blob-detector.js";
import { tilePeaks } from "./peaks.js";

test("finds balls in the middle of the tile, where they are and as large as they are", async () => {
  const detector = createBlobDetector();
  const { edge, haloVoxels: halo, cellVoxels } = detector;
  const balls = [
    { x: 56, y: 60, z: 58, radius: 5 },
    { x: 74, y: 76, z: 72, radius: 7 },
  ];
  const volume = new Float32Array(edge ** 3);
  for (let z = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++)
        for (const ball of balls)
          if (Math.hypot(x - ball.x, y - ball.y, z - ball.z) <= ball.radius) volume[(z * edge + y) * edge + x] = 3;
  const answer = await detector.detect(volume);
  const end = edge - halo;
  const shape = [edge, edge, edge] as const;
  const tile = { index: 0, shape, corner: [0, 0, 0], first: [halo, halo, halo], end: [end, end, end] } as const;
  const peaks = tilePeaks(answer, tile, { cellVoxels, minimumScore: 0.3 });
  expect(peaks).toHaveLength(2);
  for (const [i, { positionVoxels: p, radiusVoxels }] of peaks.entries()) {
    const ball = balls[i];
    expect(Math.hypot(p.x - ball.x, p.y - ball.y, p.z - ball.z)).toBeLessThan(1);
    expect(radiusVoxels / ball.radius).toBeGreaterThan(0.65);
    expect(radiusVoxels / ball.radius).toBeLessThan(1.5);
  }
});

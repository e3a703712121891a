import { expect, test } from "vitest";
import { centre, type Look, oneEach, type Place, type Seen } from "./look.js";

const target = { x: 103, y: 96, z: 101 };

/** As similar as near to the target. */
const look: Look = async (places) =>
  places.map((place) => {
    const { x, y, z } = place.candidate.positionAngstrom;
    const squares = (x - target.x) ** 2 + (y - target.y) ** 2 + (z - target.z) ** 2;
    return { ...place, similarity: 1 - squares / 1e4, isBest: true };
  });

function placeAt(x: number, y: number, z: number): Place {
  return { classIndex: 0, candidate: { positionAngstrom: { x, y, z }, score: 0.5, radiusAngstrom: 0 } };
}

test("a place is moved to where the similarity is highest, a step at most", async () => {
  const seen = await look([placeAt(100, 100, 100), placeAt(100, 100, 200)]);
  const [near, far] = await centre(seen, look, 10);
  for (const axis of ["x", "y", "z"] as const)
    expect(near!.candidate.positionAngstrom[axis]).toBeCloseTo(target[axis], 6);
  expect(near!.similarity).toBeCloseTo(1, 6);
  expect(far!.candidate.positionAngstrom.z).toBeCloseTo(190, 6);
  expect(near!.candidate.score).toBe(0.5);
});

test("a place that would become less similar stays", async () => {
  const [seen] = await look([placeAt(target.x, target.y, target.z)]);
  const worse: Look = async (places) => places.map((place, i) => ({ ...place, similarity: i / 10, isBest: true }));
  const [same] = await centre([seen!], worse, 10);
  expect(same).toBe(seen);
});

test("of places nearer than the distance the most similar one stays", () => {
  const seen = [0, 30, 100].map((x, i): Seen => ({ ...placeAt(x, 0, 0), similarity: 0.8 + 0.05 * i, isBest: true }));
  expect(oneEach(seen, 60).map(({ candidate }) => candidate.positionAngstrom.x)).toEqual([100, 30]);
});

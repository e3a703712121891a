import { expect, test } from "vitest";
import { openSteps, temporaryFolder } from "../../files/disk/index.js";
import { type Measurement, madeOnce, measurementRunner, secondsLeft } from "./measurement.js";

test("time left follows from what the measurements so far took", () => {
  const left = [{ seconds: 30 }, { seconds: 10 }];
  expect(secondsLeft(left, [], new Map())).toBe(40);
  expect(secondsLeft(left, [{ name: "a", seconds: 10 }], new Map([["a", 25]]))).toBe(100);
});

test("a measurement is made once, with its place among the planned ones in the progress", async () => {
  await using folder = await temporaryFolder();
  const stages: string[] = [];
  let made = 0;
  const planned = ["a", "b"].map(
    (name): Measurement<number> => ({
      ...{ name, follows: { name }, seconds: 60 },
      measure: async ({ onProgress }) => {
        onProgress?.({ stage: "searching", done: 0, total: 2 });
        return ++made;
      },
    }),
  );
  const run = async (seed: number) => {
    const steps = await openSteps(folder.path);
    const settings = { ...{ outputFolder: folder.path, structureFolders: [], seed, origin: {}, steps } };
    const onWarning = () => undefined;
    const onProgress = ({ stage }: { readonly stage: string }) => void stages.push(stage);
    const runner = measurementRunner(planned, { ...settings, onWarning, onProgress });
    return [await runner(planned[0]!), await runner(planned[1]!)];
  };
  expect(await run(7)).toEqual([1, 2]);
  expect(stages[0]).toBe("1 of 2 measurements, about 2 min left: a: searching");
  expect(await run(7)).toEqual([1, 2]);
  expect(stages).toHaveLength(2);
  expect(await run(8)).toEqual([3, 4]);
});

test("shared work is done by the first that needs it", async () => {
  let count = 0;
  const shared = madeOnce(async () => ++count);
  const settings = undefined as never;
  expect([await shared(settings), await shared(settings)]).toEqual([1, 1]);
});

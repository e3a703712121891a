import { expect, test } from "vitest";
import { ConfigError } from "../../errors.js";
import { EMPTY_HISTORY, type Step, takeStep } from "./history.js";
import { EMPTY_PROJECT } from "./project.js";

const STEPS: readonly Step[] = [
  { type: "add-tomogram", path: "/data/TS_01.mrc" },
  { type: "add-class", name: "ribosome" },
  { type: "add-class", name: "proteasome" },
  { type: "add-example", tomogramId: "tomogram-1", classId: "class-2", position: { x: 1, y: 2, z: 3 } },
  { type: "add-example", tomogramId: "tomogram-1", classId: null, position: { x: 5, y: 5, z: 5 } },
  { type: "judge", tomogramId: "tomogram-1", classId: "class-3", position: { x: 8, y: 8, z: 8 } },
  { type: "judge", tomogramId: "tomogram-1", classId: null, position: { x: 8.4, y: 8, z: 8 } },
  { type: "remove-class", id: "class-3" },
];
const after = (steps: readonly Step[]) => steps.reduce(takeStep, EMPTY_HISTORY);

test("every step can be undone to the beginning and done again", () => {
  const done = after(STEPS);
  const undone = after([...STEPS, ...STEPS.map((): Step => ({ type: "undo" }))]);
  expect(undone.present).toEqual(EMPTY_PROJECT);
  const redone = STEPS.reduce((history) => takeStep(history, { type: "redo" }), undone);
  expect(redone).toEqual(done);
});

test("a tomogram that was named at the start stays, whatever is undone and done again", () => {
  const named: Step = { type: "add-tomogram", path: "/data/TS_02.mrc", isNamedAtStart: true };
  const first = after([named]);
  expect([first.past, first.future]).toEqual([[], []]);
  const undone: readonly Step[] = [...STEPS, { type: "undo" }];
  const history = after([...undone, named, { type: "redo" }]);
  const backwards = history.past.reduce((now) => takeStep(now, { type: "undo" }), history);
  for (const { tomograms } of [history.present, ...history.past])
    expect(tomograms.at(-1)!.path).toBe("/data/TS_02.mrc");
  expect(backwards.present.tomograms.map(({ path }) => path)).toEqual(["/data/TS_02.mrc"]);
  const { classes, tomograms } = takeStep(backwards, { type: "add-class", name: "new" }).present;
  expect(classes.map(({ id }) => id.replace(/\D+/, ""))).not.toContain(tomograms[0]!.id.replace(/\D+/, ""));
});

test("a later word on the same candidate replaces the earlier one", () => {
  expect(after(STEPS.slice(0, 7)).present.verdicts).toEqual([
    { tomogramId: "tomogram-1", classId: null, position: { x: 8.4, y: 8, z: 8 } },
  ]);
});

test("what is not there, or cannot be, is refused with a reason", () => {
  const { present } = after(STEPS.slice(0, 3));
  const history = { ...EMPTY_HISTORY, present };
  const refused: readonly [Step, string][] = [
    [{ type: "redo" }, "nothing to redo"],
    [{ type: "add-tomogram", path: "/data/TS_01.mrc" }, "is open already"],
    [{ type: "add-class", name: "ribosome" }, "a class ribosome already"],
    [{ type: "add-class", name: "two words" }, "cannot be the name"],
    [{ type: "remove-example", id: "example-9" }, "no example-9"],
    [{ type: "set-threshold", classId: "class-2", probability: 2 }, "not a probability"],
  ];
  for (const [step, reason] of refused) {
    expect(() => takeStep(history, step)).toThrow(ConfigError);
    expect(() => takeStep(history, step)).toThrow(reason);
  }
});

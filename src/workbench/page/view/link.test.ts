import fc from "fast-check";
import { expect, test } from "vitest";
import type { ViewSnapshot } from "../state/view-snapshot.js";
import { readLink, writeLink } from "./link.js";

const whole = fc.integer({ min: 0, max: 9999 });
const position = fc.record({ x: whole, y: whole, z: whole });
const name = fc.stringMatching(/^[a-z]{1,8}-[0-9]{1,4}$/);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

test("a view comes back from its link", () => {
  const views: fc.Arbitrary<ViewSnapshot> = fc.record({
    tomogramId: maybe(name),
    cursor: maybe(position),
    centre: maybe(position),
    zoom: maybe(fc.constantFrom(0.25, 1.5, 12)),
    greyRange: maybe(fc.tuple(fc.integer({ min: -999, max: 0 }), fc.integer({ min: 1, max: 999 }))),
    isInverted: fc.boolean(),
    thicknessVoxels: fc.integer({ min: 1, max: 99 }),
    lowPassAngstrom: maybe(fc.integer({ min: 1, max: 999 })),
    isCoarse: fc.boolean(),
    hiddenLayers: fc.subarray(["crosshair", "examples", "picks", "others", "masks"] as const),
    hiddenClassIds: fc.array(name, { maxLength: 3 }),
    mode: fc.constantFrom("sections" as const, "volume" as const),
    runId: maybe(name),
  });
  fc.assert(
    fc.property(views, (view) => {
      expect(readLink(writeLink(view, ""))).toEqual(view);
    }),
  );
});

test("a link is short, readable, and keeps what is not of the view", () => {
  const view: ViewSnapshot = {
    tomogramId: "tomogram-1",
    cursor: { x: 12, y: 34, z: 56 },
    zoom: 4 / 3,
    isInverted: false,
  };
  expect(writeLink(view, "#token=a%20b&zoom=9")).toBe("token=a+b&tomogram=tomogram-1&cursor=12,34,56&zoom=1.33333");
});

test("what makes no sense in a link counts as not there", () => {
  const odd = "#cursor=1,2&centre=a,b,c&zoom=-1&grey=5,5&slab=x&lowpass=&without=picks,moon&view=4d";
  expect(readLink(odd)).toEqual({
    ...readLink(""),
    hiddenLayers: ["picks"],
  });
});

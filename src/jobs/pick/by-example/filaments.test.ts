import { expect, test } from "vitest";
import { ConfigError } from "../../../errors.js";
import { checkFilaments, filamentReason } from "./filaments.js";

const told = (filaments: string[], notFilaments: string[] = []) => ({
  ...{ filaments, notFilaments, filamentSpacingAngstrom: undefined },
});
const examples = { names: ["actin", "ribosome", "not wanted: gold"], wantedClasses: 2 };

test("what the user says goes before what most of the examples show", () => {
  expect(filamentReason("actin", [false], told(["actin"]))).toBe("as --filament says");
  expect(filamentReason("actin", [true], told([], ["actin"]))).toBeUndefined();
  expect(filamentReason("actin", [true, true, false], told([]))).toMatch(/both sides/);
  expect(filamentReason("actin", [true, false], told([]))).toBeUndefined();
  expect(filamentReason("actin", [], told([]))).toBeUndefined();
});

test("classes without examples, negatives and contradictions are refused", () => {
  expect(() => checkFilaments(examples, told(["actin"], ["ribosome"]))).not.toThrow();
  expect(() => checkFilaments(examples, told(["tubulin"]))).toThrow(/--filament names tubulin/);
  expect(() => checkFilaments(examples, told([], ["not wanted: gold"]))).toThrow(ConfigError);
  expect(() => checkFilaments(examples, told(["actin"], ["actin"]))).toThrow(/and not to be one/);
});

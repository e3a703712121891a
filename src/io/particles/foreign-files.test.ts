import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../errors.js";
import { type Matrix3, quaternionToMatrix } from "../../volume/index.js";
import type { ParticleFormat } from "./formats.js";
import type { ParticleList } from "./model/particle-list.js";
import { readParticleList } from "./read.js";
import { recogniseParticleFormat } from "./recognise.js";

const FIXTURES = join(import.meta.dirname, "../../../test/fixtures/formats");
const fixture = (name: string) => new Uint8Array(readFileSync(join(FIXTURES, name)));

interface TrueParticle {
  readonly position: readonly [number, number, number];
  readonly matrix: Matrix3;
  readonly score: number;
}

// Our own file: its shape is known.
const TRUTH = JSON.parse(readFileSync(join(FIXTURES, "particles.json"), "utf8")) as readonly TrueParticle[];
const TOMOGRAM = { tomogramSizeAngstrom: { x: 5130, y: 5120, z: 2010 }, tomogramVoxelSizeAngstrom: 10 };

/** Files that test/fixtures/generate/formats.py wrote with SciPy's angles; what each says of pose and score. */
const FILES: readonly (readonly [file: string, format: ParticleFormat, pose: boolean, score: boolean])[] = [
  ["relion30.star", "relion5", true, true],
  ["relion4.star", "relion5", true, true],
  ["relion5.star", "relion5", true, true],
  ["particles.tbl", "dynamo", true, true],
  ["particles.em", "motl", true, true],
  ["stopgap.star", "stopgap", true, true],
  ["particles.mod", "imod", false, false],
  ["particles.coords", "coords", false, false],
  ["particles.cbox", "cbox", false, true],
  ["copick.json", "copick", true, true],
  ["tomo_info.json", "eman2", false, true],
  ["napari.csv", "napari", false, true],
  ["shrec.txt", "shrec", true, false],
  ["deepfinder.xml", "deepfinder", true, false],
  ["pytom.xml", "pytom", true, true],
];

describe.each(FILES)("%s", (file, format, pose, score) => {
  test("is recognised, and says the true positions, poses and scores", () => {
    expect(recogniseParticleFormat(fixture(file), file)).toBe(format);
    const { particles, origin } = readParticleList(fixture(file), { name: file, ...TOMOGRAM });
    expect(origin).toBe("first-voxel");
    expect(particles).toHaveLength(TRUTH.length);
    for (const [i, truth] of TRUTH.entries()) {
      const particle = particles[i];
      // Dynamo's numbers were written with seven digits, single precision is as good.
      (["x", "y", "z"] as const).forEach((axis, k) => {
        expect(Math.abs(particle.positionAngstrom![axis] - truth.position[k])).toBeLessThan(1e-3);
      });
      if (score) expect(particle.score).toBeCloseTo(truth.score, 6);
      if (!pose) expect(particle.orientation).toBeUndefined();
      else
        quaternionToMatrix(particle.orientation!).forEach((value, k) => {
          expect(Math.abs(value - truth.matrix[k])).toBeLessThan(1e-4);
        });
    }
  });

  test("cut off anywhere it is refused or shorter, and nothing else goes wrong", () => {
    const whole = fixture(file);
    for (let length = 0; length < whole.length; length += Math.max(1, Math.floor(whole.length / 61))) {
      const outcome = attempt(() => readParticleList(whole.subarray(0, length), { name: file, format, ...TOMOGRAM }));
      if (outcome instanceof FormatError) expect(outcome.where).toContain(file);
      else expect(outcome.particles.length).toBeLessThanOrEqual(TRUTH.length);
    }
  });

  test("with a byte changed it is read or refused", () => {
    const whole = fixture(file);
    for (let at = 0; at < whole.length; at += Math.max(1, Math.floor(whole.length / 67))) {
      const changed = whole.slice();
      changed[at] = changed[at] ^ 0xff;
      attempt(() => readParticleList(changed, { name: file, format, ...TOMOGRAM }));
    }
  });
});

/** The list, or the error of a kind that a user may see; any other error fails the test. */
function attempt(read: () => ParticleList): ParticleList | FormatError {
  try {
    return read();
  } catch (error) {
    expect((error as { tag?: string }).tag).toMatch(/^(format|config)$/);
    return error instanceof FormatError
      ? error
      : {
          particles: [],
          origin: "first-voxel",
          voxelSizeAngstrom: undefined,
          coordinatePixelSizeAngstrom: undefined,
          warnings: [],
        };
  }
}

test("IMOD's own voxel size and names are used", () => {
  const list = readParticleList(fixture("particles.mod"));
  expect(list.coordinatePixelSizeAngstrom).toBe(10);
  expect(list.particles[0]).toMatchObject({ className: "ribosome", classNumber: 1 });
});

describe("hostile files", () => {
  const read = (text: string, format: ParticleFormat) =>
    readParticleList(new TextEncoder().encode(text), { name: "bad", format, voxelSizeAngstrom: 10 });

  test.each<[string, ParticleFormat, string, string]>([
    [
      "entities that grow",
      "pytom",
      '<!DOCTYPE a [<!ENTITY b "bb">]><ParticleList/>',
      "document types and CDATA are not supported",
    ],
    ["deep nesting", "deepfinder", "<a>".repeat(1000), "nested too deeply"],
    ["a tag without an end", "deepfinder", '<objlist><object x="1', "a tag is not closed"],
    [
      "an attribute that is no number",
      "deepfinder",
      '<objlist><object class_label="1" x="one" y="2" z="3"/></objlist>',
      'attribute x is "one", not a number',
    ],
    ["deep JSON", "copick", "[".repeat(100_000), "not JSON"],
    ["JSON of another kind", "copick", '{"a": 1}', "not a picks file of copick"],
    [
      "a location that is text",
      "copick",
      '{"pickable_object_name":"a","points":[{"location":{"x":"1","y":2,"z":3}}]}',
      'x is "1", not a number',
    ],
    ["an unclosed quote", "csv", 'x,y,z\n1,2,"3\n', "a quote is opened and not closed"],
    ["rows of two lengths", "csv", "x,y,z\n1,2\n", "2 values where the first row has 3"],
    ["columns without names", "csv", "1,2\n3,4\n", "too few for x, y and z"],
    ["too few numbers", "dynamo", "1 2 3\n", "3 numbers where at least 26 are needed"],
    ["words", "coords", "one two three\n", 'column 1 is "one", not a number'],
    ["nothing", "coords", "\n\n", "the list is empty"],
    [
      "columns that are not there",
      "stopgap",
      "data_stopgap_motivelist\nloop_\n_score\n1\n",
      "column _tomo_num is missing",
    ],
  ])("%s (%s)", (_, format, text, message) => {
    expect(() => read(text, format)).toThrow(FormatError);
    expect(() => read(text, format)).toThrow(message);
  });

  test("an IMOD contour that claims two thousand million points costs nothing", () => {
    const model = fixture("particles.mod").slice();
    new DataView(model.buffer).setInt32(240 + 180 + 4, 0x7fffffff);
    expect(() => readParticleList(model, { name: "bad.mod" })).toThrow("the file ends at byte");
  });

  test("what is no list is told so, with what is known", () => {
    expect(() => readParticleList(new TextEncoder().encode("hello"), { name: "a.txt" })).toThrow("not a particle list");
    const utf16 = Uint8Array.from(Buffer.from("\ufeffx,y,z\n1,2,3\n", "utf16le"));
    expect(() => readParticleList(utf16, { name: "a.csv" })).toThrow("a.csv: this text is in UTF-16");
    expect(() => readParticleList(new Uint8Array(0), { name: "a.tbl" })).toThrow("the file is empty");
  });
});

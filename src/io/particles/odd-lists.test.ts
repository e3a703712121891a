/** Lists as people of the field report them: what was read wrongly without a word, or refused without need. */
import { describe, expect, test } from "vitest";
import { quaternionToMatrix } from "../../volume/index.js";
import { PARTICLE_CODECS, PARTICLE_FORMATS, type ParticleFormat } from "./formats.js";
import { writeImodModel } from "./imod/write-model.js";
import type { ReadParticleListOptions } from "./read.js";
import { readParticleList } from "./read.js";
import { recogniseParticleFormat } from "./recognise.js";
import { relionCodecs } from "./star/codecs.js";
import { writeParticleList } from "./write.js";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function read(text: string, options: ReadParticleListOptions = {}) {
  return readParticleList(bytesOf(text), { name: "list.txt", voxelSizeAngstrom: 10, ...options });
}

const positions = ({ particles }: ReturnType<typeof read>) =>
  particles.map(({ positionAngstrom: p }) => p && [p.x, p.y, p.z].map((value) => Number(value.toFixed(4))));

describe("class, x, y, z of DeepETPicker", () => {
  const text = "1 230 410 87\n1 231 300 88\n2 90 120 60\n";

  test.each(["tomogram.coords", "tomogram.txt"])("in %s, by a rule that is stated", (name) => {
    const list = read(text, { name });
    expect(positions(list)[0]).toEqual([2300, 4100, 870]);
    expect(list.particles.map(({ classNumber }) => classNumber)).toEqual([1, 1, 2]);
    expect(list.warnings).toEqual([expect.stringContaining("--from coords")]);
  });

  test("said to be x, y, z the columns after them are left out with a word", () => {
    const list = read(text, { format: "coords" });
    expect(positions(list)[0]).toEqual([10, 2300, 4100]);
    expect(list.warnings).toEqual(["columns after x, y and z are left out"]);
  });

  test.each([
    ["x, y, z and a score", "12 230 410 0.87\n14 231 300 0.5\n", 0.87],
    ["x, y, z of any size and a score", "230 410 87 0.87\n1 2 3 0.5\n", 0.87],
  ])("%s", (_, content, score) => {
    const list = read(content, { name: "a.coords" });
    expect(list.particles[0]).toMatchObject({ score });
    expect(list.warnings).toEqual(["the fourth column is taken as the score"]);
  });

  test("three columns in a text file are x, y, z, by a rule that is stated", () => {
    for (const name of ["clicks.txt", "clicks.txt.gz", "clicks.xyz"]) {
      const list = read("  1 2 3\r\n4.5 5 6\r\n", { name });
      expect(positions(list)).toEqual([
        [10, 20, 30],
        [45, 50, 60],
      ]);
      expect(list.warnings).toEqual([expect.stringContaining("--from imod-points")]);
    }
    expect(read("1 2 3\n", { name: "a.coords.gz" }).warnings).toEqual([]);
    expect(recogniseParticleFormat(bytesOf("-60 1 2\nhere and there\n"), "notes.txt")).toBeUndefined();
    expect(recogniseParticleFormat(bytesOf("1 1 10.5 20.5 30\n"), "model.txt")).toBeUndefined();
  });

  test("IMOD's contour x y z keeps its name's meaning", () => {
    expect(recogniseParticleFormat(bytesOf(text), "model.pts")).toBe("imod-points");
  });

  test("a SHREC list of numbered classes", () => {
    const [particle] = read("3 140 390 145 10 20 30\n", { format: "shrec" }).particles;
    expect(particle).toMatchObject({ classNumber: 3, positionAngstrom: { x: 1400, y: 3900, z: 1450 } });
  });

  test("a class that is none is refused with its row", () => {
    expect(() => read("1 2 3 4\n2.5 2 3 4\n", { format: "deepetpicker" })).toThrow("particle 2");
  });
});

describe("a list that states its pixel size", () => {
  const model = writeImodModel({
    objects: [{ name: "a", contours: [[{ x: 10.5, y: 20.5, z: 30 }]] }],
    maximum: { x: 50, y: 50, z: 50 },
    voxelSizeAngstrom: 20,
  });
  const row = (apix: number) =>
    `1 1 1 0 0 0 0 0 0 0.5 0 0 1 -60 60 0 0 0 0 1 1 1 0 11 21 31 0 0 0 0 0 0 0 0 0 ${apix} 0 0 0 0\n`;

  test.each([
    ["an IMOD model", model],
    ["a Dynamo table", bytesOf(row(20))],
  ])("%s keeps it beside a tomogram of another, with both numbers", (_, bytes) => {
    const list = readParticleList(bytes, { name: "a", tomogramVoxelSizeAngstrom: 10 });
    expect(positions(list)).toEqual([[200, 400, 600]]);
    expect(list.coordinatePixelSizeAngstrom).toBe(20);
    expect(list.warnings).toEqual([expect.stringMatching(/20 Å.* 10 Å/)]);
  });

  test("what the user says counts for more, with both numbers", () => {
    const list = readParticleList(model, { name: "a.mod", voxelSizeAngstrom: 5, tomogramVoxelSizeAngstrom: 10 });
    expect(positions(list)).toEqual([[50, 100, 150]]);
    expect(list.warnings).toEqual([expect.stringMatching(/20 Å.* 5 Å/)]);
  });

  test("so in EMAN2, whose boxes in unbinned pixels keep them beside a binned tomogram", () => {
    const info = bytesOf('{"apix_unbin": 2.5, "boxes_3d": [[4, -8, 12, "manual", 1, 0]], "class_list": {}}');
    const size = { tomogramSizeAngstrom: { x: 1000, y: 1000, z: 500 }, tomogramVoxelSizeAngstrom: 10 };
    const kept = readParticleList(info, { name: "a_info.json", ...size });
    expect(positions(kept)).toEqual([[510, 480, 280]]);
    expect(kept.warnings).toEqual([]);
    const told = readParticleList(info, { name: "a_info.json", ...size, voxelSizeAngstrom: 5 });
    expect(positions(told)).toEqual([[520, 460, 310]]);
    expect(told.warnings).toEqual([expect.stringMatching(/2.5 Å.* 5 Å/)]);
  });

  test("rounding is no contradiction", () => {
    expect(readParticleList(model, { name: "a.mod", tomogramVoxelSizeAngstrom: 20.05 }).warnings).toEqual([]);
  });

  test("what it leaves open the tomogram says", () => {
    expect(positions(readParticleList(bytesOf(row(1)), { name: "a", tomogramVoxelSizeAngstrom: 10 }))).toEqual([
      [100, 200, 300],
    ]);
  });
});

test("coordinates that may be fractions of the tomogram are doubted in lists of voxels", () => {
  const doubt = [expect.stringMatching(/^all coordinates are from 0 to 1 voxel: .*multiply them/)];
  expect(read("x,y,z\n0.2,0.3,0.4\n0.5,0.5,1\n", { name: "a.csv" }).warnings).toEqual(doubt);
  expect(read("0.1 0.2 0.3\n0.5 0.6 0.7\n", { name: "a.coords" }).warnings).toEqual(doubt);
  for (const text of ["x,y,z\n0,1,1\n", "x,y,z\n0.5,0.5,0.5\n40,0.5,0.5\n"])
    expect(read(text, { name: "a.csv", voxelSizeAngstrom: undefined, tomogramVoxelSizeAngstrom: 10 }).warnings).toEqual(
      [],
    );
});

test("a list without particles needs no voxel size, in whatever its coordinates would count", () => {
  const empty = { particles: [], origin: "first-voxel", voxelSizeAngstrom: undefined, warnings: [] } as const;
  const size = { tomogramSizeAngstrom: { x: 1000, y: 1000, z: 500 }, voxelSizeAngstrom: 10 };
  for (const format of PARTICLE_FORMATS.filter((name) => PARTICLE_CODECS[name].holds.nothing !== false)) {
    const { content } = writeParticleList({ ...empty, coordinatePixelSizeAngstrom: undefined }, { format, ...size });
    const bytes = typeof content === "string" ? bytesOf(content) : content;
    expect(readParticleList(bytes, { name: "a" }), format).toMatchObject({ particles: [], warnings: [] });
  }
});

describe("numbers that are none", () => {
  const row = (x: string, score = "0.31") =>
    `1 1 1 0.5 -0.25 1 10 20 30 ${score} 0 0 1 -60 60 0 0 0 0 1 1 2 0 ${x} 200 300 0 0 0 0 0 0 0 0 0\n`;
  const dynamo = (text: string) => read(text, { name: "a.tbl", format: "dynamo" });

  test("a row of Dynamo without a coordinate is left out and named", () => {
    const list = dynamo(row("100") + row("NaN"));
    expect(positions(list)).toEqual([[995, 1987.5, 3000]]);
    expect(list.warnings).toEqual(["left out: particle 2, where a coordinate is not a number"]);
  });

  test("a score that was not computed is none, not 0", () => {
    const { particles, warnings } = dynamo(row("100") + row("110", "NaN"));
    expect(particles.map(({ score }) => score)).toEqual([0.31, undefined]);
    expect(warnings).toEqual([]);
  });

  test("of a complex number the real part is taken, and the column named", () => {
    const list = dynamo(row("100") + row("110", "0+1.7075e-06i") + row("120", "0.2-3e-05i"));
    expect(list.particles.map(({ score }) => score)).toEqual([0.31, 0, 0.2]);
    expect(list.warnings).toEqual(["complex numbers in column 10 (2 of 3 rows): the real part is taken"]);
  });

  test.each([
    ["a truly complex number", row("100+3i"), 'line 1: column 24 is the complex number "100+3i"'],
    ["too large a number", row("100") + row("1e999"), 'line 2: column 24 is "1e999", too large for a number'],
    ["hexadecimal", row("0x10"), "column 24"],
    ["infinity", row("Inf"), 'column 24 is "Inf", not a number'],
    ["nothing but rows without coordinates", row("NaN"), "no particle has a position"],
  ])("%s is refused, and where", (_, text, message) => {
    expect(() => dynamo(text)).toThrow(message);
  });

  test.each<[ParticleFormat, string]>([
    ["coords", "1e999 2 3\n"],
    ["imod-points", "1 Infinity 3\n"],
    ["csv", "x,y,z\n1,2,1e999\n"],
    ["napari", "index,axis-0,axis-1,axis-2\n0,1,2,1e999\n"],
    ["shrec", "1bxn 1 2 1e999 0 0 0\n"],
    ["copick", '{"pickable_object_name":"a","points":[{"location":{"x":1e999,"y":1,"z":1}}]}'],
    ["eman2", '{"boxes_3d":[[1e999,1,1,"manual",0,0]],"class_list":{}}'],
    ["deepfinder", '<objlist><object class_label="1" x="1e999" y="1" z="1"/></objlist>'],
    ["pytom", '<ParticleList><Particle><PickPosition X="1e999" Y="1" Z="1"/></Particle></ParticleList>'],
  ])("%s refuses what is too large for a number", (format, text) => {
    expect(() => read(text, { format })).toThrow(/not a number|too large/);
  });

  test("decimal commas are named as such", () => {
    expect(() => read("100,5 200,5 300,5\n", { format: "coords" })).toThrow("decimal comma");
    expect(() => read("100,5;200,5;300,5\n", { format: "coords" })).toThrow("decimal comma");
  });
});

describe("PolNet's list of motifs", () => {
  const text = `Density\tMicrographs\tPolyData\tTomo3D\tType\tLabel\tCode\tPolymer\tX\tY\tZ\tQ1\tQ2\tQ3\tQ4
/t/den.mrc\t/t/mic.mrc\t/t/p.vtp\t/t/rec3d.mrc\tSAWLC\t1\tpn_4v94\t0\t1000.0\t2000.0\t500.0\t0.5\t0.5\t0.5\t0.5
`;

  test("is in Å whatever voxel size is given, and its quaternion begins with the real part", () => {
    expect(recogniseParticleFormat(bytesOf(text), "list.csv")).toBe("polnet");
    const [particle] = read(
      text.replace("0.5\t0.5\t0.5\t0.5", "0.7071067811865476\t0\t0\t0.7071067811865476"),
    ).particles;
    expect(particle).toMatchObject({
      positionAngstrom: { x: 1000, y: 2000, z: 500 },
      className: "pn_4v94",
      classNumber: 1,
      tomogramName: "/t/rec3d.mrc",
      extra: { Density: "/t/den.mrc", Type: "SAWLC", Polymer: "0" },
    });
    // A quarter turn about z: x goes to y.
    const [a, , , d] = quaternionToMatrix(particle.orientation!);
    expect([a, d].map((value) => Number(value.toFixed(9)))).toEqual([0, 1]);
  });

  test("is written as it was read", () => {
    const { content } = writeParticleList(read(text), { format: "polnet" });
    expect(content).toBe(text.replace("1000.0\t2000.0\t500.0", "1000\t2000\t500"));
  });
});

describe("points of the CryoET Data Portal", () => {
  const matrix = '"xyz_rotation_matrix": [[0, -1, 0], [1, 0, 0], [0, 0, 1]]';
  const location = '"location": {"x": 10.0, "y": 20.0, "z": 30.5}';

  test("oriented, in voxels", () => {
    const text = `{"type": "orientedPoint", ${location}, ${matrix}}\n{"type": "orientedPoint", ${location}, ${matrix}}`;
    expect(recogniseParticleFormat(bytesOf(text), "x.ndjson")).toBe("portal");
    const list = read(text);
    expect(positions(list)).toEqual([
      [100, 200, 305],
      [100, 200, 305],
    ]);
    expect(quaternionToMatrix(list.particles[0].orientation!).map((value) => Math.round(value))).toEqual([
      ...[0, -1, 0],
      ...[1, 0, 0],
      ...[0, 0, 1],
    ]);
  });

  test.each([
    ["a point", `{"type": "point", ${location}}`, {}],
    [
      "an instance",
      `{"location": {"x":10,"y":20,"z":30.5}, "type":"instancePoint", "instance_id": 7}`,
      { portal_instance_id: "7" },
    ],
  ])("%s alone", (_, text, extra) => {
    expect(recogniseParticleFormat(bytesOf(text))).toBe("portal");
    const list = read(text);
    expect(positions(list)).toEqual([[100, 200, 305]]);
    expect(list.particles[0].extra).toEqual(extra);
    const again = writeParticleList(list, { format: "portal" }).content;
    expect(JSON.parse(String(again))).toEqual(JSON.parse(text));
  });

  test("a line that is cut off is named", () => {
    expect(() => read(`{"type": "point", ${location}}\n{"type": "po`)).toThrow("line 2");
  });
});

describe("CSV", () => {
  test("is written without comments, and what a spreadsheet would run is read again as it was", () => {
    const list = {
      ...read("x,y,z,class,note\n1,2,3,-alpha,=1+1\n"),
      particles: read("x,y,z,class,note\n1,2,3,-alpha,=1+1\n").particles,
    };
    const { content } = writeParticleList(list, { format: "csv", comments: ["made by a test"] });
    expect(content).toBe("class,x_angstrom,y_angstrom,z_angstrom,note\n'-alpha,10,20,30,'=1+1\n");
    expect(read(String(content)).particles).toEqual(list.particles);
  });

  test("in the form that had comments is still read", () => {
    expect(positions(read("# made by cosnet\n# seed 1\nx_angstrom,y_angstrom,z_angstrom\n1,2,3\n"))).toEqual([
      [1, 2, 3],
    ]);
  });

  test.each([
    ["class, x, y, z", "1,230,410,87\n2,231,300,88\n", { classNumber: 1 }, [2300, 4100, 870]],
    ["x, y, z, score", "230,410,87,0.5\n231,300,88,1\n", { score: 0.5 }, [2300, 4100, 870]],
  ])("without names is taken as %s, and says so", (what, text, expected, position) => {
    const list = read(text, { name: "a.csv" });
    expect(list.particles[0]).toMatchObject(expected);
    expect(positions(list)[0]).toEqual(position);
    expect(list.warnings).toEqual([expect.stringContaining(what)]);
  });

  test.each([
    ["five columns without names", "1,2,3,4,5\n", "name"],
    ["pandas' numbers for names", "0,1,2\n5,6,7\n", "numbers the columns"],
    ["a decimal comma", "x;y;z\n100,5;1;2\n", 'line 2: "100,5" has a decimal comma'],
    ["a word for a coordinate", "x,y,z\n\n1,2,three\n", 'line 3: column z is "three"'],
  ])("%s is refused, and where", (_, text, message) => {
    expect(() => read(text, { format: "csv" })).toThrow(message);
  });

  test("keeps the voxel size that a column states", () => {
    const list = read("x,y,z,voxel_size\n1,2,3,5\n", { voxelSizeAngstrom: undefined, tomogramVoxelSizeAngstrom: 10 });
    expect(positions(list)).toEqual([[5, 10, 15]]);
    expect(list.warnings).toEqual([expect.stringMatching(/5 Å.* 10 Å/)]);
  });

  test("names of objects' own functions are names like others, and empty where a row has none", () => {
    const list = read("x,y,z,constructor,__proto__\n1,2,3,a,b\n");
    const two = { ...list, particles: [...list.particles, { positionAngstrom: { x: 1, y: 1, z: 1 }, extra: {} }] };
    const { content } = writeParticleList(two, { format: "csv" });
    expect(String(content).split("\n").slice(1, 3)).toEqual(["10,20,30,a,b", "1,1,1,,"]);
  });

  test("foreign columns of our names are kept", () => {
    const { particles } = read("index,axis-0,axis-1,axis-2,score,index\n0,3,2,1,good,9\n", { format: "napari" });
    expect(particles[0]).toEqual({ positionAngstrom: { x: 10, y: 20, z: 30 }, extra: { score: "good", index: "9" } });
    const written = writeParticleList({ ...read("x,y,z\n1,2,3\n"), particles }, { format: "napari" });
    expect(written.content).toBe("index,axis-0,axis-1,axis-2,score,index_2\n0,3,2,1,good,9\n");
  });
});

describe("a list without particles", () => {
  const list = { ...read("x_angstrom,y_angstrom,z_angstrom\n"), coordinatePixelSizeAngstrom: 10 };
  const placement = { voxelSizeAngstrom: 10, tomogramSizeAngstrom: { x: 100, y: 100, z: 100 } };

  test.each(PARTICLE_FORMATS.filter((format) => !(format in relionCodecs)))(
    "as %s is read again, or the error says that the format cannot",
    (format) => {
      if (PARTICLE_CODECS[format].holds.nothing === false) {
        expect(() => writeParticleList(list, { format, ...placement })).toThrow("cannot be without particles");
        return;
      }
      const { content } = writeParticleList(list, { format, ...placement });
      const bytes = typeof content === "string" ? bytesOf(content) : content;
      const found = recogniseParticleFormat(bytes, "list");
      expect(found).toBe(format);
      expect(readParticleList(bytes, { name: "list", ...placement }).particles).toEqual([]);
    },
  );
});

test("the names of images are held or said to be lost", () => {
  const list = {
    ...read("x,y,z\n1,2,3\n"),
    particles: [{ positionAngstrom: { x: 1, y: 2, z: 3 }, imageName: "a.mrc", extra: {} }],
  };
  expect(writeParticleList(list, { format: "csv" }).notes).toEqual(["left out: the names of the particles' images"]);
  for (const format of ["relion3.1", "pytom"] as const)
    expect(writeParticleList(list, { format, voxelSizeAngstrom: 10 })).toMatchObject({
      notes: [],
      content: expect.stringContaining("a.mrc"),
    });
});

describe("a CSV column of units", () => {
  test("in nm becomes Å and is stated", () => {
    const list = read("x,y,z,unit\n1,2,3,nm\n4,5,6,nm\n");
    expect(positions(list)).toEqual([
      [10, 20, 30],
      [40, 50, 60],
    ]);
    expect(list.particles[0]?.extra).toEqual({});
    expect(list.warnings).toEqual(["positions are in nm, as the table says, and become Å"]);
  });

  test.each([
    ["Å", 1],
    ["angstrom", 1],
    ["voxels", 10],
  ])("in %s", (unit, scale) => {
    const list = read(`x,y,z,Unit\n100,200,300,${unit}\n`);
    expect(positions(list)).toEqual([[100 * scale, 200 * scale, 300 * scale]]);
    expect(list.warnings).toEqual([]);
  });

  test("in none that is known, or of several, is refused with its line", () => {
    expect(() => read("x,y,z,unit\n1,2,3,furlong\n")).toThrow(/column unit holds "furlong"/);
    expect(() => read("x,y,z,unit\n1,2,3,nm\n1,2,3,px\n")).toThrow(/"px" after another unit/);
    expect(() => read("x_nm,y_nm,z_nm\n1,2,3\n")).toThrow();
  });

  test("is about something else beside x_angstrom, and kept", () => {
    const { particles } = read("x_angstrom,y_angstrom,z_angstrom,unit\n1,2,3,nm\n");
    expect(particles[0]).toEqual({ positionAngstrom: { x: 1, y: 2, z: 3 }, extra: { unit: "nm" } });
  });
});

describe("what was not computed, as RELION and starfile write it", () => {
  const columns = ["CoordinateX", "CoordinateY", "CoordinateZ", "AngleRot", "AngleTilt", "AnglePsi", "ClassNumber"];
  const star = (...rows: string[]) =>
    `data_particles\n\nloop_\n${columns.map((column) => `_rln${column}\n`).join("")}${rows.join("\n")}\n`;

  test.each(["nan", "-nan", "NaN", "<NA>"])("%s: the particle's orientation or class is none", (text) => {
    const list = read(star("1 2 3 10 20 30 1", `4 5 6 ${text} 20 30 ${text}`), { name: "list.star" });
    expect(positions(list)).toEqual([
      [10, 20, 30],
      [40, 50, 60],
    ]);
    expect(list.particles.map(({ orientation, classNumber }) => [orientation !== undefined, classNumber])).toEqual([
      [true, 1],
      [false, undefined],
    ]);
    expect(list.warnings).toEqual(["without orientation: particle 2, where an angle is not a number"]);
  });

  test("other text, infinity and a coordinate that is none are refused with their line", () => {
    for (const row of ["1 2 3 inf 20 30 1", "1 2 3 abc 20 30 1", "1 2 3 10 20 30 x", "1 nan 3 10 20 30 1"])
      expect(() => read(star(row))).toThrow("line 11");
  });
});

test("a copick point whose matrix is null has no orientation", () => {
  const point = { location: { x: 1, y: 2, z: 3 }, transformation_: null, instance_id: null, score: null };
  const list = read(JSON.stringify({ pickable_object_name: "ribosome", unit: "angstrom", points: [point] }));
  expect(list.particles).toEqual([{ positionAngstrom: { x: 1, y: 2, z: 3 }, className: "ribosome", extra: {} }]);
});

describe("EMAN2's boxes from the centre", () => {
  const text = JSON.stringify({ apix_unbin: 2.5, boxes_3d: [[-10, 20, 30, "manual", 0, 0]], class_list: {} });

  test("without a tomogram they are refused, of a tomogram without size they are from its centre", () => {
    expect(() => read(text, { voxelSizeAngstrom: undefined })).toThrow("whose size is not known");
    const sizeless = { voxelSizeAngstrom: undefined, tomogramSizeAngstrom: { x: 0, y: 0, z: 0 } };
    const list = read(text, sizeless);
    expect(positions(list)).toEqual([[-25, 50, 75]]);
    expect(list).toMatchObject({ origin: "tomogram-centre", coordinatePixelSizeAngstrom: 2.5, warnings: [] });
  });
});

describe("half sets", () => {
  const fields = "motl_idx tomo_num object subtomo_num halfset orig_x orig_y orig_z score x_shift y_shift z_shift";
  const names = `${fields} phi psi the class`.split(" ").map((name) => `_${name}\n`);
  const rows = ["A", "A", "B", "B"].map((half, i) => `${i + 1} 1 1 ${i + 1} ${half} 10 20 ${i} 0.5 0 0 0 0 0 0 1\n`);
  const list = read(`data_stopgap_motivelist\n\nloop_\n${names.join("")}${rows.join("")}`);
  const halvesOf = ({ particles }: typeof list) => particles.map(({ extra }) => extra.rlnRandomSubset).join("");

  test("of STOPGAP are RELION's, and stay what they are", () => {
    expect(halvesOf(list)).toBe("1122");
    for (const format of ["stopgap", "relion4", "csv"] as const) {
      const written = writeParticleList(list, { format });
      expect(written.notes, format).not.toContainEqual(expect.stringContaining("rlnRandomSubset"));
      expect(halvesOf(read(written.content as string, { name: `a.${format === "csv" ? "csv" : "star"}` }))).toBe(
        "1122",
      );
    }
    expect(writeParticleList(list, { format: "motl" }).notes).toContain("left out: rlnRandomSubset");
  });

  test("are alternate rows where a list does not say", () => {
    const particles = list.particles.map((particle) => ({ ...particle, extra: {} }));
    const written = writeParticleList({ ...list, particles }, { format: "stopgap" });
    expect(halvesOf(read(written.content as string))).toBe("1212");
  });
});

test("particles of which not all have an orientation or a class are written so that they can be read", () => {
  const list = read("x_angstrom,y_angstrom,z_angstrom,rot,tilt,psi,class_number\n1,2,3,10,20,30,2\n4,5,6,,,,\n", {
    name: "a.csv",
  });
  const note = "the orientation of 1 particle is not known, and written as no rotation";
  for (const format of ["relion4", "stopgap", "dynamo", "polnet", "pytom"] as const)
    expect(writeParticleList(list, { format, voxelSizeAngstrom: 10 }).notes, format).toContain(note);
  for (const format of ["csv", "deepfinder"] as const)
    expect(writeParticleList(list, { format, voxelSizeAngstrom: 10 }).notes, format).not.toContain(note);
  const { content } = writeParticleList(list, { format: "relion4", voxelSizeAngstrom: 10 });
  expect(read(content as string).particles.map(({ classNumber }) => classNumber)).toEqual([2, undefined]);
});

test.each(["tomo_id", "run_name", "rlnTomoName"])("a table's column %s tells its tomograms apart", (column) => {
  const { particles } = read(`x,y,z,${column}\n1,2,3,TS_1\n1,2,3,TS_2\n`, { name: "a.csv" });
  expect(particles.map(({ tomogramName }) => tomogramName)).toEqual(["TS_1", "TS_2"]);
});

test("napari's points count in the voxels of the tomogram that their list states", () => {
  const star =
    "data_particles\n\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_cosnetTomogramVoxelSizeAngst\n";
  const list = read(`${star}1 2 3 10\n4 5 6 10\n`);
  for (const voxelSizeAngstrom of [10, 20]) {
    const { content } = writeParticleList(list, { format: "napari", voxelSizeAngstrom });
    const read = (options: ReadParticleListOptions) =>
      readParticleList(bytesOf(content as string), { name: "points.csv", ...options });
    expect(positions(read({}))).toEqual(positions(list));
    const binned = read({ tomogramVoxelSizeAngstrom: 40 });
    expect(positions(binned)).toEqual(positions(list));
    expect(binned.warnings.join()).toContain(`the list states voxels of ${voxelSizeAngstrom} Å, the tomogram has 40 Å`);
  }
});

test("PEET's motive list, which has no positions, is told to be that", () => {
  const header = "CCC,reserved,reserved,pIndex,wedgeWT,NA,xOffset,yOffset,zOffset,EulerZ(1),EulerZ(3),EulerX(2)";
  expect(() => read(`${header}\n1,0,0,1,0,0,0,0,0,0,0,0\n`, { name: "a_MOTL.csv" })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("motive list of PEET") }),
  );
});

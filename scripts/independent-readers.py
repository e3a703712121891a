"""Reads what `cosnet convert` writes with programs and libraries that are not cosnet, and prints the largest differences.

Run by hand after a build: /usr/bin/python3 scripts/independent-readers.py
(Debian: relion, python3-mrcfile, python3-h5py, python3-numpy, python3-scipy; what is missing is said and passed over).

RELION 3.1 lists go through RELION's own reader (relion_star_handler; RELION 3.1 mixes up columns of version 3.0 and does
not know versions 4 and 5), HDF5 through h5py, MRC through mrcfile, XML, JSON and CSV through Python's libraries; the other
formats are a few lines of NumPy written from the formats' documentation. All angles go through SciPy. Exit code 1 when a position is off by more than 1e-3 Å or an
element of a rotation matrix by more than 1e-4.
"""

import csv
import json
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

COSNET = ["node", str(Path(__file__).parent.parent / "dist" / "cli" / "main.js")]
VOXEL = 7.84
SIZE = np.array([101, 90, 51])  # x, y, z: odd and even edges
POSITION_LIMIT, ROTATION_LIMIT = 1e-3, 1e-4
BOX = 37
RELION = "relion_star_handler"


def truth():
    """Random poses, both poles, half-way angles; positions at whole, half and any voxels."""
    random = np.random.default_rng(3)
    special = Rotation.from_euler("ZYZ", [[0, 0, 0], [30, 0, 0], [30, 180, 10], [0, 90, 0], [-90, 90, 180]], degrees=True)
    rotations = Rotation.concatenate([Rotation.random(35, random_state=3), special])
    positions = random.uniform(0, (SIZE - 1) * VOXEL, (40, 3))
    positions[0], positions[1], positions[2] = 0, VOXEL / 2, (SIZE - 1) * VOXEL / 2
    return positions.round(5), rotations


def star_tables(path):
    """Every loop of a STAR file as a dictionary of columns."""
    tables, names, rows = [], [], []
    for line in [*Path(path).read_text().splitlines(), "data_"]:
        words = line.split("#")[0].split() if not line.lstrip().startswith("_") else line.split()[:1]
        if not words or words[0] == "loop_" or words[0].startswith("data_"):
            if words and rows:
                tables.append({name: [row[i] for row in rows] for i, name in enumerate(names)})
            if words:
                names, rows = [], []
        elif words[0].startswith("_"):
            names.append(words[0][1:])
        elif names:
            rows.append(words)
    return tables


def columns(table, names):
    return np.array([[float(value) for value in table[name]] for name in names]).T


def through_relion(path):
    """The list as RELION 3.1 reads and writes it again: a selection that leaves nothing out."""
    out = path.with_name(f"relion-{path.name}")
    selection = ["--select", "rlnAngleTilt", "--minval", "-1000"]
    subprocess.run([RELION, "--i", str(path), "--o", str(out), *selection], check=True, capture_output=True)
    return star_tables(out)


def relion_rotations(table):
    return Rotation.from_euler("ZYZ", columns(table, ["rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi"]), degrees=True).inv()


def relion_voxels(tables, pixel):
    particles = tables[-1]
    origins = ["rlnOriginXAngst", "rlnOriginYAngst", "rlnOriginZAngst"]
    positions = columns(particles, ["rlnCoordinateX", "rlnCoordinateY", "rlnCoordinateZ"]) * pixel
    if origins[0] in particles:
        positions -= columns(particles, origins)
    elif "rlnOriginX" in particles:
        positions -= columns(particles, ["rlnOriginX", "rlnOriginY", "rlnOriginZ"]) * pixel
    return positions, relion_rotations(particles)


def relion30(path):
    tables = star_tables(path)
    particles = tables[-1]
    pixel = 1e4 * columns(particles, ["rlnDetectorPixelSize"]) / columns(particles, ["rlnMagnification"])
    return relion_voxels(tables, pixel)


def relion31(path):
    tables = through_relion(path)
    names = ["rlnMicrographPixelSize", "rlnImagePixelSize", "rlnMicrographOriginalPixelSize"]
    name = next(name for name in names if name in tables[0])
    return relion_voxels(tables, float(tables[0][name][0]))


def relion4(path):
    tables = star_tables(path)
    optics = next(table for table in tables if "rlnTomoTiltSeriesPixelSize" in table)
    return relion_voxels(tables, float(optics["rlnTomoTiltSeriesPixelSize"][0]))


def relion5(path):
    particles = star_tables(path)[-1]
    centred = columns(particles, [f"rlnCenteredCoordinate{axis}Angst" for axis in "XYZ"])
    origins = columns(particles, [f"rlnOrigin{axis}Angst" for axis in "XYZ"])
    return centred - origins + SIZE * VOXEL / 2, relion_rotations(particles)


def dynamo(path):
    table = np.loadtxt(path)
    rotations = Rotation.from_euler("zxz", table[:, 6:9], degrees=True).inv()
    return (table[:, 23:26] + table[:, 3:6] - 1) * VOXEL, rotations


def motl(path):
    data = path.read_bytes()
    kinds = {5: "<f4", 9: "<f8"}
    nx, ny, _ = struct.unpack("<3i", data[4:16])
    table = np.frombuffer(data[512:], kinds[data[3]]).reshape(ny, nx).astype(float)
    rotations = Rotation.from_euler("zxz", table[:, [16, 18, 17]], degrees=True)
    return (table[:, 7:10] + table[:, 10:13] - 1) * VOXEL, rotations


def stopgap(path):
    table = star_tables(path)[-1]
    at = columns(table, ["orig_x", "orig_y", "orig_z"]) + columns(table, ["x_shift", "y_shift", "z_shift"])
    return (at - 1) * VOXEL, Rotation.from_euler("zxz", columns(table, ["phi", "the", "psi"]), degrees=True)


def numbers(element, names):
    return [float(element.get(name, 0)) for name in names]


def pytom(path):
    items = list(xml.parse(path).getroot().iter("Particle"))
    at = [np.add(numbers(item.find("PickPosition"), "XYZ"), numbers(item.find("Shift"), "XYZ")) for item in items]
    angles = [numbers(item.find("Rotation"), ["Z1", "X", "Z2"]) for item in items]
    return np.array(at) * VOXEL, Rotation.from_euler("zxz", angles, degrees=True)


def deepfinder(path):
    items = list(xml.parse(path).getroot())
    at = np.array([numbers(item, "xyz") for item in items]) * VOXEL
    return at, Rotation.from_euler("zxz", [numbers(item, ["phi", "the", "psi"]) for item in items], degrees=True)


def copick(path):
    points = json.loads(path.read_text())["points"]
    at = np.array([[point["location"][axis] for axis in "xyz"] for point in points])
    matrices = np.array([point["transformation_"] for point in points])[:, :3, :3]
    return at, Rotation.from_matrix(matrices)


def eman2(path):
    info = json.loads(path.read_text())
    unbinned = np.array([box[:3] for box in info["boxes_3d"]], float)
    return unbinned * info["apix_unbin"] + (SIZE // 2) * VOXEL, None


def imod(path):
    data = path.read_bytes()
    assert data[:8] == b"IMODV1.2" and data[240:244] == b"OBJT"
    points, at = [], 240 + 4 + 176
    while data[at : at + 4] == b"CONT":
        (count,) = struct.unpack(">i", data[at + 4 : at + 8])
        points.append(np.frombuffer(data, ">f4", 3 * count, at + 20).reshape(count, 3))
        at += 20 + 12 * count
    return (np.concatenate(points) - [0.5, 0.5, 0]) * VOXEL, None


def imod_points(path):
    return (np.loadtxt(path)[:, -3:] - [0.5, 0.5, 0]) * VOXEL, None


def coords(path):
    return np.loadtxt(path)[:, :3] * VOXEL, None


def cbox(path):
    table = next(table for table in star_tables(path) if "CoordinateX" in table)
    half = columns(table, ["Width", "Height"]) / 2
    at = columns(table, ["CoordinateX", "CoordinateY", "CoordinateZ"])
    return (at + np.pad(half, ((0, 0), (0, 1)))) * VOXEL, None


def csv_rows(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def table_csv(path):
    rows = csv_rows(path)
    number = lambda names: np.array([[float(row[name]) for name in names] for row in rows])  # noqa: E731
    rotations = Rotation.from_quat(number(["qx", "qy", "qz", "qw"]))
    return number(["x_angstrom", "y_angstrom", "z_angstrom"]), rotations


def napari(path):
    rows = csv_rows(path)
    return np.array([[float(row[f"axis-{axis}"]) for axis in (2, 1, 0)] for row in rows]) * VOXEL, None


def shrec(path):
    rows = [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]
    table = np.array([row[1:7] for row in rows], float)
    return table[:, :3] * VOXEL, Rotation.from_euler("zxz", table[:, 3:6], degrees=True)


# --to: name of the file, its reader here, and the program that reads it first
LISTS = {
    "relion3.0": ("a.star", relion30, None),
    "relion3.1": ("b.star", relion31, RELION),
    "relion4": ("c.star", relion4, None),
    "relion5": ("d.star", relion5, None),
    "warp": ("e.star", relion30, None),
    "artiax": ("f.star", relion30, None),
    "dynamo": ("g.tbl", dynamo, None),
    "motl": ("h.em", motl, None),
    "stopgap": ("i.star", stopgap, None),
    "pytom": ("j.xml", pytom, None),
    "deepfinder": ("k.xml", deepfinder, None),
    "copick": ("l.json", copick, None),
    "eman2": ("m_info.json", eman2, None),
    "imod": ("n.mod", imod, None),
    "imod-points": ("o.pts", imod_points, None),
    "cbox": ("p.cbox", cbox, None),
    "coords": ("q.coords", coords, None),
    "csv": ("r.csv", table_csv, None),
    "napari": ("s.csv", napari, None),
    "shrec": ("t.txt", shrec, None),
}


def convert(*arguments):
    result = subprocess.run([*COSNET, "convert", *map(str, arguments), "--quiet"], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"cosnet convert {' '.join(map(str, arguments))}\n{result.stderr}")


def check_lists(folder):
    positions, rotations = truth()
    header = "tomogram,class,score,x_angstrom,y_angstrom,z_angstrom,qw,qx,qy,qz\n"
    rows = (
        f"TS_1,ribosome,{0.5 + i / 100},{','.join(map(str, p))},{q[3]:.9f},{q[0]:.9f},{q[1]:.9f},{q[2]:.9f}\n"
        for i, (p, q) in enumerate(zip(positions, rotations.as_quat()))
    )
    (folder / "truth.csv").write_text(header + "".join(rows))
    tomogram = folder / "TS_1.mrc"
    write_mrc(tomogram)
    failed = False
    print(f"{'format':12} {'position, Å':>12} {'rotation':>10}  read by")
    for name, (file, reader, program) in LISTS.items():
        if program and not shutil.which(program):
            print(f"{name:12} {program} is not installed")
            continue
        path = folder / file
        options = ["--tomogram", tomogram, "--lossy", "--box-size", BOX]
        convert(folder / "truth.csv", path, "--to", name, *options)
        read, turned = reader(path)
        off = np.abs(read - positions).max()
        twisted = None if turned is None else np.abs(turned.as_matrix() - rotations.as_matrix()).max()
        failed |= not off <= POSITION_LIMIT or (twisted is not None and not twisted <= ROTATION_LIMIT)
        by = program or "Python's xml, json, csv" if re.search("xml|json|csv", file) else program or "NumPy"
        print(f"{name:12} {off:12.1e} {'none' if twisted is None else format(twisted, '.1e'):>10}  {by}")
    return failed


def write_mrc(path):
    """A header and zeros, by hand: the tomogram only says its size and voxel size."""
    header = bytearray(1024)
    header[0:16] = struct.pack("<4i", *SIZE, 0)
    header[28:40] = struct.pack("<3i", *SIZE)
    header[40:52] = struct.pack("<3f", *(SIZE * VOXEL))
    header[64:76] = struct.pack("<3i", 1, 2, 3)
    header[208:216] = b"MAP \x44\x44\0\0"
    path.write_bytes(bytes(header) + bytes(int(np.prod(SIZE))))


def check_volumes(folder):
    volume = np.random.default_rng(5).normal(size=(7, 8, 9)).astype(np.float32)
    np.save(folder / "v.npy", volume)
    failed = False

    def compare(name, by, data, voxel):
        nonlocal failed
        off = np.abs(np.asarray(data, np.float32) - volume).max()
        failed |= not (off == 0 and abs(voxel - VOXEL) < 1e-5)
        print(f"{name:12} values differ by {off:g}, voxel {voxel:.5g} Å  {by}")

    def written(name):
        convert(folder / "v.npy", folder / name, "--voxel-size", VOXEL)
        return folder / name

    try:
        import mrcfile

        with mrcfile.open(written("v.mrc")) as file:
            compare("MRC", "mrcfile", file.data, float(file.voxel_size.x))
    except ImportError:
        print("MRC          mrcfile is not installed")
    try:
        import h5py

        with h5py.File(written("v.hdf")) as file:
            image = file["MDF/images/0"]
            compare("EMAN2 HDF5", "h5py", image["image"][()], float(image.attrs["EMAN.apix_x"]))
    except ImportError:
        print("EMAN2 HDF5   h5py is not installed")
    data = written("v.em").read_bytes()
    nx, ny, nz = struct.unpack("<3i", data[4:16])
    # The seventh number of the block of parameters: the pixel size in picometres.
    voxel = struct.unpack("<i", data[120:124])[0] / 100
    compare("EM", "NumPy", np.frombuffer(data[512:], "<f4").reshape(nz, ny, nx), voxel)
    return failed


def main():
    with tempfile.TemporaryDirectory() as name:
        failed = [check_lists(Path(name)), check_volumes(Path(name))]
    sys.exit(1 if any(failed) else 0)


if __name__ == "__main__":
    main()

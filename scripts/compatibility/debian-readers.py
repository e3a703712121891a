"""Reads one file with one program or library of Debian and prints what it saw, its version in front.

/usr/bin/python3 debian-readers.py <reader> <file>; without a file, the version alone. What is not installed ends with ImportError.
"""

import csv
import json
import math
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path


def program(name):
    if shutil.which(name) is None:
        raise ImportError(name)
    return name


def seen(shape, values, voxel=None, origin=None):
    """JSON has no NaN: null. The origin is x, y, z in Å."""
    finite = [float(value) if math.isfinite(value) else None for value in values]
    place = origin and [float(value) for value in origin]
    return {"shape": list(shape), "values": finite, "voxelSizeAngstrom": voxel, "originAngstrom": place}


def array(data, voxel=None, origin=None):
    return seen(data.shape, data.flat, voxel, origin)


def debian_version(package):
    answer = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=True)
    return re.sub(r"^\d+:|[-+~].*$", "", answer.stdout)


def read_mrcfile(path):
    import mrcfile

    with mrcfile.open(path) as file:
        return array(file.data, float(file.voxel_size.x), file.header.origin.item())


def read_gemmi_map(path):
    import gemmi

    grid = gemmi.read_ccp4_map(path).grid
    # Counted as [x, y, z].
    import numpy

    data = numpy.array(grid).transpose(2, 1, 0)
    return array(data, grid.unit_cell.a / grid.nu)


def read_pymol(path):
    import pymol

    pymol.finish_launching(["pymol", "-cqk"])
    # By default PyMOL shows (value - mean) / deviation.
    pymol.cmd.set("normalize_ccp4_maps", 0)
    pymol.cmd.load(path, "map", format="mrc")
    field = pymol.cmd.get_volume_field("map")
    if isinstance(field, int):
        raise ValueError("no map was loaded")
    data = field.transpose(2, 1, 0)
    low, high = pymol.cmd.get_extent("map")
    return array(data, (high[0] - low[0]) / (data.shape[2] - 1), low)


def read_relion_map(path):
    """The map as RELION writes it again, as float32."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "again.mrc"
        command = [program("relion_image_handler"), "--i", path, "--o", str(out), "--multiply_constant", "1"]
        answer = subprocess.run(command, capture_output=True, text=True)
        if not out.exists():
            raise ValueError(answer.stderr.strip().splitlines()[0] if answer.stderr.strip() else "wrote nothing")
        data = out.read_bytes()
    nx, ny, nz, mode = struct.unpack("<4i", data[:16])
    assert mode == 2
    values = struct.unpack(f"<{nx * ny * nz}f", data[-4 * nx * ny * nz :])
    mx, length = struct.unpack("<i", data[28:32])[0], struct.unpack("<f", data[40:44])[0]
    return seen([nz, ny, nx], values, length / mx, struct.unpack("<3f", data[196:208]))


def read_h5py(path):
    import h5py

    with h5py.File(path) as file:
        image = file["MDF/images/0"]
        return array(image["image"][()], float(image.attrs["EMAN.apix_x"]))


def read_numpy(path):
    import numpy

    return array(numpy.load(path))


def read_tifffile(path):
    import tifffile

    with tifffile.TiffFile(path) as file:
        spacing = (file.imagej_metadata or {}).get("spacing")
        return array(file.asarray(), spacing and spacing * (10 if file.imagej_metadata.get("unit") == "nm" else 1))


def read_meshio(path):
    import meshio

    mesh = meshio.read(path)
    triangles = mesh.cells_dict["triangle"]
    return {"corners": [float(value) for value in mesh.points[triangles].flat]}


def read_assimp(path):
    """The surface as assimp writes it again, as the text form of STL."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "again.stl"
        subprocess.run([program("assimp"), "export", path, str(out), "-fstl"], capture_output=True, check=True)
        lines = out.read_text().splitlines()
    return {"corners": [float(word) for line in lines if "vertex" in line for word in line.split()[1:4]]}


def star_columns(rows, names):
    return [[float(row[name]) for name in names] for row in rows]


def read_gemmi_star(path):
    """The rows of the particle table, by gemmi's reader of CIF, which STAR is."""
    import gemmi

    names = [f"_rlnCenteredCoordinate{axis}Angst" for axis in "XYZ"]
    for block in gemmi.cif.read(path):
        table = block.find(names)
        if len(table):
            return {"positions": [[float(value) for value in row] for row in table], "from": "centre"}
    raise ValueError("no particle table")


def read_relion_star(path):
    """The list as RELION writes it again: a selection that leaves nothing out."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "again.star"
        select = ["--select", "rlnCoordinateX", "--minval", "-1e9"]
        subprocess.run([program("relion_star_handler"), "--i", path, "--o", str(out), *select], capture_output=True, check=True)
        names, rows = [], []
        for line in out.read_text().splitlines():
            words = line.split()
            if words[:1] == ["loop_"]:
                names, rows = [], []
            elif words and words[0].startswith("_"):
                names.append(words[0])
            elif words and names:
                rows.append(dict(zip(names, words)))
    return {"positions": star_columns(rows, [f"_rlnCoordinate{axis}" for axis in "XYZ"]), "from": "voxel"}


def read_csv(path):
    with open(path, newline="") as file:
        return {"positions": star_columns(csv.DictReader(file), [f"{axis}_angstrom" for axis in "xyz"])}


def read_json(path):
    rows = [json.loads(line) for line in Path(path).read_text().splitlines()]
    return {"positions": [[row["location"][axis] for axis in "xyz"] for row in rows], "from": "voxel"}


def read_gemmi(path):
    return read_gemmi_star(path) if path.endswith(".star") else read_gemmi_map(path)


def read_relion(path):
    return read_relion_star(path) if path.endswith(".star") else read_relion_map(path)


READERS = {
    "mrcfile": (read_mrcfile, "python3-mrcfile"),
    "gemmi": (read_gemmi, "python3-gemmi"),
    "PyMOL": (read_pymol, "python3-pymol"),
    "RELION": (read_relion, "relion"),
    "h5py": (read_h5py, "python3-h5py"),
    "NumPy": (read_numpy, "python3-numpy"),
    "tifffile": (read_tifffile, "python3-tifffile"),
    "meshio": (read_meshio, "python3-meshio"),
    "assimp": (read_assimp, "assimp-utils"),
    "Python's csv": (read_csv, "python3"),
    "Python's json": (read_json, "python3"),
}

if __name__ == "__main__":
    read, package = READERS[sys.argv[1]]
    print(f"\n{json.dumps({'version': debian_version(package)} if len(sys.argv) == 2 else read(sys.argv[2]))}")

#!/usr/bin/env bash
# mrcfile 1.4.3 (Debian): `set_data` with an array of another size "updates the header to match the new data dimensions": it sets NX and MX, and keeps the
# cell in Å. What a voxel measures is the cell over MX, so it changes without a word: of 16 x 16 x 8 voxels of 10 Å the middle 8 x 8 x 8, set in a copy of
# the file (the way to keep its header), are of 20 x 20 x 10 Å, and padded to twice the size they are of 5 Å. Reading the size before and
# setting it after, or a file binned by as much as its size shrinks, come out right. `mrcfile.validate` finds nothing wrong. Positions and
# diameters measured there, and templates scaled for it, are off by the ratio of the sizes, axis by axis.
#
# Seen on Debian 12, amd64. Fails when the voxel size is kept.
set -euo pipefail
version=1.4.3-3
[ "$(dpkg-query --show --showformat='${Version}' python3-mrcfile 2>/dev/null)" = "$version" ] ||
  apt-get install -qq -y --no-install-recommends "python3-mrcfile=$version" >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >crop.py <<'PY'
import shutil
import struct

import mrcfile
import numpy

whole = numpy.arange(8 * 16 * 16, dtype="float32").reshape(8, 16, 16)
with mrcfile.new("whole.mrc", whole) as mrc:
    mrc.voxel_size = 10


def after(name, data, size_angstrom=None):
    """Voxel size in x, y, z of a copy of the whole that got other data, as the bytes of its header state it."""
    shutil.copy("whole.mrc", name)
    with mrcfile.open(name, "r+") as mrc:
        mrc.set_data(data)
        if size_angstrom:
            mrc.voxel_size = size_angstrom
    header = open(name, "rb").read(1024)
    samples, cell = struct.unpack_from("<3i", header, 28), struct.unpack_from("<3f", header, 40)
    sizes = [edge / count for edge, count in zip(cell, samples)]
    print(f"{name}: {data.shape[::-1]} voxels of {sizes} Å, valid: {mrcfile.validate(name)}")
    return sizes


crop = whole[:, 4:12, 4:12].copy()
pad = numpy.pad(whole, ((4, 4), (8, 8), (8, 8)))
seen = [after("cropped.mrc", crop), after("padded.mrc", pad), after("set-again.mrc", crop, 10)]
raise SystemExit(0 if seen == [[20, 20, 10], [5, 5, 5], [10, 10, 10]] else 1)
PY
/usr/bin/python3 crop.py

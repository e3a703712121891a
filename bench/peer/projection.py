"""SciPy's and NumPy's side of bench/projection.mjs: projection and back-projection of a volume, written plainly.

Two ways, as a careful user would write them without compiling anything: `scipy` turns the volume with
scipy.ndimage.affine_transform (order 1) and sums, and back-projects with map_coordinates; `numpy` gathers and scatters whole
planes with precomputed places and weights. Same geometry as cosnet: tilt axis y, u = x cos t + z sin t from the centre n // 2.
Prints one JSON line: the processor time of each repeat, and a digest of the results for comparison.
"""
import argparse
import json
import os
import time

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--way", choices=["scipy", "numpy"], required=True)
parser.add_argument("--folder", required=True, help="where density.f32 is and results are written")
parser.add_argument("--nz", type=int, required=True)
parser.add_argument("--ny", type=int, required=True)
parser.add_argument("--nx", type=int, required=True)
parser.add_argument("--tilts", type=int, required=True, help="from -60 to 60 degrees")
parser.add_argument("--repeats", type=int, required=True)
options = parser.parse_args()
nz, ny, nx = options.nz, options.ny, options.nx
angles = np.deg2rad(np.linspace(-60, 60, options.tilts))
density = np.fromfile(os.path.join(options.folder, "density.f32"), dtype="<f4").reshape(nz, ny, nx)
cx, cz = nx // 2, nz // 2


def project_scipy():
    from scipy import ndimage

    images = np.empty((options.tilts, ny, nx), np.float32)
    depth = int(np.hypot(nx, nz)) + 2
    for i, t in enumerate(angles):
        # Output (w, u) of the turned plane takes its value from (z, x): x = u cos t - w sin t, z = u sin t + w cos t.
        matrix = np.array([[np.cos(t), 0, np.sin(t)], [0, 1, 0], [-np.sin(t), 0, np.cos(t)]])
        offset = np.array([cz, 0, cx]) - matrix @ np.array([depth // 2, 0, cx])
        turned = ndimage.affine_transform(density, matrix, offset, (depth, ny, nx), np.float32, order=1)
        images[i] = turned.sum(axis=0)
    return images


def ramp_filter(images):
    length = 1 << int(np.ceil(np.log2(2 * nx)))
    ramp = np.abs(np.fft.rfftfreq(length)) * (np.deg2rad(120) / (options.tilts - 1))
    return np.fft.irfft(np.fft.rfft(images, length, axis=2) * ramp, length, axis=2)[:, :, :nx].astype(np.float32)


def places(t):
    """Where each voxel of a plane [nz, nx] projects."""
    return (np.arange(nx)[None, :] - cx) * np.cos(t) + (np.arange(nz)[:, None] - cz) * np.sin(t) + cx


def reconstruct_scipy(images):
    from scipy import ndimage

    filtered = ramp_filter(images)
    volume = np.zeros((nz, ny, nx), np.float32)
    for image, t in zip(filtered, angles):
        u = places(t)
        for y in range(ny):
            volume[:, y] += ndimage.map_coordinates(image[y], [u], order=1, output=np.float32)
    return volume


def weights(t):
    u = places(t)
    below = np.floor(u).astype(np.int64)
    share = (u - below).astype(np.float32)
    inside = (below >= 0) & (below < nx - 1)
    return np.where(inside, below, 0), np.where(inside, share, 0).astype(np.float32), inside.astype(np.float32)


def project_numpy():
    images = np.empty((options.tilts, ny, nx), np.float32)
    for i, t in enumerate(angles):
        below, share, inside = weights(t)
        flat = below.ravel()
        low, high = (inside * (1 - share)).ravel(), (inside * share).ravel()
        for y in range(ny):
            plane = density[:, y].ravel()
            row = np.bincount(flat, plane * low, nx)
            row += np.bincount(flat + 1, plane * high, nx)
            images[i, y] = row
    return images


def reconstruct_numpy(images):
    filtered = ramp_filter(images)
    volume = np.zeros((nz, ny, nx), np.float32)
    for image, t in zip(filtered, angles):
        below, share, inside = weights(t)
        low, high = inside * (1 - share), inside * share
        for y in range(ny):
            row = image[y]
            volume[:, y] += row[below] * low + row[below + 1] * high
    return volume


def timed(work, *arguments):
    seconds = []
    for _ in range(options.repeats):
        start = time.process_time()
        result = work(*arguments)
        seconds.append(time.process_time() - start)
    return seconds, result


project, reconstruct = {
    "scipy": (project_scipy, reconstruct_scipy),
    "numpy": (project_numpy, reconstruct_numpy),
}[options.way]
projecting, images = timed(project)
reconstructing, volume = timed(reconstruct, images)
images.tofile(os.path.join(options.folder, f"images-{options.way}.f32"))
volume.tofile(os.path.join(options.folder, f"volume-{options.way}.f32"))
print(json.dumps({"project": projecting, "reconstruct": reconstructing}))

"""Plain wedge-constrained correlation of pairs of boxes in NumPy: every rotation, all shifts by FFT, no refinement.

    python3 align.py --folder FOLDER --pairs N --edge 32 --tilt 60 --voxel 10 --low-pass 35 --largest-shift 5

FOLDER holds particles.f32 and references.f32 ([N, edge, edge, edge]), rotations.f64 ([R, 3, 3]) and measured.u8 ([2]: 1 where
particles and references have a missing wedge). Prints JSON: seconds a pair, and the pose of each.
"""
import argparse
import json
import time

import numpy as np

parser = argparse.ArgumentParser()
for name, kind in (("folder", str), ("pairs", int), ("edge", int), ("tilt", float), ("voxel", float), ("low-pass", float), ("largest-shift", float)):
    parser.add_argument("--" + name, type=kind, required=True)
options = parser.parse_args()
n = options.edge
read = lambda name, kind: np.fromfile(f"{options.folder}/{name}", kind)
particles = read("particles.f32", np.float32).reshape(-1, n, n, n)
references = read("references.f32", np.float32).reshape(-1, n, n, n)
rotations = read("rotations.f64", np.float64).reshape(-1, 3, 3)
particle_wedge, reference_wedge = read("measured.u8", np.uint8)

k = np.fft.fftfreq(n) * n
kz, ky, kx = np.meshgrid(k, k, np.arange(n // 2 + 1.0), indexing="ij")
band = np.sqrt(kx**2 + ky**2 + kz**2) <= n * options.voxel / options.low_pass
slope = np.tan(np.radians(options.tilt))
measured = lambda x, z: np.abs(z) <= slope * np.abs(x) + 0.5
frequencies = np.stack([kx, ky, kz]).reshape(3, -1)
places = (np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij")[::-1]) - n // 2).reshape(3, -1)
allowed = np.fft.ifftshift(np.sqrt((places**2).sum(0)).reshape(n, n, n) <= options.largest_shift)


def rotated(volume, rotation):
    """Trilinear; zero outside."""
    at = rotation.T @ places + n // 2
    low = np.floor(at).astype(np.int64)
    part = at - low
    low += 1
    padded = np.pad(volume, 2).ravel()
    np.clip(low, 0, n + 1, out=low)
    edge = n + 4
    base = (low[2] * edge + low[1]) * edge + low[0] + edge * edge + edge + 1
    total = 0
    for dz in (0, 1):
        for dy in (0, 1):
            for dx in (0, 1):
                weight = (part[0] if dx else 1 - part[0]) * (part[1] if dy else 1 - part[1]) * (part[2] if dz else 1 - part[2])
                total = total + weight * padded[base + (dz * edge + dy) * edge + dx]
    return total.reshape(n, n, n)


def align(particle, reference):
    spectrum = np.fft.rfftn(particle)
    best = (-2.0, None, None)
    for index, rotation in enumerate(rotations):
        common = band & measured(kx, kz) if particle_wedge else band
        if reference_wedge:
            before = rotation.T @ frequencies
            common = common & measured(before[0], before[2]).reshape(kx.shape)
        turned = np.fft.rfftn(rotated(reference, rotation)) * common
        own = spectrum * common
        twice = np.where((kx > 0) & (kx < n / 2), 2, 1)
        scale = np.sqrt((twice * np.abs(turned) ** 2).sum() * (twice * np.abs(own) ** 2).sum()) / n**3
        map_ = np.where(allowed, np.fft.irfftn(own * np.conj(turned), s=(n, n, n)), -np.inf)
        shift = int(np.argmax(map_))
        value = map_.flat[shift] / max(scale, 1e-30)
        if value > best[0]:
            best = (value, index, shift)
    z, y, x = np.unravel_index(best[2], (n, n, n))
    signed = lambda v: int(v) if v < n / 2 else int(v) - n
    return best[1], [signed(x), signed(y), signed(z)]


start = time.process_time()
found = [align(particles[i], references[i]) for i in range(options.pairs)]
seconds = (time.process_time() - start) / max(1, options.pairs)
print(json.dumps({"secondsPerPair": seconds, "poses": [{"rotation": r, "shift": s} for r, s in found]}))

"""Sections of a tomogram across an axis with the outlines of labels, as a picture for the documents.

/usr/bin/python3 scripts/section-outlines.py tomogram.mrc instances.mrc y 27,45,63 sections.png [--dark]
(Debian: python3-mrcfile, python3-numpy, python3-pil). Three sections are averaged into each picture.
"""

import sys

import mrcfile
import numpy as np
from PIL import Image

ENLARGED = 2
COLOUR = (60, 160, 255)

tomogram, labels, axis, sections, output = sys.argv[1:6]
sign = -1 if "--dark" in sys.argv else 1
density = sign * np.moveaxis(mrcfile.open(tomogram, permissive=True).data.astype(np.float32), "zyx".index(axis), 0)
inside = np.moveaxis(mrcfile.open(labels).data, "zyx".index(axis), 0)
pictures = []
for section in map(int, sections.split(",")):
    plane = density[section - 1 : section + 2].mean(0).repeat(ENLARGED, 0).repeat(ENLARGED, 1)
    low, high = np.percentile(plane, [1, 99.5])
    grey = np.clip((plane - low) / (high - low) * 255, 0, 255).astype(np.uint8)
    picture = np.stack([grey] * 3, axis=-1)
    label = inside[section].repeat(ENLARGED, 0).repeat(ENLARGED, 1)
    border = np.zeros(label.shape, bool)
    for along in (0, 1):
        border |= (label != np.roll(label, 1, along)) & (label > 0)
        border |= (label != np.roll(label, -1, along)) & (label > 0)
    picture[border] = COLOUR
    pictures += [picture, np.full((picture.shape[0], 8, 3), 255, np.uint8)]
Image.fromarray(np.hstack(pictures[:-1])).quantize(96).save(output, optimize=True)

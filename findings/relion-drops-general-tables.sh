#!/usr/bin/env bash
# RELION 3.1.3 (Debian): `relion_star_handler` drops the table `data_general` of a list of RELION 5 without a word. It announces that it
# "will ignore (but maintain)" columns that it does not know, and does; of a table that it does not know nothing is said and nothing is left.
# `rlnTomoSubTomosAre2DStacks` stands in that table: a list of 2-D stacks comes back as one of volumes.
#
# Seen on Debian 12, amd64. Fails when the table is kept, or its loss announced.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages=$(apt-get install --simulate --no-install-recommends relion=3.1.3-3+b1 | awk '/^Inst/ { print $2 }')
for package in relion=3.1.3-3+b1 $packages; do apt-get download -qq "$package" 2>/dev/null; done
for package in ./*.deb; do dpkg -x "$package" .; done
export PATH="$folder/usr/bin:$PATH" LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu:$folder/usr/lib"
relion_star_handler --version | sed -n 1p
cat >in.star <<'STAR'

# version 50001

data_general

_rlnTomoSubTomosAre2DStacks                       1


# version 50001

data_optics

loop_
_rlnOpticsGroup #1
_rlnOpticsGroupName #2
_rlnVoltage #3
_rlnSphericalAberration #4
_rlnAmplitudeContrast #5
_rlnTomoTiltSeriesPixelSize #6
_rlnImagePixelSize #7
_rlnImageSize #8
_rlnImageDimensionality #9
1 opticsGroup1 300.0 2.7 0.07 1.35 5.4 64 2


# version 50001

data_particles

loop_
_rlnTomoName #1
_rlnTomoVisibleFrames #2
_rlnImageName #3
_rlnOpticsGroup #4
_rlnAngleRot #5
_rlnAngleTilt #6
_rlnAnglePsi #7
TS_01 [1,1,0] TS_01/1_stack2d.mrcs 1 10.0 20.0 30.0
STAR
said=$(relion_star_handler --i in.star --o out.star --remove_column rlnAnglePsi 2>&1)
echo "$said" | grep "unknown label"
columns=$(grep -c -E 'rlnTomoName|rlnTomoVisibleFrames|rlnTomoTiltSeriesPixelSize' out.star)
echo "unknown columns kept: $columns of 3; tables: $(grep '^data_' out.star | tr '\n' ' ')"
[ "$columns" = 3 ] && ! grep -q -E 'data_general|Are2DStacks' out.star && ! grep -q -i 'general' <<<"$said"

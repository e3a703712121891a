#!/bin/bash
# Written by cosnet. By hand: sbatch '/data/it'\''s 100%/slurm/cosnet-0001-0a1b2c3d.sh'
#SBATCH --job-name=cosnet-0001-0a1b2c3d
#SBATCH --array=0-1%8
#SBATCH --output="/data/it's 100%%/slurm/logs/%A_%a.log"
#SBATCH --open-mode=append
#SBATCH --chdir=/data
#SBATCH --requeue
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=2048M
#SBATCH --partition=cpu
#SBATCH --time=4:00:00
#SBATCH --exclude=n17
#SBATCH --comment='two words'

# cosnet removes this file when others have been submitted in its place.
[ -e '/data/it'\''s 100%/slurm/cosnet-0001-0a1b2c3d.sh' ] || exit 0
echo "== $(date '+%F %T'), $(hostname), job ${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID, restart ${SLURM_RESTART_COUNT:-0}"
module load node/20
case $SLURM_ARRAY_TASK_ID in
0) set -- batch unit '/data/it'\''s 100%' pick-TS_01 ;;
1) set -- batch unit '/data/it'\''s 100%' pick-TS_02 ;;
*) exit 0 ;;
esac
exec /usr/bin/node /opt/cosnet/dist/cli/main.js "$@" --threads "${SLURM_CPUS_PER_TASK:-4}"

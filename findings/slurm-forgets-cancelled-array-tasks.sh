#!/usr/bin/env bash
# Slurm 22.05.8 (Debian): a task of a job array that is cancelled while it waits leaves no trace. `squeue --states=all` lists every other kind of end for
# some minutes, a cancelled job of its own among them, but this task is in no list from the moment of scancel on, and `scontrol show job` finds it as little
# as one that never was. Without an accounting database nothing tells that it was cancelled, so whoever follows an array by squeue
# and waits for CANCELLED waits for ever; and whoever takes "no longer listed" for "completed" takes a task that never ran for one that did.
#
# Seen on Debian 12, amd64. Fails when the task is listed as CANCELLED.
set -euo pipefail
version=22.05.8-4+deb12u3
folder=$(mktemp -d)
chmod 755 "$folder"
cd "$folder"
stop() {
  for daemon in slurmd slurmctld munged; do [ -f "$folder/$daemon.pid" ] && kill "$(cat "$folder/$daemon.pid")" 2>/dev/null; done
  sleep 2
  rm -rf "$folder"
}
trap stop EXIT
[ "$(dpkg-query --show --showformat='${Version}' slurmctld 2>/dev/null)" = "$version" ] || apt-get install -qq -y --no-install-recommends "slurm-wlm=$version" munge >/dev/null
export PATH="$PATH:/usr/sbin" SLURM_CONF="$folder/slurm.conf"

mkdir state spool
head -c 1024 /dev/urandom >key
chmod 600 key
cat >slurm.conf <<CONF
ClusterName=one
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=37817
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmdParameters=config_overrides
NodeName=n1 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=37818 CPUs=1 State=UNKNOWN
PartitionName=main Nodes=n1 Default=YES State=UP
CONF
munged --force --key-file=key --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" --seed-file="$folder/seed"
sbatch --version
slurmctld
slurmd -N n1
for _ in $(seq 60); do [ -n "$(sinfo --noheader --states=idle 2>/dev/null)" ] && break; sleep 0.5; done

array=$(sbatch --parsable --hold --array=1-3 --output=/dev/null --wrap "sleep 60")
alone=$(sbatch --parsable --hold --output=/dev/null --wrap "sleep 60")
scancel "${array}_2" "$alone"
sleep 2
squeue --noheader --array --states=all --format="%i %T"
lines=$(squeue --noheader --array --states=all --format="%i %T")
scontrol show job "${array}_2" || true
scancel "$array"
grep -q "^$alone CANCELLED$" <<<"$lines" && ! grep -q "^${array}_2 " <<<"$lines"

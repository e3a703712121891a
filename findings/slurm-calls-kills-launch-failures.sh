#!/usr/bin/env bash
# Slurm 22.05.8 (Debian): a task whose process is killed (SIGKILL, by the kernel when memory runs out or by hand) has been running for as long as you
# like, and yet squeue and scontrol give "JobLaunchFailure" as the reason of its end. So does one that Slurm itself kills because it took more memory
# than it asked for (JobAcctGatherParams=OverMemoryKill): its state is FAILED, not OUT_OF_MEMORY, which exists only where control groups hold the memory.
# Whoever resubmits with more memory what ended as OUT_OF_MEMORY, or blames the node for a launch that failed, does the wrong thing. Only the task's
# own output tells: "slurmstepd: error: StepId=2.batch exceeded memory limit (... > ...), being killed".
#
# Seen on Debian 12, amd64. Fails when the reason is another one.
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
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
NodeName=n1 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=37818 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=n1 Default=YES State=UP
CONF
munged --force --key-file=key --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" --seed-file="$folder/seed"
sbatch --version
slurmctld
slurmd -N n1
for _ in $(seq 60); do [ -n "$(sinfo --noheader --states=idle 2>/dev/null)" ] && break; sleep 0.5; done

cat >killed.sh <<'JOB'
#!/bin/bash
sleep 2
kill -KILL $$
JOB
cat >large.sh <<'JOB'
#!/bin/bash
{ head -c 300000000 /dev/zero; sleep 30; } | tail -c 300000000 >/dev/null
JOB
killed=$(sbatch --parsable --mem=100 --output=killed.log killed.sh)
large=$(sbatch --parsable --mem=100 --output=large.log large.sh)
for _ in $(seq 240); do [ "$(squeue --noheader --states=all --format=%T | grep -c FAILED)" = 2 ] && break; sleep 0.5; done
lines=$(squeue --noheader --states=all --format="%i %T %r")
printf '%s\n' "$lines"
grep -m 1 "memory limit" large.log
grep -q "^$killed FAILED JobLaunchFailure$" <<<"$lines" && grep -q "^$large FAILED JobLaunchFailure$" <<<"$lines"

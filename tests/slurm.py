"""A Slurm of a test's own: munged, slurmctld and slurmd on this machine, all they write under one folder, stopped by pid.

It needs neither root - all daemons and jobs are of the user who runs it - nor systemd nor cgroups.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scancel", "squeue", "scontrol")
SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
CONFIG = """
ClusterName=heliorack
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
SlurmctldPort={controller}
SlurmdPort={node}
AuthType=auth/munge
AuthInfo=socket={place}/munge/socket
CryptoType=crypto/munge
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool
SlurmctldPidFile={place}/slurmctld.pid
SlurmdPidFile={place}/slurmd.pid
SlurmctldLogFile={place}/slurmctld.log
SlurmdLogFile={place}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
KillWait=2
MinJobAge=60
SlurmdTimeout=60
NodeName={host} NodeAddr=127.0.0.1 NodeHostname={host} CPUs={cpus} RealMemory=8000 State=UNKNOWN
PartitionName=debug Nodes={host} Default=YES MaxTime=60 State=UP OverSubscribe=FORCE:4
"""


def missing() -> str | None:
    """What this machine lacks, in one line with what to do about it."""
    absent = [name for name in PROGRAMS if shutil.which(name, path=SBIN) is None]
    return f"no {', '.join(absent)}; on Debian, apt-get install slurm-wlm munge" if absent else None


class Slurm:
    """One node with one partition, `debug`; a context manager. `environment` is what its commands need."""

    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="slurm_", dir="/tmp"))  # short: a socket's path has at most 108 characters
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        self.host = socket.gethostname().partition(".")[0]
        self.environment = {"SLURM_CONF": str(self.place / "slurm.conf"), "PATH": SBIN}
        self.daemons: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Slurm":
        try:
            self._munge()
            self._write()
            self._start("slurmctld", "-D", "-i")
            self._start("slurmd", "-D", "-N", self.host)
            self._until(lambda: self.said("sinfo", "--noheader", "--format=%T").split() == ["idle"], "the node did not come up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End every job, then the daemons in the reverse of their order, then the folder."""
        with suppress(OSError, subprocess.SubprocessError):
            self.said("scancel", f"--user={self.user}")
            self._until(lambda: not self.jobs(), "jobs did not end", 10)
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    def said(self, *words: str) -> str:
        """Standard output of one of Slurm's commands; empty when it fails."""
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=20, env=os.environ | self.environment)
        return done.stdout if done.returncode == 0 else ""

    def jobs(self, state: str = "PENDING,RUNNING,COMPLETING") -> list[str]:
        """Numbers of jobs in these states, the first one first."""
        return sorted(self.said("squeue", "--noheader", "--format=%A", f"--states={state}").split(), key=int)

    def ever(self) -> int:
        """How many jobs were ever taken."""
        return sum("_slurm_rpc_submit_batch_job: JobId=" in line for line in (self.place / "slurmctld.log").read_text().splitlines())

    def _munge(self) -> None:
        """munged with a key and a socket of its own. It insists that nobody else may write where its files lie, and on its own folder."""
        place = self.place / "munge"
        place.mkdir(mode=0o755)
        self.place.chmod(0o755)
        key = place / "key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        self._start(
            "munged", "--foreground", "--force", f"--key-file={key}", f"--socket={place}/socket", f"--pid-file={place}/pid",
            f"--log-file={place}/log", f"--seed-file={place}/seed",
        )  # fmt: skip
        self._until(lambda: (place / "socket").exists(), "munged did not start")

    def _write(self) -> None:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            other.bind(("127.0.0.1", 0))
            controller, node = one.getsockname()[1], other.getsockname()[1]
        for name in ("state", "spool"):
            (self.place / name).mkdir()
        text = CONFIG.format(place=self.place, host=self.host, user=self.user, controller=controller, node=node, cpus=os.cpu_count())
        (self.place / "slurm.conf").write_text(text)

    def _start(self, program: str, *words: str) -> None:
        path = shutil.which(program, path=SBIN)
        assert path is not None
        with (self.place / f"{program}.out").open("wb") as out:
            self.daemons.append(
                subprocess.Popen([path, *words], stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=os.environ | self.environment)
            )

    def _log(self, program: str) -> str:
        return "".join(
            path.read_text(errors="replace") for path in sorted(self.place.glob(f"{program}.*")) if path.suffix in (".log", ".out")
        )

    def _until(self, ready: object, words: str, seconds: float = 20) -> None:
        assert callable(ready)
        end = time.monotonic() + seconds
        while not ready():
            dead = [daemon.args for daemon in self.daemons if daemon.poll() is not None]
            if dead or time.monotonic() > end:
                logs = "\n".join(f"{name}: {self._log(name)[-1500:]}" for name in ("munged", "slurmctld", "slurmd"))
                raise RuntimeError(f"{words}; ended: {dead}\n{logs}")
            time.sleep(0.1)

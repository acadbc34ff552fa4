"""What this machine lends to this process: cores, memory, CPU flags. Reads the system, changes nothing."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
_CGROUPS = Path("/sys/fs/cgroup")


def usable_cores(proc: Path = _PROC, cgroups: Path = _CGROUPS) -> int:
    """Cores this process may use: the smallest of its affinity and its cgroup quotas, at least 1.

    A quota of one and a half cores counts as two: a second thread still uses the half.
    """
    limits = [_affinity(), *(math.ceil(quota) for quota in _quotas(proc, cgroups))]
    return max(1, min(limits))


def cpu_flags(proc: Path = _PROC) -> frozenset[str]:
    """Instruction sets of the CPU in Linux's spelling (avx2, avx512_vnni, ...); empty where not known."""
    text = _read(proc / "cpuinfo")
    line = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    return frozenset(line.group(1).split()) if line else frozenset()


def usable_memory_bytes(proc: Path = _PROC, cgroups: Path = _CGROUPS) -> int | None:
    """Memory this process may fill: the machine's or the smallest cgroup limit; None if not known."""
    total = re.search(r"^MemTotal:\s*(\d+) kB", _read(proc / "meminfo"), re.MULTILINE)
    sizes = [int(total.group(1)) * 1024] if total else _sizes_without_proc()
    for folder in (
        *_cgroup_folders(proc, cgroups, controller="memory"),
        *_cgroup_folders(proc, cgroups, controller=""),
    ):
        for name in ("memory.max", "memory.limit_in_bytes"):
            limit = _read(folder / name).strip()
            sizes += [int(limit)] if limit.isdigit() else []
    return min(sizes, default=None)


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _sizes_without_proc() -> list[int]:
    """Physical memory where there is no /proc (macOS); nothing on Windows."""
    try:
        return [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (AttributeError, ValueError, OSError):
        return []


def _quotas(proc: Path, cgroups: Path) -> Iterator[float]:
    """CPU quotas in cores of this process's cgroups and those above them, version 2 and version 1."""
    for folder in _cgroup_folders(proc, cgroups, controller=""):
        quota, _, period = _read(folder / "cpu.max").strip().partition(" ")
        if quota.isdigit() and period.isdigit() and int(period) > 0:
            yield int(quota) / int(period)
    for folder in _cgroup_folders(proc, cgroups, controller="cpu"):
        quota = _read(folder / "cpu.cfs_quota_us").strip()  # -1: no limit
        period = _read(folder / "cpu.cfs_period_us").strip()
        if quota.isdigit() and period.isdigit() and int(quota) > 0 and int(period) > 0:
            yield int(quota) / int(period)


def _cgroup_folders(proc: Path, cgroups: Path, *, controller: str) -> Iterator[Path]:
    """Folders of this process's cgroup and all above it; controller "" is version 2.

    Inside a container the path that /proc names is often not mounted, and the root folder is the
    container's own: so the root always counts.
    """
    for line in _read(proc / "self" / "cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controller not in controllers.split(","):
            continue
        root = cgroups / controllers if controller else _unified_root(cgroups)
        root = root if root.is_dir() else cgroups / controller
        folder = root / path.lstrip("/")
        yield from (f for f in (folder, *folder.parents) if f.is_relative_to(root))


def _unified_root(cgroups: Path) -> Path:
    """Where version 2 is mounted: at the top, or beside version 1 in a mixed system."""
    return cgroups / "unified" if (cgroups / "unified").is_dir() else cgroups


def _read(path: Path) -> str:
    """The file's text, empty when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""

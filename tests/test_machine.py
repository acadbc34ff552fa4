"""Cores and memory, read from made-up /proc and /sys trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp import machine


@pytest.fixture(autouse=True)
def eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_affinity", lambda: 8)


def write(root: Path, files: dict[str, str]) -> tuple[Path, Path]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root / "proc", root / "cgroup"


def test_without_a_quota_the_affinity_counts(tmp_path: Path) -> None:
    proc, cgroups = write(tmp_path, {"proc/self/cgroup": "0::/a\n", "cgroup/a/cpu.max": "max 100000\n"})
    assert machine.usable_cores(proc, cgroups) == 8


def test_a_version_2_quota_limits_the_cores_and_halves_count_up(tmp_path: Path) -> None:
    proc, cgroups = write(
        tmp_path, {"proc/self/cgroup": "0::/a/b\n", "cgroup/a/b/cpu.max": "150000 100000\n"}
    )
    assert machine.usable_cores(proc, cgroups) == 2


def test_a_quota_of_a_group_above_counts_too(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/a/b\n",
        "cgroup/a/b/cpu.max": "600000 100000",
        "cgroup/a/cpu.max": "300000 100000",
    }
    assert machine.usable_cores(*write(tmp_path, files)) == 3


def test_in_a_container_the_root_of_the_mount_counts(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/not/mounted/here\n", "cgroup/cpu.max": "400000 100000"}
    assert machine.usable_cores(*write(tmp_path, files)) == 4


def test_a_version_1_quota_limits_the_cores(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "4:cpu,cpuacct:/box\n3:memory:/box\n",
        "cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "200000\n",
        "cgroup/cpu,cpuacct/box/cpu.cfs_period_us": "100000\n",
        "cgroup/memory/box/memory.limit_in_bytes": "1048576\n",
    }
    proc, cgroups = write(tmp_path, files)
    assert machine.usable_cores(proc, cgroups) == 2
    assert machine.usable_memory_bytes(proc, cgroups) == 1048576


def test_a_version_1_quota_of_minus_one_is_no_limit(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "4:cpu:/\n",
        "cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "cgroup/cpu/cpu.cfs_period_us": "100000\n",
    }
    assert machine.usable_cores(*write(tmp_path, files)) == 8


def test_a_machine_without_proc_still_has_a_core_and_no_known_flags(tmp_path: Path) -> None:
    assert machine.usable_cores(tmp_path, tmp_path) == 8
    assert machine.cpu_flags(tmp_path) == frozenset()


def test_the_memory_of_the_machine_counts_where_no_group_limits_it(tmp_path: Path) -> None:
    files = {
        "proc/meminfo": "MemTotal:       2048 kB\n",
        "proc/self/cgroup": "0::/\n",
        "cgroup/memory.max": "max",
    }
    assert machine.usable_memory_bytes(*write(tmp_path, files)) == 2048 * 1024


def test_cpu_flags_are_read_from_the_first_core(tmp_path: Path) -> None:
    proc, _ = write(
        tmp_path, {"proc/cpuinfo": "processor : 0\nflags\t\t: fpu avx2 amx_bf16\n\nprocessor : 1\n"}
    )
    assert machine.cpu_flags(proc) == {"fpu", "avx2", "amx_bf16"}

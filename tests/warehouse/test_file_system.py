"""A warehouse on another machine's disk is refused."""

import pytest

from orchestration.warehouse import file_system, run_lock

MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/export /mnt/shared nfs4 rw 0 0
//server/share /mnt/shared/windows\\040share cifs rw 0 0
/dev/vdb /mnt/shared/own ext4 rw 0 0
"""


@pytest.fixture(autouse=True)
def mounts(tmp_path, monkeypatch):
    (tmp_path / "mounts").write_text(MOUNTS)
    monkeypatch.setattr(file_system, "MOUNTS", tmp_path / "mounts")


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/warehouse", "ext4"),
        ("/mnt/shared/warehouse", "nfs4"),
        ("/mnt/shared/windows share/warehouse", "cifs"),
        ("/mnt/shared/own/warehouse", "ext4"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(tmp_path, folder, kind):
    assert file_system.kind_of(tmp_path.__class__(folder)) == kind


def test_a_warehouse_on_a_network_file_system_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", "/mnt/shared/warehouse")
    refused = pytest.raises(file_system.OverANetwork, match=r"/mnt/shared/warehouse lies on a network .* \(nfs4\)")
    with refused, run_lock.held("a run"):
        pass


def test_where_nothing_says_what_is_mounted_nothing_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(file_system, "MOUNTS", tmp_path / "none")
    file_system.check(tmp_path)

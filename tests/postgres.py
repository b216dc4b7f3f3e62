"""A PostgreSQL of the tests' own: made, started and stopped by them, on a socket in a folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

NAME = "pg"
LINE = "apt-get install -y --no-install-recommends postgresql-15"


def require(name, line):
    """Skip, naming what to install; where KARVAN_REQUIRE names the tool, fail."""
    words = f"{name} is not there: {line}"
    if name in os.environ.get("KARVAN_REQUIRE", "").split(","):
        pytest.fail(words)
    pytest.skip(words)


def binaries():
    """The folder of initdb and pg_ctl, the newest one; None without."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = folders[-1] if folders else shutil.which("initdb")
    return Path(found).parent if found else None


def somebody():
    """PostgreSQL refuses root: who runs it instead, and None for who we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.fail("neither postgres nor nobody is a user here")


class Server:
    """A running server; `new()` names an empty place in it."""

    def __init__(self, folder):
        self._folder = folder
        self._count = 0

    def new(self):
        """An empty schema: a thousand times cheaper than a database, and as far from the rest."""
        import psycopg

        self._count += 1
        name = f"test_{self._count}"
        address = f"host={self._folder} user=karvan dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        place = f"host={self._folder}&options=-csearch_path%3D{name}"
        return f"postgresql://karvan@/postgres?{place}"


@contextmanager
def running():
    folder = binaries()
    if folder is None:
        require(NAME, LINE)
    home = Path(tempfile.mkdtemp(prefix="karvan-pg-"))
    who = somebody()
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "cwd": home}
    if who is not None:
        os.chown(home, who.pw_uid, who.pw_gid)
        options |= {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    data, log = home / "data", home / "log"

    def call(name, *arguments):
        done = subprocess.run([folder / name, "-D", data, *arguments], check=False, **options)
        text = done.stdout or ""
        assert done.returncode == 0, text + (log.read_text() if log.exists() else "")

    # The log goes to a file, so that the server holds no pipe of ours.
    settings = f"-k {home} -c listen_addresses= -c fsync=off -c max_connections=60"
    try:
        call("initdb", "-U", "karvan", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-N")
        call("pg_ctl", "-w", "-l", log, "-o", settings, "start")
        try:
            yield Server(home)
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)

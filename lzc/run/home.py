"""Where the database's files live, and as whom it runs.

PostgreSQL refuses to run as root. As root, LZC therefore lends it the user `nobody` and a folder
which that user can reach. It changes no permission of a folder that it did not make itself.
"""

import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lzc.run import var


@dataclass(frozen=True)
class Home:
    path: Path
    borrowed: bool

    @classmethod
    def find(cls) -> "Home":
        """Beside the rest of `var/` where that can be; under a private parent, elsewhere."""
        home = cls._choose(var.folder() / "postgres")
        (var.folder() / "postgres.where").write_text(f"{home.path}\n")
        return home

    @classmethod
    def _choose(cls, inside: Path) -> "Home":
        if os.geteuid() != 0:
            inside.mkdir(mode=0o700, exist_ok=True)
            return cls(inside, borrowed=False)
        mark = hashlib.sha256(str(inside).encode()).hexdigest()[:12]
        places = [inside, *(Path(place, f"lzc-{mark}") for place in ("/var/lib", "/var/tmp"))]
        for path in sorted(places, key=lambda place: not (place / "data").exists()):
            home = cls(path, borrowed=True)
            if home._usable():
                return home
        tried = ", ".join(str(place) for place in places)
        raise var.Trouble(
            "As root, LZC runs its PostgreSQL as the user 'nobody', who can reach none of "
            f"{tried}. Start LZC as an ordinary user, or name a reachable folder with LZC_VAR."
        )

    def identity(self) -> dict[str, Any]:
        """How to start a process of the database; `nobody` could not stand in our own folder."""
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        if not self.borrowed:
            return {"cwd": self.path, "env": environment}
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        return {"cwd": self.path, "env": environment, **who}

    def make_private(self, folder: Path) -> None:
        """A folder for the database's user alone."""
        folder.mkdir(mode=0o700)
        if self.borrowed:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)

    @staticmethod
    def open_to_all(folder: Path) -> None:
        """For a copy that LZC made: readable, whatever the mask of the user who started it."""
        for path in (folder, *folder.rglob("*")):
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
            if path.stat().st_mode & 0o100:
                path.chmod(0o755)

    def _usable(self) -> bool:
        """Tried rather than computed: only the kernel knows every rule about paths."""
        try:
            self.path.mkdir(mode=0o711, exist_ok=True)
            if self.path.is_symlink() or self.path.stat().st_uid != os.geteuid():
                return False
            self.path.chmod(0o711)
            enter = ["/bin/sh", "-c", 'cd "$0" 2>/dev/null', str(self.path)]
            subprocess.run(enter, check=True, **self.identity())
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

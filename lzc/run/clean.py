"""`make clean`: end what runs from this folder's `var/`, and remove all of it."""

import shutil
import sys
from pathlib import Path

from lzc.run import services, var


def clean() -> None:
    """Also the database's folder where that had to live elsewhere."""
    services.leave()
    if services.in_use():
        raise var.Trouble("LZC or its tests still run from this folder: end them first.")
    where = var.path() / "postgres.where"
    if where.exists():
        shutil.rmtree(Path(where.read_text().strip()), ignore_errors=True)
    shutil.rmtree(var.path(), ignore_errors=True)


if __name__ == "__main__":
    try:
        clean()
    except var.Trouble as trouble:
        sys.exit(str(trouble))

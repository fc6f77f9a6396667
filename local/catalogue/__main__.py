"""``make catalogue``: compile every declaration into the tables that the functions read."""

import sys

from jobview.catalogue import tables
from local.catalogue.compiling import CatalogueError
from local.catalogue.declarations import declarations, text_of


def main() -> int:
    """Write each service's table; a declaration that cannot be compiled is named and leaves its table as it was."""
    failed = False
    written = set()
    for service, declared in declarations().items():
        written.add(f"{service}.json")
        try:
            text = text_of(declared)
        except CatalogueError as error:
            print(f"catalogue: {error}", file=sys.stderr)
            failed = True
            continue
        (tables.FOLDER / f"{service}.json").write_text(text, encoding="utf-8")
    for path in tables.FOLDER.glob("*.json"):
        if path.name not in written:
            path.unlink()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

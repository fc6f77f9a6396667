"""``make catalogue``: compile every declaration into the tables that the functions read.

It also removes declared operations from the list of operations without a family (``candidates.UNDECLARED``), and
writes the page of all families in the documentation.
"""

import sys

from jobview.catalogue import FAMILIES, tables
from jobview.catalogue.language import Family
from local.catalogue.candidates import remove_declared
from local.catalogue.compiling import CatalogueError
from local.catalogue.declarations import declared_in, modules, table_of, text_of
from local.catalogue.page import PAGE, page


def main() -> int:
    """Write each service's table. A declaration that cannot be compiled is reported, and its table stays unchanged."""
    failed = False
    declared: list[Family] = []
    for module in modules():
        try:
            families = declared_in(module)
            text = text_of(families)
        except CatalogueError as error:
            print(f"catalogue: {error}", file=sys.stderr)
            failed = True
            continue
        table_of(module).write_text(text, encoding="utf-8")
        declared += families
    remove_declared(declared)
    for path in {*tables.FOLDER.glob("*.json")} - {table_of(module) for module in modules()}:
        path.unlink()
    if not failed:
        PAGE.write_text(page(FAMILIES.values()), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

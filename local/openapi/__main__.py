"""``make openapi``: write the document to where the API's function serves it from."""

import sys

from handlers.api.routes import CONTRACT
from local.openapi.document import text


def main() -> int:
    """Write the document."""
    CONTRACT.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{CONTRACT}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

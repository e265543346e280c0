"""The command line: python -m timbrefold_export corpus | features | train | evaluate | export."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Run an administrative command."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        # What is set is for the keeper to mend: a sentence, and not where it was read.
        sys.exit(str(error))


if __name__ == "__main__":
    main()

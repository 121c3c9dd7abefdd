#!/usr/bin/env python3
"""Checks that docs/thaw.1 and the help of all commands name the same options, and that the page is sound.

    tools/check_man.py build/thaw
"""
import pathlib
import re
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs/thaw.1"


COMMANDS = [[], ["diff"], ["freeze"], ["inspect"], ["transplant"], ["verify"]]


def options_of(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*[a-z]", text))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    told = set()
    for words in COMMANDS:
        help_text = subprocess.run([sys.argv[1], *words, "--help"], capture_output=True, text=True, check=True).stdout
        told |= options_of(help_text)
    written = options_of(re.sub(r"\bFl -", "--", PAGE.read_text()))
    lint = subprocess.run(["mandoc", "-Tlint", PAGE], capture_output=True, text=True).stdout
    complaints = [f"{option}: in `thaw --help`, not in {PAGE.name}" for option in sorted(told - written)]
    complaints += [f"{option}: in {PAGE.name}, not in `thaw --help`" for option in sorted(written - told)]
    complaints += lint.splitlines()
    print("\n".join(complaints), end="\n" if complaints else "")
    print(f"check_man: {len(written)} options, {len(complaints)} complaints")
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()

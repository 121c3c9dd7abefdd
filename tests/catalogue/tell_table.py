#!/usr/bin/env python3
"""Prints what docs/robustness.md says of the catalogue, to be put there below the table's head."""

import conftest  # noqa: F401  (where the builders are)

import classes

print("\n".join(classes.table()))
print(f"\nNot tried: {', '.join(classes.not_tried()) or 'none'}.")

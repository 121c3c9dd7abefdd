#!/usr/bin/env python3
"""Checks that the documents speak of what is there; prints every breach and exits 1 when there is one.

* Every rule id in the sources has a row in docs/rules.md, and every row has its rule.
* Files that docs/architecture.md names exist, and every folder under src/ stands in its picture.
* The README's table of headers has all public headers, and no others.
* Links between documents lead somewhere.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), ROOT / "demo/README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RULE_IN_SOURCE = re.compile(r'"([A-Z]\d{1,2})"')
RULE_IN_TABLE = re.compile(r"^\| ([A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*) \|", re.MULTILINE)
FILE_NAMED = re.compile(r"`([\w/]+/[\w]+(?:\.\w+)?)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def read(path):
    return (ROOT / path).read_text()


def breaches_of_rules():
    used = {rule for path in (ROOT / "src").rglob("*.cc") for rule in RULE_IN_SOURCE.findall(path.read_text())}
    rows = RULE_IN_TABLE.findall(read("docs/rules.md"))
    told = [rule for row in rows for rule in row.split(", ")]
    yield from (f"docs/rules.md: {rule} is in the sources and has no row" for rule in sorted(used - set(told)))
    yield from (f"docs/rules.md: {rule} has a row and is not in the sources" for rule in sorted(set(told) - used))
    yield from (f"docs/rules.md: {rule} has two rows" for rule in sorted(set(told)) if told.count(rule) > 1)


def breaches_of_architecture():
    text = read("docs/architecture.md")
    for name in FILE_NAMED.findall(text):
        places = [ROOT / name, *(ROOT / "src" / f"{name}{ending}" for ending in ("", ".cc", ".h"))]
        if not any(place.exists() for place in places):
            yield f"docs/architecture.md: there is no {name}"
    picture = re.search(r"```text\n(.*?)```", text, re.DOTALL)[1]
    layers = {word for line in picture.splitlines() for word in line[:43].split()}
    for folder in sorted(path.name for path in (ROOT / "src").iterdir() if path.is_dir()):
        if folder not in layers:
            yield f"docs/architecture.md: {folder}/ is not in the picture"


def breaches_of_headers():
    told = re.findall(r"^\| `(thaw/\w+\.h)` \|", read("README.md"), re.MULTILINE)
    there = [path.relative_to(ROOT / "include").as_posix() for path in (ROOT / "include").rglob("*.h")]
    yield from (f"README.md: {header} is not in the table" for header in sorted(set(there) - set(told)))
    yield from (f"README.md: there is no {header}" for header in sorted(set(told) - set(there)))


def breaches_of_links():
    for document in DOCUMENTS:
        for target in LINK.findall(document.read_text()):
            if not (document.parent / target).exists():
                yield f"{document.relative_to(ROOT)}: the link to {target} leads nowhere"


def main():
    checks = (breaches_of_rules, breaches_of_architecture, breaches_of_headers, breaches_of_links)
    breaches = [breach for check in checks for breach in check()]
    print("\n".join(breaches), end="\n" if breaches else "")
    print(f"check_docs: {len(DOCUMENTS)} documents, {len(breaches)} breaches")
    sys.exit(bool(breaches))


if __name__ == "__main__":
    main()

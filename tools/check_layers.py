#!/usr/bin/env python3
"""Checks what the folders under src/ may know of each other; prints every breach and exits 1 when there is one.

* Includes go down only, in the order of LAYERS; rooms of one line do not see each other.
* `report`, `cli` and `python` see public headers only, and so do the public headers themselves.
* A third-party library is included by three .cc files at most, and never by a header; the files of `report`
  count as one, and so do those of `cli` and of `python`, as they are what formatting, JSON, words and nanobind
  are for: headers of `python` may include it, too.
* The library never prints, exits or reads the environment: that is cli's.
"""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = [["io"], ["wire"], ["messages"], ["ops"], ["tensor"], ["model"], ["names"], ["plan"],
          ["weights", "match", "checkpoint", "draft", "keras"], ["subject"], ["target", "passes", "compare", "checks"], ["export"], ["verbs"]]
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}
PUBLIC_ONLY = {"report", "cli", "python"}
THIRD_PARTY = {"re2": "RE2", "protozero": "protozero", "snappy.h": "snappy", "isa-l.h": "ISA-L", "isa-l": "ISA-L",
               "fmt": "fmt", "nlohmann": "nlohmann-json", "CLI": "CLI11", "leveldb": "leveldb", "nanobind": "nanobind", "google": "protobuf"}
MOST_INCLUDERS = 3
FORBIDDEN = [
    (r"\bstd::(cout|cerr|clog|cin)\b", "prints or reads a standard stream"),
    (r"\b(printf|puts|putchar|perror|vprintf)\s*\(", "prints"),
    (r"\bf(printf|puts|putc)\s*\(\s*(stdout|stderr)", "prints"),
    (r"\bfmt::print\b|\bstd::print\b", "prints"),
    (r"(?<![\w.>])(std::|::)?(exit|_exit|_Exit|quick_exit|abort|terminate)\s*\(", "ends the program"),
    (r"\b(secure_)?(getenv|setenv|putenv)\s*\(|\benviron\b", "reads the environment"),
]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def code_of(text):
    """`text` with comments and strings blanked out, lines kept."""
    return COMMENT_OR_STRING.sub(lambda found: "\n" * found.group().count("\n"), text)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def breach_of(room, name):
    """What is wrong with a file of `room` including "name" (in quotes), or None."""
    target = name.split("/")[0] if "/" in name else room
    if target == "thaw" or name == "version.h":
        return None
    if room == "thaw":
        return "a public header includes public headers only"
    if target == room:
        return None
    if room in PUBLIC_ONLY:
        return f"{room} sees thaw/*.h only"
    if target == "report" and room == "verbs":
        return None
    if target not in RANK:
        return f"{target} is no layer that {room} may see"
    if RANK[target] >= RANK[room]:
        return f"{room} may not see {target}: includes go down only"
    return None


def check(room, path, includers):
    """Breaches of one file, as text; `includers` gathers who includes which library."""
    text = path.read_text()
    where = path.relative_to(ROOT)
    for found in INCLUDE.finditer(text):
        bracket, name = found.groups()
        line = line_of(text, found.start(2))
        library = THIRD_PARTY.get(name) or THIRD_PARTY.get(name.split("/")[0])
        if library and path.suffix == ".h" and room != "python":
            yield f"{where}:{line}: a header includes {library}"
        elif library:
            includers[library].add(f"src/{room}" if room in PUBLIC_ONLY else str(where))
        elif bracket == '"' and (breach := breach_of(room, name)):
            yield f'{where}:{line}: includes "{name}": {breach}'
    if room != "cli":
        code = code_of(text)
        for pattern, what in FORBIDDEN:
            for found in re.finditer(pattern, code):
                yield f"{where}:{line_of(code, found.start())}: {found.group().strip()} {what}; the library must not"


def main():
    breaches, includers, files = [], collections.defaultdict(set), 0
    for folder in [ROOT / "include/thaw", *sorted(p for p in (ROOT / "src").iterdir() if p.is_dir())]:
        room = folder.name
        if room not in RANK and room not in PUBLIC_ONLY | {"thaw"}:
            breaches.append(f"src/{room}: no such layer; give it a place in tools/check_layers.py")
            continue
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".h", ".cc", ".inc"):
                files += 1
                breaches += check(room, path, includers)
    for library, paths in sorted(includers.items()):
        if len(paths) > MOST_INCLUDERS:
            breaches.append(f"{library} is included by {len(paths)} files, {MOST_INCLUDERS} at most: {', '.join(sorted(paths))}")
    print("\n".join(breaches), end="\n" if breaches else "")
    print(f"check_layers: {files} files, {len(breaches)} breaches")
    sys.exit(bool(breaches))


if __name__ == "__main__":
    main()

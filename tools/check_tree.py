#!/usr/bin/env python3
"""Checks sizes and names in the tree; prints every breach and exits 1 when there is one.

* Files stay under 300 lines, headers under 180, functions under 60, nesting at 3; generated tables are exempt.
* No file is called util, common or misc.
* No tracked file tells of the machine it was written on.
"""
import ast
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST_LINES = {".h": 180, ".cc": 300, ".py": 300, "": 300}
FUNCTION_LINES = 60
NESTING = 3
VAGUE = {"util", "utils", "common", "misc", "helpers", "stuff"}
# Written apart, so that this file does not hold what it looks for.
MACHINE = re.compile("|".join([r"(?<![\w.])/wor" + r"k/\w", r"/roo" + r"t/", r"issues? #\d", r"issues sho" + "w",
                               r"py" + r"pi\.org", r"deb\.debi" + "an"]))
# Comments, strings and characters of C++ (a ' between digits separates them and starts nothing).
SKIPPED = re.compile(r"//[^\n]*|/\*.*?\*/|R\"(\w*)\(.*?\)\1\"|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
                     re.DOTALL)
CONTROL = re.compile(r"^(\}?\s*else\b|if\b|for\b|while\b|switch\b|do\b|try\b|catch\b)")
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()=]*$")
# What stands before a body: an argument list, perhaps qualifiers, a return type or initialisers of members.
FUNCTION = re.compile(r"\)\s*((const|noexcept|override|final|mutable|requires)\b[^{;]*|->[^{;]*|:[^:].*)?$", re.DOTALL)


def tracked_files():
    """Every file that is in the repository or is about to be."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "-c", "-o", "--exclude-standard"], capture_output=True)
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:  # an archive without .git
        paths = [path for path in ROOT.rglob("*") if not path.relative_to(ROOT).parts[0].startswith(("build", ".venv"))]
    return sorted(path for path in paths if path.is_file())


def blanked(text):
    return SKIPPED.sub(lambda found: '""' + "\n" * found.group().count("\n"), text)


def functions_of_cpp(text):
    """(name, first line, lines, deepest nesting of control blocks) of each function: braces matched, near enough."""
    code = re.sub(r"^[ \t]*#[^\n]*(\\\n[^\n]*)*", "", blanked(text), flags=re.MULTILINE)
    stack, start, line, found = [], 0, 1, []
    for at, char in enumerate(code):
        if char == "\n":
            line += 1
        if char == "{":
            head = code[start:at].strip()
            inside = next((block for block in reversed(stack) if block[0] == "function"), None)
            if inside:
                kind = "control" if CONTROL.match(head) else "other"
                stack.append([kind, "", line, 0])
                inside[3] = max(inside[3], sum(block[0] == "control" for block in stack))
            else:
                kind = "function" if FUNCTION.search(head) and not SCOPE.search(head) else "other"
                name = re.findall(r"([\w~:]+)\s*\(", head)
                stack.append([kind, name[0] if name else head[-40:], line - head.count("\n"), 0])
        elif char == "}" and stack:
            kind, name, first, deepest = stack.pop()
            if kind == "function":
                found.append((name, first, line - first + 1, deepest))
        if char in "{};":
            start = at + 1
    return found


def functions_of_python(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            # Of a signature and of documentation there can be as much as it takes.
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield node.name, node.lineno, node.end_lineno - body[0].lineno + 1 if body else 1, 0


def is_script(path, text):
    return path.suffix == "" and text.startswith("#!")


def breaches_of(path):
    where = path.relative_to(ROOT)
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.splitlines(), 1):
        if found := MACHINE.search(line):
            yield f"{where}:{number}: '{found.group()}' tells of one machine, not of the project"
    if path.stem in VAGUE:
        yield f"{where}: '{path.stem}' says nothing; name it after the noun or verb in it"
    if path.suffix not in (".h", ".cc", ".py") and not is_script(path, text):
        return
    lines, most = text.count("\n"), MOST_LINES[path.suffix]
    if lines >= most:
        yield f"{where}: {lines} lines; {path.suffix or 'scripts'} stay under {most}"
    functions = () if is_script(path, text) and "python" not in text[:40] else (
        functions_of_cpp(text) if path.suffix in (".h", ".cc") else functions_of_python(text))
    for name, first, length, deepest in functions:
        if length >= FUNCTION_LINES:
            yield f"{where}:{first}: {name} has {length} lines; functions stay under {FUNCTION_LINES}"
        if deepest > NESTING:
            yield f"{where}:{first}: {name} nests {deepest} deep; {NESTING} at most"


def main():
    files = tracked_files()
    breaches = [breach for path in files for breach in breaches_of(path)]
    print("\n".join(breaches), end="\n" if breaches else "")
    print(f"check_tree: {len(files)} files, {len(breaches)} breaches")
    sys.exit(bool(breaches))


if __name__ == "__main__":
    main()

"""What the program says of itself, and that the documents say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from program import REPOSITORY, shell, thaw

OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
DOCUMENTS = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for path in [
        REPOSITORY / "README.md",
        REPOSITORY / "demo/README.md",
        *(REPOSITORY / "docs").rglob("*.md"),
    ]
)
VERBS = ["transplant", "inspect", "verify", "diff", "freeze"]
EXIT_CODES = {"0", "1", "2", "3", "4", "5", "130", "143"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    return thaw("--help", cwd=tmp_path_factory.mktemp("help")).out


@pytest.fixture(scope="module")
def transplant(tmp_path_factory: pytest.TempPathFactory) -> str:
    return thaw("transplant", "--help", cwd=tmp_path_factory.mktemp("help")).out


@pytest.fixture(scope="module")
def known(told: str, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The options of all commands."""
    folder = tmp_path_factory.mktemp("help")
    return options_in(told).union(*(options_in(thaw(verb, "--help", cwd=folder).out) for verb in VERBS))


def options_in(told: str) -> set[str]:
    rows = [line for line in told.splitlines() if re.match(r"  -", line)]
    return {option for row in rows for option in OPTION.findall(re.split(r"\s{2,}", row.strip())[0])}


def spans(document: str) -> list[str]:
    """The commands and options in a document: lines of blocks that call the program, and code in the text."""
    text = (REPOSITORY / document).read_text()
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    lines = [
        line for block in blocks for line in block.splitlines() if re.match(r"\s*(\$ )?(build/)?thaw ", line)
    ]
    rest = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return lines + [span for span in re.findall(r"`([^`]+)`", rest) if re.match(r"thaw |--?\w", span)]


@pytest.mark.parametrize(
    "words",
    [["--help"], ["-h"], [], ["d.pb", "--help"], ["--help", "--json"], ["-n", "-h", "no.pb"]],
    ids=lambda words: " ".join(words) or "nothing",
)
def test_help(desk: Path, told: str, words: list[str]) -> None:
    run = thaw(*words, cwd=desk)
    assert (run.code, run.err) == (0, "")
    assert run.out == told
    assert "Usage: thaw" in told


@pytest.mark.parametrize("words", [["--version"], ["-V"], ["d.pb", "-V"]], ids=" ".join)
def test_version(desk: Path, words: list[str]) -> None:
    run = thaw(*words, cwd=desk)
    assert (run.code, run.err) == (0, "")
    assert re.fullmatch(r"thaw \d+\.\d+\.\d+\n", run.out)


def test_help_fits_a_terminal(told: str) -> None:
    assert [
        line for line in told.splitlines() if len(line) > 80 or line != line.rstrip() or "\t" in line
    ] == []


def test_help_of_transplant(desk: Path, transplant: str) -> None:
    run = thaw("transplant", cwd=desk)
    assert (run.code, run.err) == (0, "")
    assert run.out == transplant
    assert "Usage: thaw transplant" in transplant
    assert [line for line in transplant.splitlines() if len(line) > 80 or line != line.rstrip()] == []
    assert set(re.findall(r"\b\d+\b", transplant[transplant.index("Exit codes:") :])) == EXIT_CODES


def test_exit_codes_are_told(told: str) -> None:
    help_says = told[told.index("Exit codes:") :]
    page = (REPOSITORY / "docs" / "thaw.1").read_text()
    status = page[page.index(".Sh EXIT STATUS") : page.index(".Sh EXAMPLES")]
    assert (
        set(re.findall(r"\b\d+\b", " ".join(re.findall(r"^\.It (.*)$", status, re.MULTILINE)))) == EXIT_CODES
    )
    assert set(re.findall(r"\b\d+\b", help_says)) == EXIT_CODES


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documented_options_exist(known: set[str], document: str) -> None:
    assert {"-o", "--output", "--input", "--inputs", "-h", "--rename"} <= known
    named = {option for span in spans(document) for option in OPTION.findall(re.sub(r"'[^']*'", "", span))}
    assert named - known == set()


def test_options_are_many_in_the_readme() -> None:
    """Else the check above looks at nothing."""
    assert len(spans("README.md")) > 15


def test_readme_session(tmp_path: Path) -> None:
    """The first run that the README shows is what one sees, word for word."""
    shown_first = re.search(
        r"```console\n\$ (.*?)\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.DOTALL
    )
    assert shown_first
    command, shown = shown_first.groups()
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "digits.pb").write_bytes((REPOSITORY / "demo" / "digits.pb").read_bytes())
    run = shell(command.replace("thaw ", '"$THAW" ', 1) + " 2>&1", cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    assert run.out == shown


@pytest.mark.parametrize(
    "option, words",
    [
        ("--color", "auto|always|never"),
        ("--progress", "auto|always|never"),
        ("--init", "nan|restore|value"),
        ("--variables", "resource|ref"),
    ],
)
def test_offered_words_are_taken(desk: Path, told: str, option: str, words: str) -> None:
    assert f"{option} {words}" in told
    assert {thaw("d.pb", "-n", "-q", option, word, cwd=desk).code for word in words.split("|")} == {0}

"""Documented or the build fails: settings, commands, options, pages and error codes, and every link between pages."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, is_typeddict

import click
import pytest

from certs import config, errors, views
from certs.cli import COMMANDS, DEFECT, EXIT_CODES, INTERRUPTED, cli
from certs.web.edge.errors import STATUS
from tests.web.cast import site
from tests.world import World

ROOT = Path(__file__).parents[1]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
JSON = (ROOT / "docs/json.md").read_text(encoding="utf-8")
PAGES = sorted(
    [*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), ROOT / "deploy/README.md", ROOT / "signing_keys/README.md"]
)


def commands(group: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below *group* with its full name."""
    if not isinstance(group, click.Group):
        yield path, group
        return
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield from commands(command, f"{path} {name}")


def rows(code: str) -> list[str]:
    """Return the table rows of operations.md that begin with *code*."""
    return [line for line in OPERATIONS.splitlines() if line.startswith(f"| `{code}`")]


@pytest.mark.parametrize("name", sorted(config.NAMES))
def test_every_setting_has_a_row(name: str) -> None:
    assert len(rows(name)) == 1


@pytest.mark.parametrize("name", sorted(config.NAMES))
def test_the_row_of_a_setting_says_how_the_settings_file_calls_it(name: str) -> None:
    """And that a secret, or the file's own name, has no place in it."""
    key = name.removeprefix("CERTS_").lower()
    in_file = rows(name)[0].split("|")[2].strip()
    assert in_file == (f"`{key}`" if key in config.KEYS else "")


def test_no_row_is_about_a_setting_that_is_gone() -> None:
    assert set(re.findall(r"^\| `(CERTS_\w+)`", OPERATIONS, re.MULTILINE)) == config.NAMES


def test_every_command_has_a_row_and_no_row_is_about_another() -> None:
    names = {name for name, _ in commands(cli, "certs")}
    assert set(re.findall(r"^\| `(certs(?: [a-z-]+)+)", OPERATIONS, re.MULTILINE)) == names


@pytest.mark.parametrize(("name", "command"), list(commands(cli, "certs")))
def test_every_command_helps_with_an_example(name: str, command: click.Command) -> None:
    """Help shows one call that works, and says of each option what it is for."""
    assert command.help is not None
    assert "Example" in command.help
    assert f"{name} " in f"{command.help} " or f"{name}\n" in f"{command.help}\n"
    assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


def test_help_names_every_command() -> None:
    """The list is kept apart from the commands, so that help needs no import."""
    assert {name.split()[1] for name, _ in commands(cli, "certs")} == set(COMMANDS)


def test_every_page_of_the_site_is_listed() -> None:
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", "…", rule.rule) for rule in site(World()).url_map.iter_rules()}
    assert set(re.findall(r"^\| `(/[^`]*)`", OPERATIONS, re.MULTILINE)) == routes


@pytest.mark.parametrize("error", [kind for kind in errors.CertsError.__subclasses__() if kind.code in EXIT_CODES])
def test_every_error_code_has_a_row_with_exit_code_and_status(error: type[errors.CertsError]) -> None:
    (row,) = rows(error.code)
    assert f"| {EXIT_CODES[error.code]} |" in row
    assert f"| {STATUS[error]} |" in row


def test_every_error_leads_to_an_exit_code_or_a_verdict() -> None:
    """Claims and credentials that cannot be believed are answers; everything else has a code of its own."""
    without = {kind.code for kind in errors.CertsError.__subclasses__()} - set(EXIT_CODES)
    assert without == {"claim", "credential"}


def test_the_other_exit_codes_are_named() -> None:
    assert [code for code in (DEFECT, INTERRUPTED) if f"| {code} |" not in OPERATIONS] == []


def shapes() -> dict[str, set[str]]:
    """Return every shape of `certs.views` with its members, `?` behind what may be missing."""
    modules = [importlib.import_module(f"certs.views.{one.name}") for one in pkgutil.iter_modules(views.__path__)]
    found = [
        value for module in modules for value in vars(module).values()
        if is_typeddict(value) and value.__module__ == module.__name__
    ]  # fmt: skip
    assert len({one.__name__ for one in found}) == len(found)
    return {one.__name__.removesuffix("View"): {marked(one, key) for key in one.__annotations__} for one in found}


def marked(shape: Any, key: str) -> str:
    """Return a member as the table has it."""
    return f"{key}?" if key in shape.__optional_keys__ else key


def test_every_shape_for_programs_is_listed_with_its_members() -> None:
    """A member that is added or gone must be told."""
    table = JSON.partition("\n## Shapes\n")[2]
    listed = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE)
    said = {name: {key + mark for key, mark in re.findall(r"`(\w+)`(\??)", members)} for name, members in listed}
    assert said == shapes()


def test_every_command_that_answers_programs_is_listed_with_shapes_that_exist() -> None:
    with_json = {
        name
        for name, command in commands(cli, "certs")
        if any("--json" in option.opts for option in command.params if isinstance(option, click.Option))
    }
    listed = dict(re.findall(r"^\| `(certs [a-z -]+)` \| (.+) \|$", JSON, re.MULTILINE))
    assert set(listed) == with_json
    assert set(re.findall(r"`([A-Z]\w+)`", " ".join(listed.values()))) <= set(shapes())


def test_every_finding_about_address_and_keys_has_a_row_with_its_severity() -> None:
    """And no row is about one that is gone."""
    source = (ROOT / "certs/work/guards.py").read_text(encoding="utf-8")
    found = {(code, severity.lower()) for severity, code in re.findall(r'Severity\.(\w+),\s*"(\w+)"', source)}
    section = OPERATIONS.partition("### What is said before")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \| (\w+) \|", section, re.MULTILINE)) == found
    assert {severity for _, severity in found} == {"wrong", "doubtful"}


def test_every_room_stands_on_a_floor_of_the_page() -> None:
    """The table of rooms is as whole as the linter's layers."""
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = [path for path in (ROOT / "certs").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    names = [f"`certs/{path.name}{'/' if path.is_dir() else ''}`" for path in rooms if not path.name.startswith("__")]
    assert [name for name in names if name not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def anchors(page: Path) -> set[str]:
    """Return what links may name in *page*: its headings, as GitHub writes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_a_part_of_a_page_lead_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if link[1] not in anchors((page.parent / link[0]) if link[0] else page)] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "deploy/README.md"])
def test_every_command_for_contributors_and_operators_exists(name: str) -> None:
    """Targets of make, commands of certs, and tests that a page tells to run."""
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", text, re.MULTILINE))
    assert asked <= targets
    names = {command for command, _ in commands(cli, "certs")} | {"certs --version"}
    said = re.findall(r"`(certs [a-z-]+(?: [a-z]+)?)|bin/(certs [a-z]+)|(?:desk|owner) ([a-z]+)", text)
    named = {two or (f"certs {three}" if three else one) for one, two, three in said}
    assert named <= names
    assert asked or named
    tests = re.findall(r"tests/[\w/]+(?:\.py)?", text)
    assert [path for path in tests if not (ROOT / path).exists()] == []
    known = re.findall(r"pytest -k (\w+)", text)
    files = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    assert [word for word in known if not any(word in text for text in files)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """A path in code letters with a known beginning is a promise."""
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:certs|deploy|tests|docs|demo|templates)/[\w./-]+)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_word_of_the_log_has_a_row() -> None:
    """And no row is about a word that nobody says."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "certs").rglob("*.py"))
    said = set(re.findall(r'_log\.\w+\(\s*"(\w+)"', source))
    section = OPERATIONS.partition("\n## Logs\n")[2].partition("\n## ")[0]
    listed = {
        word for row in re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE) for word in re.findall(r"`(\w+)`", row)
    }
    assert listed == said
    assert len(said) > 10


def test_every_screen_has_a_small_picture_and_no_picture_is_left_over() -> None:
    """Phones on slow lines read that page as well."""
    named = set(re.findall(r"pictures/(desk-\w+\.png)", (ROOT / "docs/organiser.md").read_text(encoding="utf-8")))
    kept = {one.name: one.stat().st_size for one in ROOT.glob("docs/pictures/desk-*.png")}
    assert named == set(kept)
    assert max(kept.values()) <= 60_000

"""The plan of the house is kept: who may import whom, and that nothing happens at import."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kicrawl"
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)

# What the spiders are made of: they ask the frontier.
WALKING = ("storyspider", "listwalk", "sitemaps", "outcome")
# What goes with every run.
RUNNING = ("runs", "stopping", "turns", "opened", "watch", "reprocess", "purging")


def room(module: Path) -> str:
    """The room of the house a module stands in: page, site, archive, spiders, ... or its own name."""
    return module.parts[0].removesuffix(".py")


def imports(module: Path) -> set[str]:
    """The rooms of ours that a module imports."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kicrawl":
            parts = node.module.split(".")[1:]
            found |= {parts[0]} if parts else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {
                parts[1] for alias in node.names if (parts := alias.name.split("."))[0] == "kicrawl" and parts[1:]
            }
    return found - {room(module), "__version__"}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_arrows_point_one_way(module):
    found, name = imports(module), room(module)
    outside = name in ("commands", "settings", "cli")
    assert outside or not found & {"spiders", "pipelines", "commands", "extensions"}, found
    if name in ("site", "items"):
        assert found == set()
    if name == "page":
        assert found <= {"site", "items"}
    if name == "loaders":
        assert found <= {"page", "site", "items"}
    if name == "boilerplate":
        assert found <= {"site", "items"}
    if name == "archive":
        assert found <= {"items"}, "the writing half knows no HTML"
    if "archive" in found:
        assert name in ("spiders", *WALKING, "pipelines", "extensions", "commands", "formats", "browse", *RUNNING), name


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_sql_stands_only_in_the_archive(module):
    if room(module) not in ("archive", "pipelines", "commands", "extensions", *RUNNING):
        assert "sqlalchemy" not in (PACKAGE / module).read_text(encoding="utf-8")


def test_importing_the_package_opens_and_connects_nothing(tmp_path):
    code = """if True:
        import importlib, pkgutil, socket, sqlite3, builtins
        import kicrawl
        def refuse(*args, **kwargs): raise AssertionError(f"at import: {args}")
        socket.socket.connect = refuse
        sqlite3.connect = refuse
        for found in pkgutil.walk_packages(kicrawl.__path__, "kicrawl."):
            if ".migrations" not in found.name:
                importlib.import_module(found.name)
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []

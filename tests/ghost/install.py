"""Ghost and the Node that it needs, installed once into a folder of the checkout through the npm that is there."""

import fcntl
import os
import platform
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".ghost"  # git-ignored; about 850 MB
GHOST = "6.65.0"
NODE = "22.23.3"  # Ghost 6 refuses Node 20
TOOLS = ("pnpm@12.4.2", "node-gyp@11.5.0")
SQLITE = "better_sqlite3.node"  # compiled during the installation


class CannotInstall(Exception):
    """Why there can be no Ghost on this machine, in one line."""


@dataclass(frozen=True)
class Installed:
    """Where Ghost is, and the environment to run it with."""

    ghost: Path
    environment: dict[str, str]


def install(folder: Path = FOLDER) -> Installed:
    """Ghost, installed if it is not yet: three minutes. Raises CannotInstall where Node or Ghost cannot be had."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "install.lock"):
        bin_folders = install_tools(folder / "tools")
        environment = {
            **os.environ,
            "PATH": os.pathsep.join([*map(str, bin_folders), os.environ["PATH"]]),
            "npm_config_nodedir": str(bin_folders[0].parent),  # the package brings Node's C headers
            "npm_config_build_from_source": "true",
            "npm_config_cache": str(folder / "npm-cache"),
            "NODE_ENV": "production",
        }
        ghost = folder / "versions" / f"{GHOST}-sqlite"
        if not (ghost / ".ready").exists():
            install_ghost(ghost, folder, environment)
    return Installed(ghost, environment)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits until no other process holds the file's lock."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install_tools(folder: Path) -> list[Path]:
    """Node and what builds Ghost; the folders of their programs."""
    if shutil.which("npm") is None:
        raise CannotInstall("there is no npm on this machine")
    system, machine = platform.system().lower(), {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), "x64")
    node = f"node-{system}-{machine}"
    modules = folder / "node_modules"
    if not (folder / ".ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", f"{node}@{NODE}", *TOOLS], folder)
        use_plain_pnpm(modules, f"{system}-{machine}")
        (folder / ".ready").touch()
    return [modules / node / "bin", modules / ".bin"]


def use_plain_pnpm(modules: Path, system: str) -> None:
    """npm 11 may leave out pnpm's installation script: then its program is taken as it comes."""
    pnpm = modules / ".bin" / "pnpm"
    if subprocess.run([pnpm, "--version"], capture_output=True, check=False).returncode != 0:
        pnpm.unlink(missing_ok=True)
        pnpm.symlink_to(modules / "@pnpm" / f"exe.{system}" / "pnpm")


def install_ghost(ghost: Path, folder: Path, environment: dict[str, str]) -> None:
    """The published package with the packages of its own lock file."""
    if shutil.which("g++") is None or shutil.which("make") is None:
        raise CannotInstall("g++ and make are needed to build Ghost's SQLite")
    shutil.rmtree(ghost, ignore_errors=True)
    ghost.mkdir(parents=True)
    run(["npm", "pack", "--silent", f"ghost@{GHOST}"], folder, environment)
    unpack(folder / f"ghost-{GHOST}.tgz", ghost)
    build_less(ghost / "pnpm-workspace.yaml")
    store = folder / "pnpm-store"
    run(["pnpm", "install", "--prod", "--frozen-lockfile", "--store-dir", str(store)], ghost, environment)
    if not any(ghost.rglob(f"better-sqlite3/build/Release/{SQLITE}")):
        raise CannotInstall(f"Ghost was installed without {SQLITE}")
    allow_small_sitemaps(ghost)
    shutil.rmtree(store)
    shutil.rmtree(folder / "npm-cache", ignore_errors=True)
    (ghost / ".ready").touch()


def unpack(package: Path, folder: Path) -> None:
    """An npm package without the folder that everything in it stands in."""
    with tarfile.open(package) as archive:
        for member in archive:
            member.name = member.name.partition("/")[2]
            archive.extract(member, folder, filter="data")
    package.unlink()


def build_less(workspace: Path) -> None:
    """re2 is optional (previews of links in the editor) and takes minutes to compile."""
    text = re.sub(r"^( +re2@[^:]+): true", r"\1: false", workspace.read_text(), flags=re.M)
    workspace.write_text(re.sub(r"^strictDepBuilds: true", "strictDepBuilds: false", text, flags=re.M))


def allow_small_sitemaps(ghost: Path) -> None:
    """Lets SITEMAP_PAGE lower the 50,000 addresses of a sitemap file, so that 300 posts fill several."""
    for script in (ghost / "core/frontend/services/sitemap").glob("*.js"):
        text = script.read_text()
        limit = "options.maxPerPage || Number(process.env.SITEMAP_PAGE) || 50000"
        script.write_text(text.replace("options.maxPerPage || 50000", limit))


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    """A step of the installation. Raises CannotInstall with the last line it printed."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-1:]
        raise CannotInstall(f"`{' '.join(command[:2])}` failed: {' '.join(last)}")

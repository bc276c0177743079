"""What scrapyd-deploy makes the egg from: the package of this checkout, with all data that the wheel holds."""

import tomllib
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

CHECKOUT = Path("../..")


class BuildWithPages(build_py):
    """Copies the package, and the pages of docs/ that pyproject.toml puts into it."""

    def run(self) -> None:
        """See build_py."""
        super().run()
        project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
        pages = project["tool"]["hatch"]["build"]["targets"]["wheel"].get("force-include", {})
        for source, target in pages.items():
            self.copy_file(str(CHECKOUT / source), str(Path(self.build_lib, target)))


setup(
    name="kicrawl",
    version="1",  # of no meaning: Scrapyd goes by the version that scrapyd-deploy gives
    package_dir={"": str(CHECKOUT)},
    packages=find_packages(str(CHECKOUT), include=["kicrawl", "kicrawl.*"]),
    package_data={"": ["**/*"]},
    exclude_package_data={"": ["**/*.pyc"]},
    zip_safe=True,
    options={"egg_info": {"egg_base": "."}},
    cmdclass={"build_py": BuildWithPages},
    entry_points={"scrapy": ["settings = kicrawl.settings"]},
)

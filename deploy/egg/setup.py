"""What scrapyd-deploy makes the egg from: the package of this checkout, with whatever data it holds."""

from pathlib import Path

from setuptools import find_packages, setup

CHECKOUT = Path("../..")

setup(
    name="kicrawl",
    version="1",  # of no meaning: Scrapyd goes by the version that scrapyd-deploy gives
    package_dir={"": str(CHECKOUT)},
    packages=find_packages(str(CHECKOUT), include=["kicrawl", "kicrawl.*"]),
    package_data={"": ["**/*"]},
    exclude_package_data={"": ["**/*.pyc"]},
    zip_safe=True,
    options={"egg_info": {"egg_base": "."}},
    entry_points={"scrapy": ["settings = kicrawl.settings"]},
)

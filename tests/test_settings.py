"""Settings: polite and safe by default, and the same from any folder."""

import importlib
from pathlib import Path

import pytest
from scrapy.settings import Settings

from kicrawl import __version__
from kicrawl import settings as module
from kicrawl.sitespider import SiteSpider, is_loopback
from tests.running import run


@pytest.fixture
def settings() -> Settings:
    """Scrapy's settings with ours over them."""
    settings = Settings()
    settings.setmodule("kicrawl.settings", priority="project")
    return settings


@pytest.mark.parametrize(("root", "delay"), [("https://kyivindependent.com", 1), ("http://127.0.0.1:8800", 0)])
def test_requests_wait_a_second_except_on_this_machine(settings: Settings, root: str, delay: int) -> None:
    settings.set("SITE_ROOT", root, priority="cmdline")
    SiteSpider.update_settings(settings)
    assert settings.getfloat("DOWNLOAD_DELAY") == delay
    assert settings.getfloat("DOWNLOAD_DELAY_JITTER") > 0


def test_a_delay_on_the_command_line_is_kept(settings: Settings) -> None:
    settings.set("SITE_ROOT", "http://127.0.0.1:8800", priority="cmdline")
    settings.set("DOWNLOAD_DELAY", 3, priority="cmdline")
    SiteSpider.update_settings(settings)
    assert settings.getfloat("DOWNLOAD_DELAY") == 3


@pytest.mark.parametrize("root", ["http://localhost", "http://127.9.9.9:1", "http://[::1]:80"])
def test_a_loopback_site_is_recognised(root: str) -> None:
    assert is_loopback(root)


@pytest.mark.parametrize("root", ["https://kyivindependent.com", "http://10.0.0.1", "http://127.0.0.1.example.org"])
def test_other_sites_are_not_taken_for_this_machine(root: str) -> None:
    assert not is_loopback(root)


@pytest.mark.parametrize(("contact", "end"), [("", ""), ("https://example.org/us", " (+https://example.org/us)")])
def test_the_user_agent_names_the_program_and_the_contact(
    monkeypatch: pytest.MonkeyPatch, contact: str, end: str
) -> None:
    monkeypatch.setenv("KICRAWL_CONTACT", contact)
    try:
        agent = importlib.reload(module).USER_AGENT
    finally:
        monkeypatch.undo()
        importlib.reload(module)
    assert agent == f"kicrawl/{__version__}{end}"


def test_only_web_pages_can_be_fetched(settings: Settings) -> None:
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


@pytest.mark.parametrize("switch", ["COOKIES_ENABLED", "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED"])
def test_what_is_not_needed_is_off(settings: Settings, switch: str) -> None:
    assert not settings.getbool(switch)


@pytest.mark.parametrize("switch", ["ROBOTSTXT_OBEY", "DOWNLOAD_VERIFY_CERTIFICATES"])
def test_what_is_proper_is_on(settings: Settings, switch: str) -> None:
    assert settings.getbool(switch)


@pytest.mark.slow
def test_the_console_command_is_this_project_even_inside_another(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = another.settings\n", encoding="utf-8")
    assert run("list", folder=tmp_path).out.split() == ["archive", "authors", "newsfeed", "replay"]

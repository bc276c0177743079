"""What we add to Datasette: our own pages in front of its own, links to them, and who may ask at all."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup, escape
from pluggy import HookimplMarker

from kicrawl.browse import pages, questions
from kicrawl.browse.rendering import render, web

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

hookimpl = HookimplMarker("datasette")  # Datasette's own is the same, without types

NAME = "archive"  # how addresses name the database, whatever its file is called
HOSTS = ("127.0.0.1", "localhost", "::1")  # a page on the web that calls itself by our address reads nothing
# Our pages run nothing and load nothing from elsewhere, whatever stands in a story.
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Our pages stand before Datasette's own."""
    return [
        (r"^/$", partial(_answer, pages.show_start)),
        (r"^/stories$", partial(_answer, pages.show_stories)),
        (r"^/charts$", partial(_answer, pages.show_charts)),
        (r"^/story$", _find_story),
        (r"^/story/(?P<number>[0-9]{1,18})$", _show_story),
        (r"^/(?P<name>kicrawl|tables)\.css$", _style),
    ]


@hookimpl
def render_cell(value: Any, column: str, table: str | None, database: str) -> Markup | None:
    """A story's address leads to our page of it first."""
    if database != NAME or column != "url" or table not in (None, "article") or not web(value):
        return None
    ours = "/story?" + urlencode({"url": value})
    return Markup(f'<a href="{escape(ours)}">{escape(value)}</a>')


@hookimpl
def extra_css_urls() -> list[str]:
    """Datasette's tables with rows of a height that can be read."""
    return ["/tables.css"]


@hookimpl
def menu_links() -> list[dict[str, str]]:
    """The way back from Datasette's pages."""
    return [{"href": "/", "label": "Start page"}, {"href": "/stories", "label": "Stories"}]


@hookimpl
def asgi_wrapper() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answers only who calls us by a name of this machine."""
    return _only_here


async def _answer(
    show: Callable[[sqlite3.Connection, Mapping[str, str]], str], datasette: "Datasette", request: "Request"
) -> "Response":
    asked = {name: request.args.get(name) for name in request.args}
    return _response().html(await _ask(datasette, partial(_call, show, asked)), headers=SAFE)


def _call(
    show: Callable[[sqlite3.Connection, Mapping[str, str]], str],
    asked: Mapping[str, str],
    connection: sqlite3.Connection,
) -> str:
    return show(connection, asked)


async def _show_story(datasette: "Datasette", request: "Request") -> "Response":
    number = int(request.url_vars["number"])
    page = await _ask(datasette, lambda connection: pages.show_story(connection, number))
    if page is None:
        return _response().html(render("missing.html", asked={}), status=404, headers=SAFE)
    return _response().html(page, headers=SAFE)


async def _find_story(datasette: "Datasette", request: "Request") -> "Response":
    url = request.args.get("url") or ""
    number = await _ask(datasette, lambda connection: questions.find_story(connection, url))
    if number is None:
        return _response().html(render("missing.html", asked={}), status=404, headers=SAFE)
    return _response().redirect(f"/story/{number}")


async def _style(request: "Request") -> "Response":
    style = files("kicrawl.browse").joinpath("templates", f"{request.url_vars['name']}.css").read_text("utf-8")
    return _response()(style, headers=SAFE, content_type="text/css; charset=utf-8")


async def _ask(datasette: "Datasette", ask: Callable[[sqlite3.Connection], Any]) -> Any:
    """What a function finds in the archive, in one transaction."""

    def in_one(connection: sqlite3.Connection) -> Any:
        with questions.looking(connection):
            return ask(connection)

    return await datasette.get_database(NAME).execute_fn(in_one)


def _only_here(app: Callable[..., Any]) -> Callable[..., Any]:
    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        host = dict(scope.get("headers", [])).get(b"host", b"localhost").decode("latin-1")
        name = re.sub(r":[0-9]*$", "", host).strip("[]")
        if scope["type"] == "http" and name not in HOSTS:
            await _response().text("kicrawl browse answers only on this machine", status=403).asgi_send(send)
            return
        await app(scope, receive, send)

    return answer


def _response() -> Any:
    """Datasette's class of answers, imported when needed: Datasette opens a database as soon as it is imported."""
    from datasette.utils.asgi import Response

    return Response

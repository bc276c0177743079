"""What on the page is the story, and what every other piece stands in.

The story is the prose nearest to the headline; furniture is known by what it is made of: landmarks, cards (a linked
headline with its teaser), author boxes (a portrait, a name that links to an author page), forms, lone buttons, sections
under a heading that the site uses for nothing else.
"""

from kicrawl.page.stated import Stated
from kicrawl.page.structure.authorboxes import mark_author_boxes
from kicrawl.page.structure.captions import mark_captions
from kicrawl.page.structure.cards import mark_cards
from kicrawl.page.structure.container import choose_container
from kicrawl.page.structure.furniture import mark_landmarks, mark_menus, mark_sections
from kicrawl.page.structure.headline import find_headline
from kicrawl.page.structure.inside import mark_gates, mark_inside
from kicrawl.page.structure.opening import trim_opening
from kicrawl.page.structure.parts import gather_body
from kicrawl.page.structure.sheet import Sheet, Story, new_sheet
from kicrawl.page.tree import Node, Tree


def find_story(tree: Tree, stated: Stated) -> Story:
    """Sort a page's leaves. With no headline and no prose the body is empty, and nothing is guessed."""
    sheet = new_sheet(tree, stated, find_headline(tree, stated))
    _mark_furniture(sheet)
    container = _find_container(sheet)
    body = gather_body(sheet, container)
    if container is not None:
        mark_inside(sheet, body)
    else:
        mark_gates(sheet, range(sheet.after, len(tree.leaves)))
    return _sorted_story(sheet, container, trim_opening(sheet, body))


def whole_story(tree: Tree, stated: Stated) -> Story:
    """An embedded post's html: all of it stands in the story's place; cards, forms and appeals in it are marked."""
    sheet = new_sheet(tree, stated, None)
    mark_landmarks(sheet)
    mark_cards(sheet)
    mark_captions(sheet)
    body = set(range(len(tree.leaves)))
    mark_inside(sheet, body)
    return _sorted_story(sheet, tree.root, body)


def _mark_furniture(sheet: Sheet) -> None:
    mark_landmarks(sheet)
    mark_menus(sheet)
    mark_sections(sheet)
    mark_cards(sheet)
    mark_author_boxes(sheet)
    mark_captions(sheet)


def _find_container(sheet: Sheet) -> Node | None:
    """The element that holds the story; where captions are all that is left, those that no figure holds are prose."""
    container = choose_container(sheet)
    if container is None and sheet.weak_captions:
        sheet.captions -= set(sheet.weak_captions)
        container = choose_container(sheet)
    return container


def _sorted_story(sheet: Sheet, container: Node | None, body: set[int]) -> Story:
    plain = [index for index in body if sheet.marks[index] is None]
    first = min(plain, default=len(sheet.tree.leaves))
    last = max(plain, default=-1)
    return Story(sheet.tree, sheet.headline, container, body, sheet.marks, sheet.captions, first, last)

"""What the site tells machines: its feed, its sitemaps, its robots.txt."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from .expected import picture_url
from .layouts import People, body_html, furniture, iso_z, people, slug_of_tag
from .stories import Story

ROBOTS = """User-agent: *
Sitemap: {root}/sitemap.xml
Disallow: /ghost/
Disallow: /email/
Disallow: /members/api/comments/counts/
Disallow: /r/
Disallow: /webmentions/receive/
"""
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" version="2.0" \
xmlns:media="http://search.yahoo.com/mrss/"><channel><title><![CDATA[{name}]]></title>\
<description><![CDATA[{notice}]]></description><link>{root}/</link><generator>Ghost 5.39</generator>\
<lastBuildDate>{built}</lastBuildDate>\
<atom:link href="{root}/news-archive/rss/" rel="self" type="application/rss+xml"/>\
<ttl>60</ttl>{items}</channel></rss>"""


def feed(stories: Sequence[Story], root: str, everyone: People) -> str:
    """The feed: newest stories with their full text; only the first author is named."""
    built = format_datetime(stories[0].modified, usegmt=True) if stories else ""
    items = "".join(entry(story, root, everyone) for story in stories)
    return RSS.format(name=furniture()["site_name"], notice=furniture()["notice"], root=root, built=built, items=items)


def entry(story: Story, root: str, everyone: People) -> str:
    """One story of the feed."""
    parts = [
        f"<title>{cdata(story.title)}</title>",
        f"<description>{cdata(story.excerpt)}</description>",
        f"<link>{root}/{story.slug}/</link>",
        f'<guid isPermaLink="false">{story.id}</guid>',
        *(f"<category>{cdata(tag)}</category>" for tag in story.public_tags),
        *(f"<dc:creator>{cdata(author.name)}</dc:creator>" for author in people(story, everyone)[:1]),
        f"<pubDate>{format_datetime(story.published, usegmt=True)}</pubDate>",
    ]
    if story.lead:
        url = quoteattr(picture_url(story.lead, story, root))
        parts.append(f'<media:content url={url} medium="image"/>')
    lead = f"<img src={url} alt={quoteattr(story.title)}>" if story.lead else ""
    parts.append(f"<content:encoded>{cdata(lead + body_html(story, root))}</content:encoded>")
    return f"<item>{''.join(parts)}</item>"


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def sitemap_index(counts: dict[str, int], size: int, newest: datetime, root: str) -> str:
    """The index: as with Ghost, every file of a kind carries the newest change of that kind."""
    names = [name for kind, count in counts.items() for name in file_names(kind, count, size)]
    rows = "".join(f"<sitemap><loc>{root}/{name}</loc><lastmod>{iso_z(newest)}</lastmod></sitemap>" for name in names)
    return f'{DECLARATION}<sitemapindex xmlns="{SITEMAP}">{rows}</sitemapindex>'


DECLARATION = '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="/sitemap.xsl"?>'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def file_names(kind: str, count: int, size: int) -> list[str]:
    """sitemap-posts.xml, sitemap-posts-2.xml, ...: `size` addresses to a file."""
    files = max(1, -(-count // size))
    return [f"sitemap-{kind}.xml", *(f"sitemap-{kind}-{number}.xml" for number in range(2, files + 1))]


def sitemap(rows: Sequence[tuple[str, datetime, str | None]]) -> str:
    """One file: (address, last change, picture)."""
    urls = "".join(
        f"<url><loc>{escape(url)}</loc><lastmod>{iso_z(changed)}</lastmod>"
        + (f"<image:image><image:loc>{escape(picture)}</image:loc></image:image>" if picture else "")
        + "</url>"
        for url, changed, picture in rows
    )
    return f'{DECLARATION}<urlset xmlns="{SITEMAP}" {IMAGES}>{urls}</urlset>'


def sitemap_rows(kind: str, stories: Sequence[Story], pages: Sequence[str], root: str, started: datetime) -> list:
    """The addresses of a kind, last change first."""
    match kind:
        case "posts":
            latest = sorted(stories, key=lambda story: (story.modified, story.slug), reverse=True)
            return [(f"{root}/{s.slug}/", s.modified, s.lead and picture_url(s.lead, s, root)) for s in latest]
        case "pages":
            return [(root + path, started, None) for path in ("/", "/news-archive/", *pages)]
        case "authors":
            slugs = sorted({slug for story in stories for slug in story.authors})
            return [(f"{root}/author/{slug}/", started, None) for slug in slugs]
    tags = sorted({tag for story in stories for tag in story.public_tags})
    return [(f"{root}/tag/{slug_of_tag(tag)}/", started, None) for tag in tags]

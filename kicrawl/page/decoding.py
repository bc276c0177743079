"""Which text the bytes of a response are, whatever charset they claim."""

import codecs
import re

from w3lib.encoding import html_to_unicode, http_content_type_encoding

MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00", b"7z\xbc")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
CONTROL_BYTES = bytes(byte for byte in range(128) if CONTROL.match(chr(byte)))
MAX_CHARACTERS = 8_000_000  # or bytes; stories are below one megabyte, and reading takes some thirty times the memory


def decode(body: bytes | str, content_type: str | None) -> tuple[str | None, bool]:
    """The body as text, None for binary data; and whether the charset that is declared fits."""
    if isinstance(body, str):
        return CONTROL.sub("", body[:MAX_CHARACTERS]), True
    body = body[:MAX_CHARACTERS]
    if _is_binary(body[:1024]):
        return None, True
    text, fits = _read_characters(body, content_type)
    if "\ufffd" not in text and len(body.translate(None, CONTROL_BYTES)) == len(body):
        return text, fits  # nearly every page, told in a fraction of the time that a search in its text takes
    if len(CONTROL.findall(text[:4096])) > 40 or text[:4096].count("\ufffd") > 400:
        return None, fits
    return CONTROL.sub("", text), fits


def _is_binary(start: bytes) -> bool:
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE))
    return start.startswith(MAGIC) or (not wide and start.count(b"\x00") > 0)


def _read_characters(body: bytes, content_type: str | None) -> tuple[str, bool]:
    """What decodes as UTF-8 is UTF-8, whatever is declared; the rest is read as browsers do."""
    try:
        return body.decode("utf-8-sig"), http_content_type_encoding(content_type) in (None, "utf-8")
    except UnicodeDecodeError:
        encoding, text = html_to_unicode(content_type, body, default_encoding=_likely(body))
        return text, encoding != "utf-8"


def _likely(body: bytes) -> str:
    """What bytes without a declared charset are: UTF-8 with a little damage, else what browsers fall back to."""
    wrong = body.decode("utf-8", "replace").count("\ufffd")
    return "utf-8" if wrong <= 1 or (wrong < 0.001 * len(body) and b"\xe2\x80" in body) else "cp1252"

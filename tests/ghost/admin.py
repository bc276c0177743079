"""Ghost's Admin API, as far as the tests use it."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

API = "/ghost/api/admin"
OWNER = {"name": "Site Owner", "email": "owner@example.org", "password": "loopback-test-9Qz-pass"}


class Admin:
    """A client with the key of an integration, or without one as the owner who has logged in."""

    def __init__(self, root: str, key: str | None = None) -> None:
        self.root, self.key = root, key
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.call("POST", path, json.dumps(body).encode())

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self.call("PUT", path, json.dumps(body).encode())

    def delete(self, path: str) -> None:
        self.call("DELETE", path)

    def upload(self, path: str, content: bytes) -> None:
        """A JSON file, as the form of the admin pages sends it."""
        edge = uuid.uuid4().hex
        head = 'Content-Disposition: form-data; name="importfile"; filename="import.json"'
        body = f"--{edge}\r\n{head}\r\nContent-Type: application/json\r\n\r\n".encode()
        self.call(
            "POST", path, body + content + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
        )

    def call(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        """The answer as data; None where there is none to read. Raises HTTPError with what Ghost said."""
        headers = {"Origin": self.root, "Accept": "application/json", "Accept-Version": "v6.0", "Content-Type": kind}
        if self.key:
            headers["Authorization"] = f"Ghost {token(self.key)}"
        request = Request(self.root + API + path, data=body, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=120) as answer:
                text = answer.read()
        except HTTPError as error:
            error.msg = f"{method} {path}: {error.read()[:500].decode(errors='replace')}"
            raise
        return json.loads(text) if text[:1] in (b"{", b"[") else None

    def log_in(self, title: str) -> None:
        """As the owner, who is made on the first occasion, with the site's title."""
        if not self.get("/authentication/setup/")["setup"][0]["status"]:
            self.post("/authentication/setup/", {"setup": [{**OWNER, "blogTitle": title}]})
        self.post("/session/", {"username": OWNER["email"], "password": OWNER["password"]})

    def make_key(self) -> str:
        """The key of a new integration."""
        made = self.post("/integrations/?include=api_keys", {"integrations": [{"name": "tests"}]})
        found = next(key for key in made["integrations"][0]["api_keys"] if key["type"] == "admin")
        secret: str = found["secret"]
        return secret if ":" in secret else f"{found['id']}:{secret}"


def token(key: str) -> str:
    """A signed token that is good for the next minutes."""
    name, secret = key.split(":")
    now = int(time.time())
    parts = [{"alg": "HS256", "typ": "JWT", "kid": name}, {"iat": now, "exp": now + 280, "aud": "/admin/"}]
    text = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signed = base64.urlsafe_b64encode(hmac.new(bytes.fromhex(secret), text, hashlib.sha256).digest()).rstrip(b"=")
    return (text + b"." + signed).decode()

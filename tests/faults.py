"""What a misbehaving server does with a connection in place of an answer: `site.fault(path, act=reset)`.

Each takes the handler of the connection, which has read the request.
"""

import gzip
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET, create_connection, create_server, socket

import brotli
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Act = Callable[[BaseHTTPRequestHandler], None]
MEBIBYTE = 1 << 20


def reset(handler: BaseHTTPRequestHandler) -> None:
    """The connection is reset."""
    handler.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def speak_another_protocol(handler: BaseHTTPRequestHandler) -> None:
    """What answers is no web server."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


def answer(body: bytes, **headers: str) -> Act:
    """200 with these headers, whether they are true or not; underscores stand for hyphens."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        start(handler, **headers)
        handler.wfile.write(body)

    return act


def trickle(seconds: float) -> Act:
    """A byte now and then."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        start(handler)
        for _ in range(int(seconds / 0.1)):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)

    return act


def endless(size: int) -> Act:
    """So many bytes, of which nobody was told."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        start(handler)
        for _ in range(size // MEBIBYTE):
            handler.wfile.write(b"<p>word " * (MEBIBYTE // 8))

    return act


def start(handler: BaseHTTPRequestHandler, **headers: str) -> None:
    """The head of an answer."""
    handler.send_response(200)
    for name, value in ({"Content_Type": "text/html; charset=utf-8", "Connection": "close"} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def brotli_bomb(size: int) -> bytes:
    """So many bytes, packed."""
    compressor = brotli.Compressor(quality=9, lgwin=24)
    packed = [compressor.process(b" " * MEBIBYTE) for _ in range(size // MEBIBYTE)]
    return b"".join([*packed, compressor.finish()])


def gzip_bomb(size: int) -> bytes:
    """So many bytes, packed twice: once, gzip packs no more than a thousand bytes into one."""
    return gzip.compress(gzip.compress(b" " * size, mtime=0), mtime=0)


@contextmanager
def encrypted(root: str, certificate: Path, **versions: ssl.TLSVersion) -> Iterator[str]:
    """The address of a server that speaks TLS, and passes on what it is asked to the server at `root`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")  # old versions are what some tests are about
    context.minimum_version = versions.get("lowest", ssl.TLSVersion.TLSv1_2)
    context.maximum_version = versions.get("highest", ssl.TLSVersion.TLSv1_3)
    context.load_cert_chain(certificate)
    host, _, port = root.removeprefix("http://").partition(":")
    with create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        over = threading.Event()
        threads = [threading.Thread(target=accept, args=(listening, context, (host, int(port)), over))]
        threads[0].start()
        try:
            yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            threads[0].join()


def accept(listening: socket, context: ssl.SSLContext, behind: tuple[str, int], over: threading.Event) -> None:
    """Serves one connection after the other: kicrawl opens no two."""
    while not over.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        with connection:
            try:
                connection.settimeout(5)
                pass_on(context.wrap_socket(connection, server_side=True), behind, over)
            except OSError:  # a visitor who does not trust us, or hangs up
                continue


def pass_on(visitor: ssl.SSLSocket, behind: tuple[str, int], over: threading.Event) -> None:
    """Both ways, until one side hangs up."""
    with visitor, create_connection(behind) as server:
        back = threading.Thread(target=copy, args=(server, visitor, over))
        back.start()
        copy(visitor, server, over)
        server.close()
        back.join()


def copy(source: socket, target: socket, over: threading.Event) -> None:
    """What one side says, to the other."""
    source.settimeout(0.1)
    while not over.is_set():
        try:
            said = source.recv(1 << 16)
            if not said:
                return
            target.sendall(said)
        except TimeoutError:
            continue
        except OSError:
            return


def make_certificate(path: Path, *, address: str = "127.0.0.1", days: int = 1) -> Path:
    """A certificate that its holder has signed, for an address, valid for so many days from yesterday, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "replica")])
    begins = datetime.now(UTC) - timedelta(days=2)
    certificate = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=2 + days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(certificate.public_bytes(pem) + secret)
    return path

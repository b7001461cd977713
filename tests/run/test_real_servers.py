"""DATABASE_URL and REDIS_URL take real servers, also over TLS."""

import asyncio
import datetime as dt
import ipaddress
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from lzc.conf import databases
from lzc.run.var import BASE

ALL_THREE = """
import django; django.setup()
import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from lzc.celery import app
assert redis.Redis.from_url(settings.REDIS_URL).ping()
async_to_sync(get_channel_layer().group_send)("desk", {"type": "hello"})
with app.connection() as broker:
    broker.ensure_connection(max_retries=1, timeout=5)
print("heard by all three")
"""


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_database_address_says_everything(scheme):
    address = (
        f"{scheme}://lzc%40app:s%2Fecret@db.example.nl/lzc?sslmode=verify-full&sslrootcert=/ca.pem"
    )
    database = databases.application(address, pool=5)
    assert (database["USER"], database["PASSWORD"]) == ("lzc@app", "s/ecret")
    assert (database["HOST"], database["PORT"], database["NAME"]) == (
        "db.example.nl",
        "5432",
        "lzc",
    )
    assert database["OPTIONS"]["sslmode"] == "verify-full"
    assert database["OPTIONS"]["sslrootcert"] == "/ca.pem"
    assert "statement_timeout=5000" in database["OPTIONS"]["options"]


def test_the_owner_may_take_its_time():
    assert "options" not in databases.parse("postgres://lzc_owner:x@db/lzc")["OPTIONS"]


def test_valkey_is_spoken_to_over_tls(tls):
    assert ask(tls.address, trusted=tls.certificate) == "heard by all three\n"


def test_a_certificate_that_nobody_vouches_for_is_refused(tls):
    with pytest.raises(subprocess.CalledProcessError) as refused:
        ask(tls.address, trusted=None)
    assert "certificate verify failed" in refused.value.stderr.lower()


def ask(address: str, trusted: Path | None) -> str:
    environment = {
        "DJANGO_SETTINGS_MODULE": "lzc.settings",
        "LZC_ENV": "test",
        "DATABASE_URL": settings.DATABASE_URL,
        "REDIS_URL": address,
        **({"SSL_CERT_FILE": str(trusted)} if trusted else {}),
    }
    done = subprocess.run(
        [sys.executable, "-c", ALL_THREE],
        cwd=BASE,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


class Tls:
    """A TLS front before the plain Valkey of the tests, as a managed Redis has one."""

    def __init__(self, folder: Path) -> None:
        self.certificate, key = certificate(folder)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)
        self.plain = urlsplit(settings.REDIS_URL)
        self.loop = asyncio.new_event_loop()
        self.started = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        self.stop = asyncio.Event()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0, ssl=self.context)
        port = server.sockets[0].getsockname()[1]
        self.address = f"rediss://:{self.plain.password}@127.0.0.1:{port}/0"
        self.started.set()
        await self.stop.wait()
        server.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self.plain.hostname, self.plain.port)
        await asyncio.gather(copy(reader, back), copy(there, writer))


async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    except ConnectionError:
        pass
    finally:
        target.close()


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[Tls]:
    front = Tls(tmp_path)
    front.thread.start()
    assert front.started.wait(10)
    yield front
    front.loop.call_soon_threadsafe(front.stop.set)
    front.thread.join(10)


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "valkey of the tests")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, secret

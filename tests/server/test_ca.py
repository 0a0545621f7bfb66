"""A server's own CA: made by a command, renewed by itself, trusted by benches that joined."""

from __future__ import annotations

import queue
import random
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from packstation.client.enrol import enrol
from packstation.client.enrolment import ca_of, enrolment_of
from packstation.client.keys import key_of
from packstation.client.syncer import Syncer
from packstation.client.wire import Access, Wire, open_http
from packstation.domain.errors import ServerUnreachable, SettingsError
from packstation.domain.psp import SiteBody
from packstation.server import ca
from packstation.server.certificates import own_tls, seal_of
from packstation.server.enrolment import make_enrol_token
from packstation.server.options import Options, Tls
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.tables import JOURNAL
from packstation.station.ports import CursorMoved, Happening
from packstation.storage.journal import SqliteJournalReader
from packstation.storage.store import FILE, open_store
from tests.cli.terminal import packstation
from tests.client.test_with_server import RealClock
from tests.fake_storage import FakeIds
from tests.server.bench import Clock
from tests.server.test_reference_client import facts, node
from tests.storage.samples import draft, packed, verified

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Certificates for this machine, made as IT makes them."""
    made = tmp_path / "server" / "tls"
    done = packstation("server", "ca", "--tls", made, "--name", "localhost", "--name", "127.0.0.1")
    assert (done.status, done.err) == (0, "")
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def running(folder: Path, clock: Clock) -> Iterator[Running]:
    database = f"sqlite:///{folder.parent / 'server.sqlite3'}"
    made = serve("127.0.0.1", 0, database, Options(clock=clock, tls=own_tls(folder)))
    with made.server.store.write() as connection:
        put_site(made.server, connection, SiteBody(code="GZ-1", zone="Asia/Shanghai"))
    yield made
    made.stop()


def shown(running: Running, trusted: Path) -> x509.Certificate:
    """The certificate that a new connection is shown, checked against the CA, strictly."""
    context = ssl.create_default_context(cafile=str(trusted))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with httpx.Client(verify=context) as http:
        answer = http.get(f"{running.url}/healthz")
        der = answer.extensions["network_stream"].get_extra_info("ssl_object").getpeercert(True)
    return x509.load_der_x509_certificate(der)


def test_a_bench_joins_and_works_over_tls(running: Running, folder: Path, tmp_path: Path) -> None:
    here, clock = tmp_path / "bench", RealClock()
    here.mkdir()
    token = make_enrol_token(running.server, "GZ-1")
    assert running.url.startswith("https://")
    with pytest.raises(ServerUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
        enrol(Access(running.url), token, "B-01", "Bench 1", here, clock=clock)
    first = Access(running.url, ca_file=str(folder / ca.CA))
    enrol(first, token, "B-01", "Bench 1", here, clock=clock)
    assert Path(ca_of(here)).read_bytes() == (folder / ca.CA).read_bytes()
    kept = enrolment_of(here)
    assert kept is not None
    access = Access(kept.server_url, ca_file=ca_of(here))
    heard: queue.Queue[Happening] = queue.Queue()
    with open_store(here / FILE, station="B-01", clock=clock, ids=FakeIds()) as store:
        store.events.append(packed())
        store.events.append((draft(verified()),))
        syncer = Syncer(
            (
                Wire(open_http(access), key_of(here), clock),
                Wire(open_http(access), key_of(here), clock),
            ),
            SqliteJournalReader(store.database.path),
            heard.put,
            clock=clock,
            ids=FakeIds("req"),
            chance=random.Random(1).random,
            acknowledged=0,
        )
        syncer.start()
        wanted = store.events.head().seq
        while not (isinstance(told := heard.get(timeout=20), CursorMoved) and told.seq == wanted):
            pass
        syncer.close()
    with running.server.store.read() as connection:
        assert len(connection.execute(JOURNAL.select()).all()) == wanted


def test_the_client_in_another_language_trusts_the_same_ca(running: Running, folder: Path) -> None:
    asked = {"token": make_enrol_token(running.server, "GZ-1"), "name": "07", "facts": facts()}
    told = node("talk", running.url, told=asked, NODE_EXTRA_CA_CERTS=str(folder / ca.CA))
    assert told["again"]["hw"] == len(facts())
    assert told["enrol"]["ca"] == (folder / ca.CA).read_text("ascii")


def test_only_tls_13_is_spoken(running: Running, folder: Path) -> None:
    context = ssl.create_default_context(cafile=str(folder / ca.CA))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with httpx.Client(verify=context) as http, pytest.raises(httpx.ConnectError, match="protocol"):
        http.get(f"{running.url}/healthz")


def test_the_leaf_is_renewed_under_way_and_the_ca_stays(tmp_path: Path) -> None:
    folder, clock = tmp_path / "tls", Clock(datetime.now(UTC) - 61 * DAY)
    ca.issue(folder, seal_of(folder, ""), ("localhost", "127.0.0.1"), clock.now())
    options = Options(clock=clock, tls=own_tls(folder))
    running = serve("127.0.0.1", 0, f"sqlite:///{tmp_path / 'server.sqlite3'}", options)
    try:
        assert running.certificates is not None
        before = shown(running, folder / ca.CA)
        assert not running.certificates.look()
        clock.forward(days=61)
        assert running.certificates.look()
        after = shown(running, folder / ca.CA)
        assert after.not_valid_after_utc - before.not_valid_after_utc == 61 * DAY
        assert ca.issued(folder).names == ("localhost", "127.0.0.1")
    finally:
        running.stop()


def test_a_leaf_that_ran_out_while_the_server_was_off_is_made_anew_at_the_start(
    folder: Path, tmp_path: Path
) -> None:
    later = Clock(datetime.now(UTC) + 400 * DAY)
    options = Options(clock=later, tls=own_tls(folder))
    running = serve("127.0.0.1", 0, f"sqlite:///{tmp_path / 'two.sqlite3'}", options)
    running.stop()
    assert ca.issued(folder).until == (later.now() + 90 * DAY).replace(microsecond=0)


def test_a_certificate_of_the_company_is_read_again_when_it_was_replaced(
    folder: Path, tmp_path: Path
) -> None:
    chain = tmp_path / "chain.pem"
    chain.write_bytes((folder / ca.SERVER).read_bytes())
    database = f"sqlite:///{tmp_path / 'two.sqlite3'}"
    running = serve("127.0.0.1", 0, database, Options(tls=Tls(str(chain))))
    try:
        assert running.certificates is not None
        before = shown(running, folder / ca.CA)
        ca.issue(folder, seal_of(folder, ""), ("localhost", "127.0.0.1"), datetime.now(UTC))
        (tmp_path / "new.pem").write_bytes((folder / ca.SERVER).read_bytes())
        (tmp_path / "new.pem").replace(chain)
        assert running.certificates.look()
        assert shown(running, folder / ca.CA).serial_number != before.serial_number
        chain.write_bytes(b"torn")
        assert not running.certificates.look()  # the old one goes on, the log says why
        assert shown(running, folder / ca.CA).serial_number > 0
    finally:
        running.stop()


def test_the_cas_key_is_sealed_and_opens_with_its_own_seal_only(folder: Path) -> None:
    held = (folder / ca.CA_KEY).read_bytes()
    assert b"PRIVATE KEY" not in held
    assert (folder / ca.CA_KEY).stat().st_mode & 0o077 == 0
    assert (folder / ca.SERVER).stat().st_mode & 0o077 == 0
    other = seal_of(folder, str(folder / "other.key"))
    with pytest.raises(SettingsError) as caught:
        ca.issue(folder, other, ("localhost",), datetime.now(UTC))
    assert caught.value.fields["name"] == "PACKSTATION_VAULT_KEY_FILE"


@pytest.mark.parametrize("name", ["", "two words", "a..b", "x-", "https://packs.example", "*"])
def test_a_name_that_is_none_is_refused_and_nothing_is_made(name: str, tmp_path: Path) -> None:
    done = packstation("server", "ca", "--tls", tmp_path / "tls", "--name", name)
    assert (done.status, "--name" in done.err) == (2, True)
    assert not (tmp_path / "tls" / ca.CA).exists()


def test_a_folder_without_certificates_says_how_they_are_made(tmp_path: Path) -> None:
    done = packstation("server", "--listen", "127.0.0.1:0", "--tls", tmp_path)
    assert (done.status, "packstation server ca --name HOST" in done.err) == (2, True)


def test_certificates_come_from_one_place_only(folder: Path) -> None:
    done = packstation("server", "--tls", folder, "--key", folder / ca.SERVER)
    assert (done.status, "either --tls or --cert and --key" in done.err) == (2, True)


def test_how_long_the_certificate_lasts_is_a_figure(running: Running, folder: Path) -> None:
    trusted = ssl.create_default_context(cafile=str(folder / ca.CA))
    told = httpx.get(f"{running.url}/metrics", verify=trusted).text
    (line,) = [one for one in told.splitlines() if one.startswith("ps_certificate_left_seconds")]
    assert 89 * 86400 < float(line.split()[1]) < 91 * 86400

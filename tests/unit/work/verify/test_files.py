"""Verdicts on files: the very one, one that was changed, none of ours; whatever comes, a verdict and never `valid`."""

import io
import json
import resource
import signal
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pikepdf
import pytest

from certs import claim
from certs.ground.number import printed
from certs.model import Number, Outcome, Purpose, Summary, Verdict
from certs.pdf import Design, Sealer, draw_plate
from certs.views import verdicts
from certs.work.verify import examine, files, sandbox, verify_file
from certs.work.verify.examine import CPU_SECONDS
from certs.work.verify.plain import headline
from tests.unit.pdf import cast
from tests.world import World, bare_file


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a world whose files are examined in this process: what is found is the same, and no child must start."""

    def at_hand(order: dict[str, object], *blobs: bytes) -> object:
        head = json.dumps({**order, "sizes": [len(blob) for blob in blobs]}).encode()
        return json.loads(json.dumps(examine.main(io.BytesIO(b"\n".join((head, b"".join(blobs)))))))

    monkeypatch.setattr(sandbox, "_run", at_hand)
    return World()


@pytest.fixture
def guarded() -> World:
    """Return a world as it is in use: a limited child examines."""
    return World()


def judged(world: World, data: bytes) -> Verdict:
    return verify_file(data, world.register, world.keys, world.now)


def page_with_link(uri: str, **save: object) -> bytes:
    """Return a small PDF with a link."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(uri))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(link)]))
        out = io.BytesIO()
        pdf.save(out, **save)  # type: ignore[arg-type]
        return out.getvalue()


def last(verdict: Verdict) -> str:
    return verdict.steps[-1].name


def test_the_issued_file_is_valid(world: World) -> None:
    ana = world.issue()
    verdict = judged(world, world.register.pdfs[ana.number])
    assert (verdict.summary, verdict.certificate) == (Summary.VALID, ana)
    assert verdict.steps[0].name == "identical"


def test_the_issued_file_of_a_withdrawn_certificate_is_withdrawn(world: World) -> None:
    ana = world.issue()
    world.revoke(ana)
    assert judged(world, world.register.pdfs[ana.number]).summary is Summary.REVOKED


def test_an_identical_file_starts_no_process(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = world.issue()
    monkeypatch.setattr(sandbox, "examine", None)
    assert judged(world, world.register.pdfs[ana.number]).summary is Summary.VALID


@pytest.mark.parametrize("packed", [False, True])
def test_another_file_that_states_our_certificate_is_altered(guarded: World, packed: bool) -> None:
    """Also when its objects are packed away in streams, as rewriting programs do."""
    ana = guarded.issue()
    uri = claim.url("https://certs.example.org", ana.claim_text)
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    data = page_with_link(uri, object_stream_mode=mode)
    assert (ana.claim_text.encode() in data) is not packed
    verdict = judged(guarded, data)
    assert (verdict.summary, last(verdict), verdict.certificate) == (Summary.ALTERED, "difference", ana)


def test_a_file_with_our_signature_on_an_unregistered_claim_is_not_issued_and_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    text = claim.Writer(world.keys.signer(Purpose.CLAIM)).text(world.statement())
    verdict = judged(world, page_with_link("https://certs.example.org/V/" + text))
    assert verdict.summary is Summary.NOT_ISSUED
    assert "file_signed_by_us_but_not_in_register" in caplog.text


def test_a_foreign_pdf_is_not_issued(world: World) -> None:
    verdict = judged(world, page_with_link("https://example.org/"))
    assert (verdict.summary, last(verdict)) == (Summary.NOT_ISSUED, "register")


@pytest.mark.parametrize("data", [b"", b"hello", b"JVBERi0xLjcK", b"PK\x03\x04", b"PK\x05\x06", b"\0" * 5000])
def test_what_is_neither_pdf_nor_picture_could_not_be_checked_and_costs_no_process(
    world: World, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    """A mail's own spelling of a PDF, too."""
    monkeypatch.setattr(sandbox, "_ran", None)
    verdict = judged(world, data)
    assert (verdict.summary, last(verdict)) == (Summary.UNKNOWN, "file")


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n/ByteRange [0 1 2 3]\n%%EOF", b"%PDF-" + b"\xff" * 9999])
def test_a_broken_pdf_is_not_issued(world: World, data: bytes) -> None:
    assert judged(world, data).summary is Summary.NOT_ISSUED


def test_a_huge_file_is_unknown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    verdict = judged(world, b"%PDF-1.7 and more")
    assert (verdict.summary, verdict.steps[-1].outcome) == (Summary.UNKNOWN, Outcome.UNKNOWN)


def bomb() -> bytes:
    """Return a few kilobytes whose object stream unpacks to four gigabytes (deflated three times)."""
    inner = zlib.compress(zlib.compress(zlib.compress(b"\0" * (1 << 26), 9) * 64, 9), 9)
    head = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    head += b"3 0 obj<</Type/Page/Parent 2 0 R/Annots 5 0 R>>endobj\n"
    filters = b"[/FlateDecode/FlateDecode/FlateDecode]"
    stream = b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter%s/Length %d>>stream\n%s\nendstream endobj\n"
    return b"%PDF-1.7\n" + head + stream % (filters, len(inner), inner) + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_bomb_is_answered_in_time_and_costs_us_nothing(guarded: World) -> None:
    """The limit is the child's, in CPU seconds however busy the machine is; this process stays small."""
    before, children = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children_seconds()
    assert judged(guarded, bomb()).summary in {Summary.NOT_ISSUED, Summary.UNKNOWN}
    assert children_seconds() - children < CPU_SECONDS + 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


NONSENSE: list[dict[str, object] | None] = [
    None,
    {},
    {"claims": 7, "number": [], "seals": "x"},
    {"claims": [[], {}], "number": "x", "seals": [7, {"leaf": 9}]},
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_from_the_child_is_never_valid(
    world: World, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object] | None
) -> None:
    monkeypatch.setattr(sandbox, "examine", lambda *_: answer)
    assert judged(world, b"%PDF-").summary in {Summary.NOT_ISSUED, Summary.UNKNOWN}


def test_a_child_that_dies_is_unknown(guarded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert judged(guarded, b"%PDF-1.7").summary is Summary.UNKNOWN


class Child(subprocess.Popen[bytes]):
    """A process that the tests see again when it has ended."""

    seen: ClassVar[list["Child"]] = []

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.seen.append(self)


def becomes(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> list[Child]:
    """Let *program* run in place of the child that reads files; return what was started."""
    script = folder / "child"
    script.write_text(f"#!{sys.executable} -I\n{program}\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    monkeypatch.setattr(Child, "seen", [])
    monkeypatch.setattr(subprocess, "Popen", Child)
    return Child.seen


def test_a_child_that_waits_for_ever_is_ended_by_the_clock(
    guarded: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It uses no CPU, so only the last resort finds it."""
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.3)
    children = becomes(monkeypatch, tmp_path, "import time\ntime.sleep(10_000)")
    assert judged(guarded, b"%PDF-1.7").summary is Summary.UNKNOWN
    assert [child.returncode for child in children] == [-signal.SIGKILL]


def test_a_child_that_spins_is_ended_by_its_cpu_seconds(
    guarded: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Long before the clock would."""
    before = children_seconds()
    spins = "from certs.work.verify import examine\nexamine.CPU_SECONDS = 1\nexamine.limit()\nwhile True: pass"
    children = becomes(monkeypatch, tmp_path, spins)
    assert judged(guarded, b"%PDF-1.7").summary is Summary.UNKNOWN
    assert [child.returncode for child in children] == [-signal.SIGKILL]
    assert children_seconds() - before < 3


def test_a_busy_machine_does_not_change_a_verdict() -> None:
    """A child that gets a twentieth of a processor comes to the end of its CPU seconds before the clock ends it."""
    assert sandbox.WALL_SECONDS >= 20 * CPU_SECONDS


def test_a_number_in_the_identifier_is_only_a_hint(world: World) -> None:
    """Whoever writes another's number there has another file all the same; and nobody's number is nobody's file."""
    ana = world.issue()
    theirs = world.register.pdfs[ana.number]
    for data in (theirs.replace(b"%PDF-1.7", b"%PDF-1.6"), bare_file(Number("000000000000"))):
        assert judged(world, data).summary is not Summary.VALID
    assert judged(world, theirs).summary is Summary.VALID


@pytest.mark.parametrize("sessions", [1, 8, 24, 100])
def test_the_very_file_is_found_however_much_stands_on_its_page(world: World, sessions: int) -> None:
    """Its number is read from a real file, with room to spare."""
    event = replace(cast.with_sessions(sessions), list_sessions=sessions <= 24)
    statement = replace(cast.statement(), event=event, attended=frozenset(one.id for one in event.sessions[:1]))
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, world.sealer)
    text = claim.Writer(world.keys.signer(Purpose.CLAIM)).text(statement)
    data = plate.data + plate.imprint(statement, claim.url(cast.BASE_URL, text)).tail
    world.register_file(statement, text, data)
    assert judged(world, data).summary is Summary.VALID
    assert len(data) - data.rindex(b"/ID[<") < 4096


def test_a_file_of_ours_that_another_register_does_not_hold_could_not_be_checked(world: World) -> None:
    """With the claim in it, and cut so short that only its beginning is ours."""
    ana = world.issue()
    data = page_with_link(claim.url("https://certs.example.org", ana.claim_text))
    world.register.certificates.clear()
    assert judged(world, data).summary is Summary.NOT_ISSUED
    world.register.strangers.add(world.keys.signer(Purpose.CLAIM).key.kid)
    assert judged(world, data).summary is Summary.UNKNOWN
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(bare := io.BytesIO())
    assert judged(world, bare.getvalue()).summary is Summary.UNKNOWN


# ---------------------------------------------------------------- sealed by us and not in the register


@pytest.fixture
def sealed(world: World) -> bytes:
    """Return Ana's file, sealed by the world's own key and registered nowhere."""
    seal = Sealer(world.keys.signer(Purpose.SEAL), world.now)
    statement = cast.statement()
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, seal)
    text = claim.Writer(world.keys.signer(Purpose.CLAIM)).text(statement)
    while b"00>/ByteRange" not in (tail := plate.imprint(statement, claim.url(cast.BASE_URL, text)).tail):
        pass  # a signature of the full length leaves no room behind it
    return plate.data + tail


def test_a_file_that_we_sealed_and_the_register_lost_is_said_to_be_ours(
    world: World, sealed: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """As after a restore: neither valid nor changed, and loud in the log."""
    verdict = judged(world, sealed)
    assert (verdict.summary, last(verdict)) == (Summary.NOT_ISSUED, "register")
    assert [step.outcome for step in verdict.steps if step.name == "seal"] == [Outcome.PASSED]
    assert headline(verdict)[0] == "Not in our register"
    assert "nobody changed it" in str(verdicts.verdict(verdict)["headline"])
    assert "file_signed_by_us_but_not_in_register" in caplog.text


def test_a_file_that_we_sealed_while_the_register_holds_another_is_not_called_changed(
    world: World, sealed: bytes
) -> None:
    """It is said what the register holds under that number, and since when."""
    statement = cast.statement()
    text = claim.Writer(world.keys.signer(Purpose.CLAIM)).text(statement)
    held = world.register_file(statement, text, b"%PDF-1.7 another")
    verdict = judged(world, sealed)
    assert (verdict.summary, verdict.certificate) == (Summary.NOT_ISSUED, held)
    assert verdict.steps[-1].text.startswith(
        f"Under {printed(statement.number)} our register holds another file, since"
    )
    assert headline(verdict)[0] == "Not in our register"


def test_a_file_that_was_changed_after_we_sealed_it_is_altered(world: World, sealed: bytes) -> None:
    """One byte inside, one behind, one in the gap that no seal covers."""
    statement = cast.statement()
    text = claim.Writer(world.keys.signer(Purpose.CLAIM)).text(statement)
    world.register_file(statement, text, sealed)
    assert judged(world, sealed).summary is Summary.VALID
    gap = sealed.rindex(b"00>/ByteRange")
    for data in (
        sealed.replace(b"/Lang(en)", b"/Lang(de)", 1),
        sealed + b"\n%",
        sealed[:gap] + b"01" + sealed[gap + 2 :],
    ):
        assert data != sealed
        verdict = judged(world, data)
        assert (verdict.summary, headline(verdict)[0]) == (Summary.ALTERED, "Altered")


def test_a_seal_of_a_compromised_key_says_nothing(world: World, sealed: bytes) -> None:
    """Whoever has the key could have sealed the file."""
    world.keys.compromise(world.keys.signer(Purpose.SEAL).key.kid, world.now)
    verdict = judged(world, sealed)
    assert (verdict.summary, headline(verdict)[0]) == (Summary.NOT_ISSUED, "Not issued by us")


def test_a_register_that_does_not_know_the_seal_is_not_the_one_to_ask(world: World, sealed: bytes) -> None:
    """Another deployment's, or one that is older than the key."""
    world.register.strangers.add(world.keys.signer(Purpose.SEAL).key.kid)
    assert judged(world, sealed).summary is Summary.UNKNOWN

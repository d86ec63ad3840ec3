"""Steps 4 to 8: frozen statements in, checked and sealed files out. Pure but for the keys, and runs in any process."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zlib import crc32

from certs import claim, credential, pdf
from certs.errors import ClaimError, CredentialError, PageError, SigningError
from certs.ground.number import printed
from certs.ground.squeeze import squeezer
from certs.model import (
    EventFacts,
    Finished,
    Held,
    Kid,
    Made,
    Number,
    Purpose,
    SealLevel,
    Sheet,
    Statement,
)
from certs.ports import Authority, Keys, Signer
from certs.wording import say
from certs.work import rehearsal
from certs.work.issue import steps
from certs.work.issue.steps import Step

_PORTION = 100
"""Certificates that go through each step together: signing, imprinting and checking each need much of the processor's
caches, so to alternate after every certificate takes a tenth longer."""
_PLAIN = "Ana Roux"
"""A name that every page can bear."""
ONE_IN = 50
"""How many certificates share one check by raster and public verifier, besides the first of each plate."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What `make` needs besides statements: keys and the address that certificates lead to."""

    keys: Keys
    claim_signer: Signer
    credential_signer: Signer
    seal_signer: Signer
    base_url: str
    seal_level: SealLevel = SealLevel.B_B
    authority: Authority | None = None
    addresses: bool = False
    """Whether credentials name the person's address, hashed."""

    @classmethod
    def of(
        cls, keys: Keys, base_url: str, level: SealLevel = SealLevel.B_B, authority: Authority | None = None
    ) -> "Tools":
        """Open the newest active keys; seals of another *level* than B-B need an *authority*.

        Raises:
            SigningError: one is missing or cannot be opened.
        """
        signer = keys.signer
        claims, credentials, seals = signer(Purpose.CLAIM), signer(Purpose.CREDENTIAL), signer(Purpose.SEAL)
        return cls(keys, claims, credentials, seals, base_url, level, authority)

    @property
    def kids(self) -> tuple[Kid, Kid, Kid]:
        """Who signs: claim, seal, credential."""
        return self.claim_signer.key.kid, self.seal_signer.key.kid, self.credential_signer.key.kid


def make(tools: Tools, task: tuple[Sheet, datetime]) -> Finished:
    """Make the certificates of a sheet; the time is what their seals state.

    Raises:
        SigningError: a key is out of reach, or a file fails its own check; nothing of the sheet may be used.
        InputError: the design is missing or wrong.
    """
    sheet, now = task
    design = pdf.Design.of(sheet.everyone[0].event)
    faults = unprintable(sheet.everyone, design, tools.base_url)
    held = tuple(Held(number, " ".join(faults[number])) for number in sheet.todo if number in faults)
    steps.reached(Step.CHECKED)
    printable = [statement for statement in sheet.everyone if statement.number not in faults]
    done = Finished(sheet.token, b"", "", *tools.kids, tools.base_url, (), held)
    todo = [statement for statement in printable if statement.number in sheet.todo]
    if not todo:
        return done
    sealer = pdf.Sealer(tools.seal_signer, now, tools.seal_level, tools.authority)
    plate = pdf.draw_plate(design, printable, tools.base_url, sealer, with_credential=True)
    made, odd = _made_or_held(tools, plate, sheet, todo)
    return replace(done, plate=plate.data, plate_sha256=plate.sha256, made=made, held=held + odd)


def unprintable(statements: Sequence[Statement], design: pdf.Design, base_url: str) -> dict[Number, list[str]]:
    """Return, by number, a sentence for everything that keeps one of *statements* from being printed or coded."""
    faults = pdf.unprintable(statements, design, base_url)
    for one in statements:
        if sentence := rehearsal.name_fault(one.event, one.kind, base_url, one.name):
            faults.setdefault(one.number, []).append(sentence)
    return faults


def _made_or_held(
    tools: Tools, plate: pdf.Plate, sheet: Sheet, todo: Sequence[Statement]
) -> tuple[tuple[Made, ...], tuple[Held, ...]]:
    """Make *todo*. Whose page alone is not right is held: then it is something of that person that a page cannot bear.

    Raises:
        SigningError: nor is the page of a plain name; or as `make`.
    """
    held: list[Held] = []
    while todo:
        try:
            return _all_made(tools, plate, sheet, todo), tuple(held)
        except PageError as error:
            odd = next(statement for statement in todo if statement.number == error.number)
            if not held:
                _demand_plain_page(tools, sheet, odd)
            held.append(Held(odd.number, f"{error} With a plain name it would be right: look at the name."))
            todo = [statement for statement in todo if statement.number != error.number]
    return (), tuple(held)


def _demand_plain_page(tools: Tools, sheet: Sheet, odd: Statement) -> None:
    """Make sure that the page of *odd* would be right for a plain name, so that it is the name that it cannot bear.

    Raises:
        SigningError: it would not: design, event or program are at fault, not the person.
    """
    plain = replace(odd, name=_PLAIN, language="")
    sealer = pdf.Sealer(tools.seal_signer, sheet.ordered_at)
    plate = pdf.draw_plate(pdf.Design.of(odd.event), [plain], tools.base_url, sealer, with_credential=True)
    _all_made(tools, plate, sheet, [plain])


def _all_made(tools: Tools, plate: pdf.Plate, sheet: Sheet, todo: Sequence[Statement]) -> tuple[Made, ...]:
    """Return what was made, in the order of *todo*.

    Raises:
        PageError: a page is not right.
        SigningError: as `make`.
    """
    in_turn = [todo[0], *sorted(todo[1:], key=_length)]
    made = {one.number: one for one in _squeezed(_made(tools, plate, sheet, in_turn))}
    return tuple(made[statement.number] for statement in todo)


def _squeezed(made: Iterator[Made]) -> Iterator[Made]:
    """Yield *made* with all tails but the first squeezed beside it: they have nearly everything in common."""
    whole = next(made)
    yield whole
    squeeze = squeezer(whole.tail)
    for number, text, tail, sha256, size, _ in made:
        yield Made(number, text, squeeze(tail), sha256, size, whole.number)


def _length(statement: Statement) -> int:
    """Return the length of the name, for names of about one length have a QR code of one size and share its table."""
    return len(statement.name.encode())


def _made(tools: Tools, plate: pdf.Plate, sheet: Sheet, todo: Sequence[Statement]) -> Iterator[Made]:
    """Sign, imprint, seal and verify *todo*, each step for all of a portion."""
    claims = claim.Writer(tools.claim_signer)
    credentials = credentials_of(tools, todo[0].event, todo[0].kind, sheet.ordered_at)
    for start in range(0, len(todo), _PORTION):
        portion = todo[start : start + _PORTION]
        texts = [claims.text(statement) for statement in portion]
        enclosed = [credentials.json(statement, *_place(tools, sheet, statement.number)) for statement in portion]
        steps.reached(Step.SIGNED)
        addresses = [claim.url(tools.base_url, text) for text in texts]
        imprints = plate.imprints(list(zip(portion, addresses, enclosed, strict=True)))
        steps.reached(Step.SEALED)
        for statement, imprint in zip(portion, imprints, strict=True):
            _verify(plate, imprint, statement)
        for statement, imprint, text in zip(portion, imprints, texts, strict=True):
            if statement is todo[0] or _drawn(statement.number):
                _verify_page(tools, plate, imprint, statement, text)
                _verify_seal(tools, plate, imprint, statement)
                credentials.check(imprint.tail, statement, *_place(tools, sheet, statement.number))
            yield Made(statement.number, text, imprint.tail, imprint.sha256, imprint.size)
        steps.reached(Step.VERIFIED)


def _place(tools: Tools, sheet: Sheet, number: Number) -> tuple[int, str]:
    """Return the place of *number* in the status lists, and the address that its credential names, if any."""
    return sheet.todo[number], sheet.people[number] if tools.addresses else ""


def _drawn(number: Number) -> bool:
    """Say whether *number* is one of `ONE_IN`; it was drawn by lot, so it may serve as one.

    A second try looks at the same pages again: what was found wrong once does not slip through by luck.
    """
    return crc32(number.encode()) % ONE_IN == 0


class _Credentials:
    """The credentials of one batch. All come from one template, so the first is canonicalised anew and vouches for it.

    Whatever file is looked at in full is asked for its own besides.
    """

    def __init__(self, tools: Tools, writer: credential.Writer) -> None:
        self._tools, self._writer = tools, writer
        self._proven = False

    def json(self, statement: Statement, status_index: int, address: str) -> bytes:
        """Return the signed credential of *statement*.

        Raises:
            SigningError: the key is out of reach, or the first one does not say what was ordered.
        """
        enclosed = self._writer.json(statement, status_index, address)
        if not self._proven:
            _verify_credential(self._tools, enclosed, statement)
            self._proven = True
        return enclosed

    def check(self, tail: bytes, statement: Statement, status_index: int, address: str) -> None:
        """Make sure that *tail* encloses what *statement* says, under a proof that fits.

        Raises:
            SigningError: it does not.
        """
        try:
            self._writer.check(credential.enclosed_in(tail) or b"", statement, status_index, address)
        except CredentialError as error:
            raise SigningError(
                say(
                    "The file made for {number} encloses no good credential: {error}",
                    number=printed(statement.number),
                    error=error,
                )
            ) from error


@lru_cache(maxsize=8)
def credentials_of(tools: Tools, event: EventFacts, kind: str, ordered_at: datetime) -> _Credentials:
    """Set up the writer of a batch once in each process; workers inherit it."""
    signer = tools.credential_signer
    writer = credential.Writer(event, tools.base_url, ordered_at, signer, kind=kind, addresses=tools.addresses)
    return _Credentials(tools, writer)


def _verify(plate: pdf.Plate, imprint: pdf.Imprint, statement: Statement) -> None:
    if faults := pdf.check_structure(plate, imprint):
        raise SigningError(
            say(
                "The file made for {number} fails its own check: {faults}",
                number=printed(statement.number),
                faults=" ".join(faults),
            )
        )


def _verify_seal(tools: Tools, plate: pdf.Plate, imprint: pdf.Imprint, statement: Statement) -> None:
    """Believe the seal only by its public key."""
    if faults := pdf.check_seal(plate, imprint, tools.seal_signer.key):
        raise SigningError(
            say(
                "The seal made for {number} is not right: {faults}",
                number=printed(statement.number),
                faults=" ".join(faults),
            )
        )


def _verify_credential(tools: Tools, enclosed: bytes, statement: Statement) -> None:
    """Read the credential as if a stranger had brought it: canonicalised anew, not from the template."""
    made = f"The credential made for {printed(statement.number)}"
    try:
        seen = credential.read(enclosed, tools.keys)
    except CredentialError as error:
        raise SigningError(say("{made} fails its own check: {error}", made=made, error=error)) from error
    stated = seen.number, seen.name, seen.quarter_hours, seen.sessions_attended
    if stated != (statement.number, statement.name, statement.quarter_hours, statement.sessions_attended):
        raise SigningError(say("{made} states something else than was ordered.", made=made))


def _verify_page(tools: Tools, plate: pdf.Plate, imprint: pdf.Imprint, statement: Statement, text: str) -> None:
    """Look at the page as a visitor's program does, and believe only the claim in its QR code."""
    file, address = plate.data + imprint.tail, claim.url(tools.base_url, text)
    if faults := pdf.lint(file, statement, address, plate.expected(statement)):
        sentence = f"The page made for {printed(statement.number)} is not right: {' '.join(faults)}"
        raise PageError(sentence, statement.number)
    try:
        stated = claim.read(text, tools.keys)
    except ClaimError as error:
        raise SigningError(
            say(
                "The claim made for {number} fails its own check: {error}",
                number=printed(statement.number),
                error=error,
            )
        ) from error
    if stated != claim.claim_of(statement, tools.claim_signer.key.kid):
        raise SigningError(
            say("The claim made for {number} states something else than was ordered.", number=printed(statement.number))
        )

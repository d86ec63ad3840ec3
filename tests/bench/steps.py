"""Where the time of one certificate goes, step by step, on one plate of Latin names.

A plate with a single name shows what is fixed; all the rest is *marginal*, what one more certificate takes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from certs import claim, credential, pdf
from certs.ground.squeeze import squeezer
from certs.model import Purpose, Statement
from certs.ports import Keys
from tests.bench.measure import Contestant, in_turns

LOOKED_AT_ONE_IN = 50
PLATE = "draw a plate with one name"
WORDS = "set each person's words"


def by_step(
    people: Sequence[Statement], keys: Keys, base_url: str, now: datetime, naive: Contestant
) -> dict[str, float]:
    """Return the CPU seconds of each step for one certificate, of the plate by itself, and of all of *naive*."""
    design, event = pdf.Design.load(people[0].event.design), people[0].event
    sealer = pdf.Sealer(keys.signer(Purpose.SEAL), now)
    claims = claim.Writer(keys.signer(Purpose.CLAIM))
    credentials = credential.Writer(event, base_url, now, keys.signer(Purpose.CREDENTIAL))
    plate = pdf.draw_plate(design, people, base_url, sealer, with_credential=True)
    urls = [claim.url(base_url, claims.text(one)) for one in people]
    enclosed = [credentials.json(one, 0) for one in people]
    imprints = plate.imprints(list(zip(people, urls, enclosed, strict=True)))
    file, squeeze = plate.data + imprints[0].tail, squeezer(imprints[0].tail)

    def look() -> None:
        for _ in range(len(people) // LOOKED_AT_ONE_IN):
            pdf.lint(file, people[0], urls[0], plate.expected(people[0]))
            pdf.check_seal(plate, imprints[0], keys.signer(Purpose.SEAL).key)
            credentials.check(enclosed[0], people[0], 0)

    steps: dict[str, Callable[[], object]] = {
        "check glyphs and fit": lambda: pdf.unprintable(people, design, base_url),
        WORDS: lambda: pdf.draw_plate(design, people, base_url, sealer, with_credential=True),
        "sign the claim": lambda: [claims.text(one) for one in people],
        "sign the credential": lambda: [credentials.json(one, 0) for one in people],
        "imprint and seal": lambda: plate.imprints(list(zip(people, urls, enclosed, strict=True))),
        "check structure and digest": lambda: [pdf.check_structure(plate, imprint) for imprint in imprints],
        "squeeze the tail": lambda: [squeeze(imprint.tail) for imprint in imprints],
        "look at one in fifty": look,
    }
    plain = Contestant(PLATE, 1, _doing(lambda: pdf.draw_plate(design, people[:1], base_url, sealer)))
    seconds = in_turns([naive, plain, *(Contestant(name, len(people), _doing(do)) for name, do in steps.items())])
    seconds[WORDS] -= seconds[PLATE] / len(people)
    return seconds


def _doing(work: Callable[[], object]) -> Callable[[], None]:
    def do() -> None:
        work()

    return do

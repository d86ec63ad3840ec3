"""The credential comes out of a real tail as it went in."""

from dataclasses import replace

import pytest

from certs import credential
from certs.model import Purpose
from certs.pdf import Design, draw_plate
from tests.unit.pdf import cast
from tests.world import NOW, World

CLASSIC = Design.load("classic")
WORLD = World()


@pytest.mark.parametrize("name", ["Ana Souza", "محمد عبد الرحمن", "王小明 endstream"])
def test_it_is_found_byte_for_byte(name: str) -> None:
    statement = replace(cast.statement("Ana Souza"), name=name)
    writer = credential.Writer(statement.event, cast.BASE_URL, NOW, WORLD.keys.signer(Purpose.CREDENTIAL))
    written = writer.json(statement, 1)
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer(), with_credential=True)
    assert credential.enclosed_in(plate.imprint(statement, "HTTPS://X.ORG/V/A.B", written).tail) == written


def test_where_there_is_none_none_is_found() -> None:
    statement = cast.statement("Ana Souza")
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    assert credential.enclosed_in(plate.imprint(statement, "HTTPS://X.ORG/V/A.B").tail) is None

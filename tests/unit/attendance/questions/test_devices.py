"""What somebody's telephone, room or platform calls her never makes two people of one address."""

import pytest

from certs.attendance import Answers, People, QuestionKind
from certs.model import Join, PersonKey, Registration, SessionId
from tests.register import session

AMARA = PersonKey("amara@example.org")
DEVICES = """
iPhone|iPhone (2)|iPhone de Amara|Samuel's iPhone|Samuel’s iPad|SM-G991B|SM-A125F|DESKTOP-4F7K2Q
LAPTOP-AB12CD|Zoom user|Zoom User (3)|galaxy|Galaxy Tab S7|Galaxy A52s 5G|HUAWEI P30 lite|Redmi Note 9
Xiaomi 11 Lite|OPPO A54|vivo 1904|realme C25|Pixel 6|Nokia 5.4|moto g(30)|iPad Pro|MacBook-Pro|MacBook Air
Mac mini|Android User|Web client|Guest 12|PC-LAB-03|USER-PC|HP|Lenovo|LENOVO TB-X306X|Surface Pro
Samsung SM-T510|Infinix X6511|TECNO KE5|itel A56|ONEPLUS A6003|Tablet|Telefon|Teléfono de María|Fire HD 8
Amara's Galaxy S10|My Phone|Mi 9T|M2007J20CG|CPH2269|RMX3085|LM-X420|ASUS_Z01RD|WIN-7KJ2|IMG_2034|Chromebook
+234 803 555 0100|Caller 1|Call-in user 2|Unknown|Teams user|Zoom|Meeting Room 3|Conference Room A|Boardroom
Training Room|Sala 2|Sala de juntas|Salle de réunion|Besprechungsraum 1|Konferenzraum|Auditorium|Lab 2
Room 101|Admin Office|会议室|переговорная 2|A.O.|AO|A O|A. Okonjo|Amara O.|Amara Okonjo (NAFDAC)
Amara Okonjo (Ministry of Health)|Amara (WHO)|Amara Okonjo - Nigeria|Amara - Nigeria|Okonjo Amara, Nigeria
NAFDAC - Amara|Amara / NAFDAC|Amara Okonjo_NAFDAC|Nigeria - Amara Okonjo|NG_Amara Okonjo|01 Amara Okonjo
Dr Okonjo|AMARA|amara.okonjo|Pfizer|Pfizer Lagos
"""


def held(display: str, registered: str = "Amara Okonjo") -> bool:
    people = People()
    people.see(Registration(AMARA, registered, 2, organisation="Pfizer Lagos plc"), "registration.csv")
    people.see(Join(SessionId("1"), AMARA, session().window, 3, display), "report.csv")
    return any(one.kind is QuestionKind.SHARED_EMAIL for one in people.questions(Answers()))


@pytest.mark.parametrize("display", [one for line in DEVICES.split("\n") for one in line.split("|") if one])
def test_nobody_is_held_for_the_name_of_a_device(display: str) -> None:
    """The registration says who she is."""
    assert not held(display)


@pytest.mark.parametrize(
    "display",
    ["Kwame Mensah", "KM", "Kwame", "Kwame Mensah (Pfizer)", "Kwame - Ghana", "Hall Mensah", "Sala Kwame", "WHO Lagos"],
)
def test_another_person_holds_her(display: str) -> None:
    """A name that is another's is asked about, also in its short forms."""
    assert held(display)

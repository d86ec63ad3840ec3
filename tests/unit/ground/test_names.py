"""Names and addresses: cleaned of what cannot be seen, otherwise as typed; proposals are offered, never applied."""

import pytest

from certs.ground import address, names
from certs.ground.address import BadAddress


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Ana\u00a0María \t Roux ", "Ana María Roux"),
        ("Jose\u0301", "José"),
        ("A\u202ena\u202c", "Ana"),
        ("Ana\u200b\ufeff Roux\x00", "Ana Roux"),
        ("Ana\u200bRoux", "Ana Roux"),
        ("សុខ\u200bសំណាង", "សុខសំណាង"),
        ("Ana\u00ad\u2067Roux\u2069\U000e0041\u2060", "AnaRoux"),
        ("കുമാര\u0d4d\u200d", "കുമാര\u0d4d\u200d"),
        ("ക\u0d4d\u200c രാജ", "ക\u0d4d\u200c രാജ"),
        ("শরত\u09cd\u200d চন্দ্র", "শরত\u09cd\u200d চন্দ্র"),
        ("\u0647\u200d علي", "\u0647\u200d علي"),
        ("علي\u200c رضا", "علي رضا"),
        ("王\U0002ebf0", "王\U0002ebf0"),
        ("张\ue815文", "张\ue815文"),
        ("渡邉\U000e0104 一郎", "渡邉\U000e0104 一郎"),
        ("\ufa19谷 花子", "\ufa19谷 花子"),
        ("\u1112\u1161\u11ab", "한"),
        ("Ana\ud800", "Ana\ufffd"),
        ("का\u200dव्या", "का\u200dव्या"),
        ("A\u200dna", "Ana"),
        ("O'Brien <b>{{7*7}}</b>", "O'Brien <b>{{7*7}}</b>"),
        ("Ana\r\nBcc: x", "Ana Bcc: x"),
    ],
)
def test_clean(typed: str, cleaned: str) -> None:
    """Controls, bidi overrides and needless joiners go; letters, marks and markup stay as text."""
    assert names.clean(typed) == cleaned


def test_endless_names_are_cut() -> None:
    """200 characters are enough for anybody; that something went is to be seen."""
    assert len(names.clean("x" * 200_000)) == names.MAX_LENGTH
    cut = names.typed("ab " * 200)
    assert len(cut) == names.MAX_LENGTH
    assert names.why_doubtful(cut) == "is cut off"


def test_what_a_wrong_encoding_made_invisible_is_to_be_seen() -> None:
    """C1 stands for quotation marks and letters of Windows-1252: to drop it would make another name of O’Brien."""
    assert names.clean("O\x92Brien") == "OBrien"
    assert names.typed("O\x92Brien") == "O\ufffdBrien"
    assert names.doubtful(names.typed("Ã\x81lvaro"))


DOUBTFUL = (
    "iPhone|Zoom room 2|Galaxy A12|Galaxy S21 Ultra|SM-A125F|Redmi Note 9|HUAWEI P30|vivo 1904|moto g(7)"
    "|DESKTOP-AB12CD|LAPTOP-4H2K|MacBook Pro|iPhone de João|João’s iPhone|Call-In User_1|Nokia 5.4"
    "|Zoom user|Usuario de Zoom|Пользователь Zoom|Guest 12|test test|N/A|null|undefined undefined|None"
    "|nan nan|Name Surname|Имя Фамилия|Vorname Nachname|Nombre y Apellidos|用户|ゲスト|게스트|xxx|asdf"
    "|Unknown Unknown|A B|aaaa|[Name]|{{name}}|${name}|%NAME%|[object Object]|#REF!|#N/A|=CMD()|+SUM|Me"
    "|Test User"
    "|1|+8801712345678|(555) 123-4567|4711|12/05/2020|john@example.org|https://x.example|www.example.org"
    "|ana.roux|ana_01"
    "|????|- -|—|.|Jos\ufffd|Name\ufffc|Jos? Garc?a|JosÃ© MuÃ±oz|GarcÃa|Àííà Èâàíîâà|ÐÐ½Ð½Ð°|Jos√©|ÕÅÎ°"
    "|锟斤拷|å¼ ä¼Ÿ|Ren&eacute;|O&#039;Conner|Zo\\u00eb|Jos%C3%A9|=?utf-8?Q?Jos?=|<b>Ana</b>|Ana…"
    "|ခင္ေမာင္၀င္း|သန္းသန္းႏြယ္|တင္တင္ေအး|လွလွ၀င္း|ေမာင္ေမာင္|ျမင့္"
    "|Ana & Bob|Ana and Bob|Ana Roux #2|Ana/WHO|Ana 2"
)
PEOPLE = (
    "Ana Roux|Honor Blackman|Dell Curry|John Guest|Jennifer Null|Édouard Host|John Smith III"
    "|Henry Ford 2nd|A.Kumar|J. R. R. Tolkien|M'Baye Fall|O’Ñeill|Ng|Li|王|王小明|Mª José Núñez"
    "|Kumar a/l Raman|Siti s/o Omar|José Ortega y Gasset|Costa e Silva|JOÃO CONCEIÇÃO|ÂNGELO"
    "|Nguyễn Thị Ánh|Øystein Ås|Þór Æsir|!Gawaxab Dawid|အောင်ဆန်းစုကြည်|ခင်မောင်ဝင်း|တင်တင်အေး|အင်္ဂလိပ်"
    "|ၸၢႆးသၢမ်ႇ|ကျော်စွာမြင့်|Ali Ali|Ana Roux (WHO)|Ana Roux, PharmD|Zoë|Łukasz|Nan Goldin|Na Li|Mi Sun"
    "|Otto von und zu Weiß|Win-Myint Aung|Win Win|Ко Ко|شہزاد|అనిల్|王\U0002ebf0|Malcolm X"
)


@pytest.mark.parametrize("name", DOUBTFUL.split("|"))
def test_what_is_no_name_is_doubtful(name: str) -> None:
    """Devices, placeholders, numbers, addresses, broken text: each with what it looks like."""
    assert names.doubtful(names.typed(name))
    assert names.why_doubtful(names.typed(name)).startswith(("is ", "has ", "was ", "begins ", "names "))


@pytest.mark.parametrize("name", PEOPLE.split("|"))
def test_people_are_not_doubtful(name: str) -> None:
    """Names like those of devices, with signs, digits, or in any script; none is changed either."""
    assert not names.why_doubtful(name)
    assert names.typed(name) == name


@pytest.mark.parametrize(
    ("display", "name", "certain"),
    [
        ("Ana Roux", "Ana Roux", True),
        ("Ana Roux (External)", "Ana Roux", True),
        ("[MoH] Ana Roux (Guest)", "Ana Roux", True),
        ("Ana - MoH (Ana Roux)", "Ana Roux", False),
        ("Will N. (RIT Student)", "Will N.", False),
        ("Roux, Ana", "Roux, Ana", False),
        ("iPhone de Ana", "iPhone de Ana", False),
        ("Ada Lovelace (iPad)", "Ada Lovelace", False),
        ("سارة (Sara) أحمد (Ahmed)", "سارة (Sara) أحمد (Ahmed)", False),
        ("മോഹൻലാൽ (ലാൽ)", "മോഹൻലാൽ (ലാൽ)", False),
        ("王小明 (Wang Xiaoming)", "王小明 (Wang Xiaoming)", False),
        ("(Ana)", "(Ana)", False),
    ],
)
def test_from_display(display: str, name: str, certain: bool) -> None:
    """What a platform adds goes; what may be an affiliation leaves the name uncertain."""
    assert names.from_display(display) == (name, certain)


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("ANA ROUX", "Ana Roux"),
        ("Dr. Ana Roux", "Ana Roux"),
        ("Ana Roux, PharmD", "Ana Roux"),
        ("Ana Roux #2", "Ana Roux"),
        ("iPhone de Ana", "Ana"),
        ("Ana's iPhone", "Ana"),
        ("Roux, Ana", "Ana Roux"),
        ("JosÃ©", "José"),
        ("GarcÃa", "García"),
        ("Ren&eacute;", "René"),
        ("Zo\\u00eb", "Zoë"),
        ("mariam jaffer", "Mariam Jaffer"),
        ("Sukarno .", "Sukarno"),
        ("- Sukarno", "Sukarno"),
        ("Ana Roux (née Schmidt)", "Ana Roux"),
    ],
)
def test_suggestions(name: str, proposal: str) -> None:
    """Each oddity has its proposal."""
    assert proposal in names.suggestions(name)


def test_plain_names_have_no_suggestions() -> None:
    """Nothing is odd about most names, whatever their script; Georgian has capitals in Unicode, and in no name."""
    plain = ("Ana María Roux", "由美子 早乙女", "أمينة القاضي", "de Souza", "გიორგი ბერიძე", "ᎠᏂ ᏣᎳᎩ")
    assert [names.suggestions(name) for name in plain] == [[]] * len(plain)


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("Will N. (Technical University)", "William Nash", False),
        ("Bob (Robert Doe)", "Robert Doe", False),
        ("Ada Lovelace (iPad)", "Grace Hopper", True),
        ("Ada L. (Pharmacy)", "Grace Hopper (Pharmacy)", False),
        ("Ana Roux", "ANA ROUX", False),
        ("Ana Roux", "Dr. Ana Roux", False),
        ("Ana Roux", "Roux Ana", False),
        ("Ana Roux", "Ana María Roux", False),
        ("Ana Roux", "A. Roux", False),
        ("Ana Roux", "iPad", False),
        ("Ana Roux", "Анна Ру", False),
        ("Jhon Smith", "John Smith", False),
        ("Ana Roux", "Bob Keller", True),
        ("Maria Silva", "João Silva", True),
    ],
)
def test_differ(one: str, other: str, different: bool) -> None:
    """Only clearly different people are told apart; spellings, devices and scripts are not."""
    assert names.differ(one, other) is names.differ(other, one) is different


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("Ana@Example.ORG", "ana@example.org"),
        (" <mailto:ana@example.org> ", "ana@example.org"),
        ("ana\u200b@example.org\u00a0", "ana@example.org"),
        ("Ana Roux <ana@example.org>", "ana@example.org"),
        ("a.na+tag@example.org", "a.na+tag@example.org"),
        ("ana@example.org;", "ana@example.org"),
        ("ana@example.org, ANA@example.org", "ana@example.org"),
        ("", BadAddress.MISSING),
        ("--", BadAddress.MISSING),
        ("n/a", BadAddress.MISSING),
        ("ana", BadAddress.BAD),
        ("ana@example", BadAddress.BAD),
        ("ana@example.org and bob", BadAddress.BAD),
        ("ana@example.org bob@example.org", BadAddress.TWO),
        ("ana@example.org;bob@example.org", BadAddress.TWO),
    ],
)
def test_address(cell: str, key: str) -> None:
    """One address makes a key, two or none make a reason."""
    assert address.read(cell) == key

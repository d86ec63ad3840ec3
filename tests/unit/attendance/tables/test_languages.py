"""The same list of participants in languages beyond those of `exports`, each with its words for yes and no."""

from collections.abc import Mapping

import pytest

from tests.unit.attendance.exports import TIMES, rows
from tests.unit.attendance.test_variants import read, times

HEADERS: Mapping[str, tuple[str, str]] = {
    "cs": ("Celé jméno,E-mailová adresa,Čas připojení,Čas odchodu,Trvání,V čekárně", "Ne"),
    "da": ("Navn,E-mailadresse,Deltagelsestidspunkt,Forlod,Varighed (minutter),Gæst", "Nej"),
    "el": ("Όνομα,Διεύθυνση email,Ώρα συμμετοχής,Ώρα αποχώρησης,Διάρκεια (λεπτά),Σε αίθουσα αναμονής", "Όχι"),
    "fa": ("نام,ایمیل,زمان پیوستن,زمان ترک,مدت,مهمان", "خیر"),
    "fi": ("Nimi,Sähköpostiosoite,Liittymisaika,Poistumisaika,Kesto (minuuttia),Odotushuoneessa", "Ei"),
    "he": ('שם,דוא"ל,שעת הצטרפות,שעת עזיבה,משך,אורח', "לא"),
    "hi": ("नाम,ईमेल,शामिल होने का समय,छोड़ने का समय,अवधि,अतिथि", "नहीं"),
    "hu": ("Név,E-mail-cím,Csatlakozás időpontja,Kilépés időpontja,Időtartam (perc),Váróteremben", "Nem"),
    "id": ("Nama (Nama Asli),Email,Waktu Bergabung,Waktu Keluar,Durasi (Menit),Di Ruang Tunggu", "Tidak"),
    "ja": ("名前（元の名前）,メールアドレス,参加時刻,退出時刻,期間（分）,待機室", "いいえ"),
    "ko": ("이름(원래 이름),이메일,참가 시간,나간 시간,기간(분),대기실", "아니요"),
    "nb": ("Navn,E-post,Ble med,Forlot,Varighet (minutter),Gjest", "Nei"),
    "ro": (
        "Nume (nume original),Adresă de e-mail,Ora conectării,Ora ieșirii,Durată (minute),În sala de așteptare",
        "Nu",
    ),
    "sv": ("Namn (originalnamn),E-post,Anslutningstid,Avslutningstid,Varaktighet (minuter),Gäst", "Nej"),
    "th": ("ชื่อ,อีเมล,เวลาเข้าร่วม,เวลาออก,ระยะเวลา (นาที),ในห้องรอ", "ไม่"),
    "tr": ("Ad (Orijinal Ad),E-posta,Katılma Zamanı,Ayrılma Zamanı,Süre (Dakika),Bekleme Odasında", "Hayır"),
    "uk": ("Ім'я (справжнє ім'я),Електронна пошта,Час входу,Час виходу,Тривалість (хвилини),Гість", "Ні"),
    "vi": ("Tên (Tên gốc),Email,Thời gian tham gia,Thời gian rời,Thời lượng (Phút),Trong phòng chờ", "Không"),
}


@pytest.mark.parametrize("language", HEADERS)
def test_titles_of_one_more_language(language: str) -> None:
    """The last column says no, in words: whoever waited for admission was not there."""
    header, no = HEADERS[language]
    text = header + "\n" + rows(f"NAME,EMAIL,JOIN,LEAVE,MIN,{no}", "%Y-%m-%d %H:%M:%S")
    reading = read(text.encode())
    assert times(reading) == TIMES
    assert {join.name for join in reading.joins} == {"Ada Lovelace", "José Núñez"}

"""Lengths of time in the words of many languages."""

import pytest

from certs.attendance.times.durations import seconds


@pytest.mark.parametrize(
    "written",
    [
        "1h 2m 3s", "PT1H2M3S", "1:02:03", "01:02:03.4", "62.05", "62,05", "1 hour, 2 minutes and 3 seconds",
        "1 hr 2 mins 3 secs", "1h02m03s", "1 Std. 2 Min. 3 Sek.", "1 Stunde, 2 Minuten und 3 Sekunden",
        "1 heure 2 minutes et 3 secondes", "1 h\u202f2 min\u00a03 s", "1 hora, 2 minutos y 3 segundos",
        "1 hora 2 minutos e 3 segundos", "1 ora, 2 minuti e 3 secondi", "1 godz. 2 min 3 sek.", "1 ч. 2 мин. 3 сек.",
        "1小时2分3秒", "1時間2分3秒", "1시간 2분 3초", "١ ساعة ٢ دقيقة ٣ ثانية", "1 uur, 2 minuten en 3 seconden",
        "1 tim 2 min 3 sek", "1 time 2 minutter 3 sekunder", "1 óra 2 perc 3 mp", "1 sa 2 dk 3 sn",
        "1 ώρα 2 λεπτά 3 δευτερόλεπτα",
        "1 giờ 2 phút 3 giây", "1 jam 2 menit 3 detik", "1 घंटा 2 मिनट 3 सेकंड", "1 ชั่วโมง 2 นาที 3 วินาที",
    ],
)  # fmt: skip
def test_the_same_length_in_many_words(written: str) -> None:
    assert seconds(written) == 3723


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1h02", 3720), ("1 h 02", 3720), ("2 hrs", 7200), ("PT45M", 2700), ("0s", 0), ("97", 5820), ("1:30", 5400)],
)
def test_shorter_forms(written: str, meant: int) -> None:
    assert seconds(written) == meant


@pytest.mark.parametrize(
    "written", ["", "--", "PT", "5 2", "3 apples", "1 h 2 3", "1-2", "-5", "1e3", "< 1 min", "and"]
)
def test_what_is_no_length_is_not_guessed_at(written: str) -> None:
    assert seconds(written) is None

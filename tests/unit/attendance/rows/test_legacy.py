"""Encodings from before Unicode, where the titles are English and only the names tell."""

from collections.abc import Mapping

import pytest

from certs.attendance.rows.legacy import likeness
from tests.unit.attendance.exports import ADA, JOSE, TIMES, rows
from tests.unit.attendance.test_variants import read, times

NAMES: Mapping[str, tuple[str, str]] = {
    "cp1250": ("Łucja Wąsikowska", "Šárka Dvořáková"),
    "cp1251": ("Ольга Ёлкина", "Пётр Иванов"),
    "cp1252": ("Hélène Œuf", "Jörg Großmann"),
    "cp1253": ("Γιώργος Παπαδόπουλος", "Ελένη Ήλιου"),
    "cp1254": ("Işıl Şahinbaş", "Tuğba Çelikdağ"),
    "cp1255": ("דוד כהן", "שרה לוי"),
    "cp1256": ("هالة القاضي", "فاطمة النجار"),
    "cp874": ("สมชาย แก้วมณี", "วีระพงษ์ ใจดี"),
    "gb18030": ("诸葛 志强", "王小明"),
    "big5": ("諸葛 志強", "陳美玲"),
    "shift_jis": ("五十嵐 千尋", "鈴木 さくら"),
    "euc_kr": ("독고 현우", "김 지우"),
    "koi8_r": ("Ольга Ёлкина", "Пётр Иванов"),
    "cp866": ("Ольга Ёлкина", "Пётр Иванов"),
    "mac_roman": ("Hélène Lefèvre", "José Núñez"),
    "mac_cyrillic": ("Ольга Ёлкина", "Пётр Иванов"),
    "iso8859_2": ("Łucja Wąsikowska", "Šárka Žižková"),
    "iso8859_15": ("Hélène Œuf", "Jörg Šimek"),
}


def table(header: str, ada: str, jose: str) -> str:
    """Return the meeting with other names."""
    text = header + rows("NAME;EMAIL;JOIN;LEAVE", "%Y-%m-%d %H:%M:%S")
    return text.replace("Ada Lovelace", ada).replace("José Núñez", jose)


@pytest.mark.parametrize("encoding", NAMES)
def test_names_tell_the_encoding_where_titles_do_not(encoding: str) -> None:
    ada, jose = NAMES[encoding]
    reading = read(table("Name;Email;Join time;Leave time\n", ada, jose).encode(encoding))
    assert times(reading) == TIMES
    assert {join.person: join.name for join in reading.joins} == {ADA: ada, JOSE: jose}


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "iso8859_1"])
def test_accents_in_titles_tell_it_too(encoding: str) -> None:
    """In the wrong encoding the times would have titles nobody knows, and the table be a list of absent people."""
    reading = read(table("Nom complet;Courriel;Arrivée;Départ\n", "Hélène", "José").encode(encoding))
    assert times(reading) == TIMES


def test_a_file_put_together_from_two_encodings_is_read() -> None:
    text = table("Nom complet;Courriel;Arrivée;Départ\n", "Hélène", "Bérénice").encode()
    odd = text.replace("Bérénice".encode(), "Bérénice".encode("cp1252"))
    reading = read(odd)
    assert {join.name for join in reading.joins} == {"Hélène", "Bérénice"}
    assert "not UTF-8" in reading.notes[0]


def test_likeness_is_the_part_that_looks_like_words() -> None:
    """Signs inside words, mixed scripts and capitals in the middle speak against an encoding."""
    assert likeness("Hélène Œuf, Łucja", "cp1252") == 1.0
    assert likeness("H£lène", "cp1252") < 1.0
    assert likeness("Hйlène", "cp1251") == 0.0
    assert likeness("еЛКИНА", "cp1251") == 0.0
    assert likeness("plain", "cp1252") == 1.0

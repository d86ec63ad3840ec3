"""Make this folder's fonts from the npm packages `@expo-google-fonts/*` and Unicode's Unihan database.

    for p in eb-garamond noto-sans amiri …; do npm pack @expo-google-fonts/$p; done
    (unpack each into FOLDER/NAME/package, and put Unihan_OtherMappings.txt into FOLDER)
    python certs/pdf/fonts/trim.py FOLDER

Files without Han characters are copied. Of the four Han fonts one collection is made: whatever characters look alike in
two countries stand in it once, and each country has its own table of characters. They are trimmed to the national
character sets: JIS X 0208 with the vendor extensions and JIS X 0213, GB 2312 and China's general list, Big5, KS X 1001;
of GBK the simplified font has besides what no other has, and what looks alike elsewhere. Syllables beyond KS X 1001 are
put together from their letters by the font's own rules. Vertical and alternate forms go, because names are set
horizontally in their plain form.
"""

import re
import shutil
import struct
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import uharfbuzz as hb

HERE = Path(__file__).parent
COLLECTION = "NotoSerifCJK_500Medium.ttc"
COUNTRIES = ("KR", "SC", "TC", "JP")
"""In their order in the collection; Korea's comes first, for its rules name glyphs by their number."""
COPIED = {
    "eb-garamond": "500Medium/EBGaramond_500Medium.ttf",
    "noto-serif": "500Medium/NotoSerif_500Medium.ttf",
    "noto-sans": "400Regular/NotoSans_400Regular.ttf 600SemiBold/NotoSans_600SemiBold.ttf",
    "amiri": "400Regular/Amiri_400Regular.ttf",
    "noto-serif-hebrew": "500Medium/NotoSerifHebrew_500Medium.ttf",
    "noto-serif-devanagari": "500Medium/NotoSerifDevanagari_500Medium.ttf",
    "noto-serif-bengali": "500Medium/NotoSerifBengali_500Medium.ttf",
    "noto-serif-khmer": "NotoSerifKhmer_500Medium.ttf",
    "noto-serif-tibetan": "500Medium/NotoSerifTibetan_500Medium.ttf",
    **{
        f"noto-sans-{script}": f"500Medium/NotoSans{script.title().replace('-', '')}_500Medium.ttf"
        for script in (
            *(
                "tamil",
                "thai",
                "ethiopic",
                "myanmar",
                "armenian",
                "georgian",
                "gurmukhi",
                "gujarati",
                "oriya",
                "telugu",
            ),
            *("kannada", "malayalam", "sinhala", "lao", "thaana", "adlam", "syriac", "ol-chiki", "meetei-mayek"),
            *("canadian-aboriginal", "cherokee", "javanese", "balinese", "lisu"),
        )
    },
    "noto-sans-nko": "400Regular/NotoSansNKo_400Regular.ttf",
    "noto-sans-tifinagh": "400Regular/NotoSansTifinagh_400Regular.ttf",
    "noto-sans-yi": "400Regular/NotoSansYi_400Regular.ttf",
    "noto-sans-chakma": "400Regular/NotoSansChakma_400Regular.ttf",
    "noto-sans-mongolian": "400Regular/NotoSansMongolian_400Regular.ttf",
}
_FIRST_EAST_ASIAN = 0x2E80
_AFTER_GBK = range(0x9FA6, 0xA000)
_SUPPLEMENTARY = range(0x20000, 0x40000)
_SPACES = {0x20, 0xA0}
_LETTERS = {*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}
"""Those of which modern Korean syllables consist."""
_RULES = [int.from_bytes(tag, "big") for tag in (b"ccmp", b"ljmo", b"vjmo", b"tjmo")]
"""What puts a syllable together."""


def encodable(codec: str, most_bytes: int = 2) -> set[int]:
    """Return the East Asian code points that *codec* writes in at most *most_bytes* bytes."""
    found = set()
    for point in range(_FIRST_EAST_ASIAN, 0x30000):
        try:
            if len(chr(point).encode(codec)) <= most_bytes:
                found.add(point)
        except UnicodeEncodeError:
            continue
    return found


def general_list(unihan: str) -> set[int]:
    """Return the 8,105 characters of China's general list of 2013."""
    return {int(point, 16) for point in re.findall(r"^U\+([0-9A-F]+)\tkTGH\t", unihan, re.MULTILINE)}


def national_sets(unihan: str) -> dict[str, set[int]]:
    """Return the code points that each Han font keeps for sure."""
    big5, gbk, jis = encodable("big5"), encodable("gbk"), encodable("cp932")
    return {
        "KR": encodable("euc_kr") | _LETTERS,
        "SC": encodable("gb2312") | general_list(unihan) | (gbk - big5 - jis) | {*_AFTER_GBK, *_SUPPLEMENTARY},
        "TC": big5,
        "JP": jis | (encodable("euc_jis_2004", 3) - gbk) | {*_SUPPLEMENTARY},
    }


@dataclass
class Source:
    """One of the fonts as it is published."""

    face: hb.Face

    def __post_init__(self) -> None:
        """Read where its outlines stand, and how wide its glyphs are."""
        wide = self.table("head")[51] == 1
        count = self.face.glyph_count + 1
        loca = struct.unpack(f">{count}{'I' if wide else 'H'}", self.table("loca")[: count * (4 if wide else 2)])
        self.offsets = [offset if wide else 2 * offset for offset in loca]
        self.outlines = self.table("glyf")
        self.metrics, self.stated = self.table("hmtx"), struct.unpack(">H", self.table("hhea")[34:36])[0]
        self.font = hb.Font(self.face)

    def table(self, tag: str) -> bytes:
        """Return a table's bytes."""
        data: bytes = self.face.reference_table(tag).data  # type: ignore[attr-defined]
        return data

    def number(self, point: int) -> int:
        """Return the number of the glyph of a code point that the font has."""
        return self.font.get_nominal_glyph(point) or 0

    def glyph(self, number: int) -> tuple[bytes, bytes]:
        """Return outline, and advance with left bearing, of a glyph."""
        outline = self.outlines[self.offsets[number] : self.offsets[number + 1]]
        if outline[:2] == b"\xff\xff":
            raise ValueError(f"glyph {number} is put together from others")
        last = 4 * min(number, self.stated - 1)
        if number < self.stated:
            return outline, self.metrics[last : last + 4]
        bearing = 4 * self.stated + 2 * (number - self.stated)
        return outline, self.metrics[last : last + 2] + self.metrics[bearing : bearing + 2]


@dataclass
class Glyphs:
    """Glyphs of several fonts, each that looks alike once."""

    kept: list[tuple[bytes, bytes]] = field(default_factory=list)
    numbers: dict[tuple[bytes, bytes], int] = field(default_factory=dict)

    def number(self, glyph: tuple[bytes, bytes]) -> int:
        """Return the number of *glyph*, which is kept."""
        if glyph not in self.numbers:
            self.numbers[glyph] = len(self.kept)
            self.kept.append(glyph)
        return self.numbers[glyph]

    def begin(self, glyphs: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep *glyphs* under their own numbers, alike or not."""
        for glyph in glyphs:
            self.numbers.setdefault(glyph, len(self.kept))
            self.kept.append(glyph)


def subset(source: Path, points: set[int], rules: Iterable[int]) -> hb.Face:
    """Return the font in *source* reduced to *points* and *rules*, without hints."""
    request = hb.SubsetInput()
    request.unicode_set.update(points | _SPACES)
    request.layout_feature_tag_set.clear()
    request.layout_feature_tag_set.update(rules)
    request.flags = hb.SubsetFlags.NO_HINTING
    return hb.subset(hb.Face(hb.Blob.from_file_path(str(source))), request)


def collection(folder: Path) -> bytes:
    """Return the four Han fonts as one TrueType collection."""
    wanted = national_sets((folder / "Unihan_OtherMappings.txt").read_text("utf-8"))
    files = {c: folder / f"noto-serif-{c.lower()}/package/500Medium/NotoSerif{c}_500Medium.ttf" for c in COUNTRIES}
    korean = Source(subset(files["KR"], wanted["KR"], _RULES))
    glyphs = Glyphs()
    glyphs.begin(korean.glyph(number) for number in range(korean.face.glyph_count))
    sources = {c: Source(hb.Face(hb.Blob.from_file_path(str(files[c])))) for c in COUNTRIES[1:]}
    tables = {"KR": {point: korean.number(point) for point in korean.face.unicodes}}
    for country, source in sources.items():
        points = (wanted[country] | _SPACES) & set(source.face.unicodes)
        tables[country] = {p: glyphs.number(source.glyph(source.number(p))) for p in sorted(points)}
    china = sources["SC"]
    for point in (encodable("gbk") & set(china.face.unicodes)) - tables["SC"].keys():
        number = glyphs.numbers.get(china.glyph(china.number(point)))
        if number is not None:
            tables["SC"][point] = number
    return joined(korean, glyphs, tables)


def joined(korean: Source, glyphs: Glyphs, tables: Mapping[str, Mapping[int, int]]) -> bytes:
    """Return the collection: what all fonts share once, and the table of characters of each."""
    offsets, outlines = [0], bytearray()
    for outline, _ in glyphs.kept:
        outlines += outline + bytes(-len(outline) % 4)
        offsets.append(len(outlines))
    count = len(glyphs.kept)
    head, hhea, maxp = (bytearray(korean.table(tag)) for tag in ("head", "hhea", "maxp"))
    head[50:52], hhea[34:36], maxp[4:6] = b"\0\1", struct.pack(">H", count), struct.pack(">H", count)
    shared = {
        "OS/2": korean.table("OS/2"),
        "glyf": bytes(outlines),
        "head": bytes(head),
        "hhea": bytes(hhea),
        "hmtx": b"".join(metrics for _, metrics in glyphs.kept),
        "loca": struct.pack(f">{count + 1}I", *offsets),
        "maxp": bytes(maxp),
        "name": korean.table("name"),
        "post": struct.pack(">IiHHIIIII", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    own = [{"cmap": characters(tables[country])} for country in COUNTRIES]
    own[0]["GSUB"] = korean.table("GSUB")
    return written(shared, own)


def characters(table: Mapping[int, int]) -> bytes:
    """Return a table `cmap` of format 12."""
    groups: list[list[int]] = []
    for point, glyph in sorted(table.items()):
        if groups and point == groups[-1][1] + 1 and glyph == groups[-1][2] + point - groups[-1][0]:
            groups[-1][1] = point
        else:
            groups.append([point, point, glyph])
    body = b"".join(struct.pack(">III", *group) for group in groups)
    return struct.pack(">HHHHIHHIII", 0, 1, 3, 10, 12, 12, 0, 16 + len(body), 0, len(groups)) + body


def written(shared: Mapping[str, bytes], own: Iterable[Mapping[str, bytes]]) -> bytes:
    """Return a TrueType collection whose fonts have *shared* tables and *own* ones each (OpenType, `ttcf`)."""
    faces = [{**shared, **tables} for tables in own]
    sizes = [12 + 16 * len(tables) for tables in faces]
    starts = [12 + 4 * len(faces) + sum(sizes[:at]) for at in range(len(faces))]
    places: dict[int, int] = {}
    data, end = bytearray(), starts[-1] + sizes[-1]
    for tables in faces:
        for table in tables.values():
            if id(table) not in places:
                places[id(table)] = end + len(data)
                data += table + bytes(-len(table) % 4)
    out = bytearray(struct.pack(f">4sHHI{len(faces)}I", b"ttcf", 1, 0, len(faces), *starts))
    for tables in faces:
        power = len(tables).bit_length() - 1
        out += struct.pack(">IHHHH", 0x10000, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power)))
        for tag, table in sorted(tables.items()):
            out += struct.pack(">4sIII", tag.encode(), checksum(table), places[id(table)], len(table))
    return bytes(out + data)


def checksum(table: bytes) -> int:
    """Return the sum of the table's words (OpenType, table directory)."""
    padded = table + bytes(-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def main(folder: Path) -> None:
    """Write the fonts found under *folder* beside this script."""
    for package, files in COPIED.items():
        for file in files.split():
            source = folder / package / "package" / file
            if source.is_file() or not (HERE / Path(file).name).is_file():
                shutil.copyfile(source, HERE / Path(file).name)
    (HERE / COLLECTION).write_bytes(collection(folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

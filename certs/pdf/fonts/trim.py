"""Make this folder's fonts from the npm packages `@expo-google-fonts/*`.

    for p in eb-garamond noto-sans amiri …; do npm pack @expo-google-fonts/$p; done
    (unpack each into FOLDER/NAME/package)
    python certs/pdf/fonts/trim.py FOLDER

Files without Han characters are copied. The four Han fonts are trimmed to the national character sets: JIS X 0208 with
the vendor extensions, GB 2312, Big5, KS X 1001; what GBK and JIS X 0213 add is kept once, in the font whose country
needs it. Vertical and alternate forms go, because names are set horizontally in their plain form.
"""

import shutil
import sys
from pathlib import Path

import uharfbuzz as hb

HERE = Path(__file__).parent
COPIED = {
    "eb-garamond": "500Medium/EBGaramond_500Medium.ttf",
    "noto-sans": "400Regular/NotoSans_400Regular.ttf 600SemiBold/NotoSans_600SemiBold.ttf",
    "amiri": "400Regular/Amiri_400Regular.ttf",
    "noto-serif-hebrew": "500Medium/NotoSerifHebrew_500Medium.ttf",
    "noto-serif-devanagari": "500Medium/NotoSerifDevanagari_500Medium.ttf",
    "noto-serif-bengali": "500Medium/NotoSerifBengali_500Medium.ttf",
    "noto-serif-khmer": "NotoSerifKhmer_500Medium.ttf",
    "noto-sans-tamil": "500Medium/NotoSansTamil_500Medium.ttf",
    "noto-sans-thai": "500Medium/NotoSansThai_500Medium.ttf",
    "noto-sans-ethiopic": "500Medium/NotoSansEthiopic_500Medium.ttf",
    "noto-sans-myanmar": "500Medium/NotoSansMyanmar_500Medium.ttf",
    "noto-sans-armenian": "500Medium/NotoSansArmenian_500Medium.ttf",
    "noto-sans-georgian": "500Medium/NotoSansGeorgian_500Medium.ttf",
    "noto-sans-gurmukhi": "500Medium/NotoSansGurmukhi_500Medium.ttf",
    "noto-sans-gujarati": "500Medium/NotoSansGujarati_500Medium.ttf",
    "noto-sans-oriya": "500Medium/NotoSansOriya_500Medium.ttf",
    "noto-sans-telugu": "500Medium/NotoSansTelugu_500Medium.ttf",
    "noto-sans-kannada": "500Medium/NotoSansKannada_500Medium.ttf",
    "noto-sans-malayalam": "500Medium/NotoSansMalayalam_500Medium.ttf",
    "noto-sans-sinhala": "500Medium/NotoSansSinhala_500Medium.ttf",
    "noto-sans-lao": "500Medium/NotoSansLao_500Medium.ttf",
    "noto-serif-tibetan": "500Medium/NotoSerifTibetan_500Medium.ttf",
}
_FIRST_EAST_ASIAN = 0x2E80
_SPACES = {0x20, 0xA0}


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


def national_sets() -> dict[str, set[int]]:
    """Return the code points that each Han font keeps."""
    big5, gbk, jis_x_0213 = encodable("big5"), encodable("gbk"), encodable("euc_jis_2004", 3)
    return {
        "SC": encodable("gb2312") | (gbk - big5 - jis_x_0213),
        "TC": big5,
        "JP": encodable("cp932") | (jis_x_0213 - gbk),
        "KR": encodable("euc_kr"),
    }


def trimmed(source: Path, points: set[int]) -> bytes:
    """Return the font in *source* reduced to *points*, without hints and layout rules."""
    request = hb.SubsetInput()
    request.unicode_set.update(points | _SPACES)
    request.layout_feature_tag_set.clear()
    request.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    data: bytes = hb.subset(hb.Face(hb.Blob.from_file_path(str(source))), request).blob.data
    return data


def main(unpacked: Path) -> None:
    """Write the fonts found under *unpacked* beside this script."""
    for package, files in COPIED.items():
        for file in files.split():
            shutil.copyfile(unpacked / package / "package" / file, HERE / Path(file).name)
    for country, points in national_sets().items():
        file = f"NotoSerif{country}_500Medium.ttf"
        source = unpacked / f"noto-serif-{country.lower()}" / "package" / "500Medium" / file
        (HERE / file).write_bytes(trimmed(source, points))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

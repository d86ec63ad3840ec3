"""The part of uharfbuzz that certs uses."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum, IntFlag

class Blob:
    data: bytes
    def __init__(self, data: bytes) -> None: ...
    @classmethod
    def from_file_path(cls, filename: str) -> Blob: ...

class Face:
    upem: int
    unicodes: Iterable[int]
    blob: Blob
    glyph_count: int
    def __init__(self, blob: Blob, index: int = 0) -> None: ...

class FontExtents:
    ascender: int
    descender: int
    line_gap: int

class GlyphExtents:
    x_bearing: int
    y_bearing: int
    width: int
    height: int

class Font:
    face: Face
    def __init__(self, face: Face) -> None: ...
    def get_nominal_glyph(self, unicode: int) -> int | None: ...
    def get_glyph_h_advance(self, glyph: int) -> int: ...
    def get_glyph_extents(self, glyph: int) -> GlyphExtents | None: ...
    def draw_glyph_with_pen(self, gid: int, pen: object) -> None: ...
    def get_font_extents(self, direction: str) -> FontExtents: ...

class GlyphInfo:
    codepoint: int
    cluster: int

class GlyphPosition:
    x_offset: int
    y_offset: int
    x_advance: int
    y_advance: int

class BufferClusterLevel(IntEnum):
    MONOTONE_GRAPHEMES = 0
    MONOTONE_CHARACTERS = 1
    CHARACTERS = 2

class Buffer:
    direction: str
    language: str
    script: str
    cluster_level: BufferClusterLevel
    glyph_infos: Sequence[GlyphInfo]
    glyph_positions: Sequence[GlyphPosition]
    def add_str(self, text: str) -> None: ...
    def guess_segment_properties(self) -> None: ...

def shape(font: Font, buffer: Buffer, features: Mapping[str, bool] | None = None) -> None: ...

class SubsetFlags(IntFlag):
    NO_HINTING = 1
    NOTDEF_OUTLINE = 64
    NO_LAYOUT_CLOSURE = 512

class _Set:
    def update(self, values: Iterable[int]) -> None: ...
    def clear(self) -> None: ...

class SubsetInput:
    flags: SubsetFlags
    unicode_set: _Set
    glyph_set: _Set
    drop_table_tag_set: _Set
    layout_feature_tag_set: _Set

class SubsetPlan:
    old_to_new_glyph_mapping: Mapping[int, int]
    def __init__(self, face: Face, request: SubsetInput) -> None: ...
    def execute(self) -> Face: ...

def subset(face: Face, request: SubsetInput) -> Face: ...

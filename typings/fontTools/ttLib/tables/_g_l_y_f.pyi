class GlyphComponent:
    glyphName: str
    x: int
    y: int
    flags: int

class Glyph:
    numberOfContours: int
    components: list[GlyphComponent]
    xMin: int
    def recalcBounds(self, glyfTable: table__g_l_y_f) -> None: ...

class table__g_l_y_f:
    def __getitem__(self, glyphName: str) -> Glyph: ...
    def __setitem__(self, glyphName: str, glyph: Glyph) -> None: ...

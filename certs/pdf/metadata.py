"""What the file says about itself: XMP and the information dictionary, which must agree (PDF/A-3, 6.6).

The packet declares PDF/A-3a and PDF/UA-1. PDF/A knows no pdfuaid schema, so the packet brings its description;
validators want that description's prefixes spelled as they are here.
"""

from datetime import date
from functools import partial
from html import escape as escape_html

from certs.pdf.objects import midnight, stream, text_string

_escape = partial(escape_html, quote=False)
_PRODUCER = "certs"
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA</pdfaProperty:description><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
<pdf:Producer>{producer}</pdf:Producer>
<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:creator><rdf:Seq><rdf:li>{issuer}</rdf:li></rdf:Seq></dc:creator>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:identifier>{number}</dc:identifier>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
_OWN = ("title", "number", "moment")


class Metadata:
    """The metadata of one plate's certificates, with gaps for a person's title, number and date."""

    def __init__(self, issuer: str, language: str) -> None:
        shared = {"producer": _PRODUCER, "language": _escape(language), "issuer": _escape(issuer)}
        gaps = dict.fromkeys(_OWN, "\x00")
        self._pieces = _PACKET.format(**shared, **gaps).encode().split(b"\0")
        self._author = text_string(issuer)

    def packet(self, title: str, number: str, issued_on: date) -> bytes:
        """Return the XMP metadata stream."""
        moment = f"{issued_on.isoformat()}T00:00:00Z".encode()
        head, after_title, after_number, between, foot = self._pieces
        parts = head, _escape(title).encode(), after_title, number.encode(), after_number, moment, between, moment, foot
        return stream(b"".join(parts), b"/Type/Metadata/Subtype/XML")

    def information(self, title: str, issued_on: date) -> bytes:
        """Return the information dictionary."""
        moment = midnight(issued_on)
        return b"<</Title%b/Author%b/Producer(%b)/CreationDate%b/ModDate%b>>" % (
            text_string(title),
            self._author,
            _PRODUCER.encode(),
            moment,
            moment,
        )

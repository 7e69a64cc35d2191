"""What makes the drawn pages an archival, accessible PDF: PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1)."""

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageCms

PRODUCER = "Disclosure Desk"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What the document says of itself in its metadata."""

    title: str
    author: str
    reference: str
    document_id: str
    language: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Base:
    """The drawn document, cut into objects so that a writer can go on with it in one revision."""

    header: bytes
    objects: tuple[tuple[int, bytes], ...]
    catalog_number: int
    catalog: bytes
    info_number: int
    page_numbers: tuple[int, ...]
    # For each page, the empty places of its running lines and of what is drawn over them.
    content_numbers: tuple[tuple[int, int], ...]
    seal_number: int | None
    fonts: bytes


def pdf_date(at: datetime) -> str:
    """Return a date as PDF writes it (ISO 32000-1, 7.9.4), in UTC."""
    return at.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")


def archived(drawn: bytes, identity: Identity, *, seal_page: int | None) -> Base:
    """Add metadata, colour profile and tagging marks to a drawn document, and cut it into objects."""
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        _describe(pdf, identity)
        _mark(pdf, identity, seal_page)
        saved = io.BytesIO()
        pdf.save(saved, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return _cut(saved.getvalue(), seal_page)


def _describe(pdf: pikepdf.Pdf, identity: Identity) -> None:
    date = pdf_date(identity.made_at)
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    pdf.docinfo["/Title"] = String(identity.title)
    pdf.docinfo["/Author"] = String(identity.author)
    pdf.docinfo["/Subject"] = String(identity.reference)
    pdf.docinfo["/Creator"] = pdf.docinfo["/Producer"] = String(PRODUCER)
    pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = String(date)
    metadata = pikepdf.Stream(pdf, _xmp(identity))
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = pdf.make_indirect(metadata)


def _mark(pdf: pikepdf.Pdf, identity: Identity, seal_page: int | None) -> None:
    profile = pikepdf.Stream(pdf, srgb_profile())
    profile.N = 3
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier="sRGB")
    intent.DestOutputProfile = pdf.make_indirect(profile)
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    pdf.Root.Lang = String(identity.language)
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = Name.UseOutlines
    for number, page in enumerate(pdf.pages):
        page.StructParents = number
        page.Tabs = Name.S
        if Name.Trans in page:
            del page[Name.Trans]
        page.Contents = Array([pdf.make_indirect(Dictionary()), pdf.make_indirect(Dictionary())])
    if seal_page is not None:
        placeholder = pdf.make_indirect(Dictionary(Type=Name.Annot))
        pdf.pages[seal_page].Annots = Array([placeholder])


def _cut(saved: bytes, seal_page: int | None) -> Base:
    """Split a classic file at its objects; what the writer writes anew is left out."""
    with pikepdf.open(io.BytesIO(saved)) as pdf:
        catalog_number = pdf.Root.objgen[0]
        catalog = pdf.Root.unparse(resolved=True)
        info_number = pdf.docinfo.objgen[0]
        pages = tuple(int(page.objgen[0]) for page in pdf.pages)
        contents = tuple((page.Contents[0].objgen[0], page.Contents[1].objgen[0]) for page in pdf.pages)
        seal = pdf.pages[seal_page].Annots[0].objgen[0] if seal_page is not None else None
        fonts = pdf.pages[0].Resources.Font.unparse()
    start = int(saved[saved.rindex(b"startxref") + 9 :].split()[0])
    places = sorted(_in_use(saved, start))
    ends = [offset for offset, _ in places[1:]] + [start]
    anew = {catalog_number, seal, *chain.from_iterable(contents)}
    return Base(
        header=saved[: places[0][0]],
        objects=tuple(
            (number, saved[offset:end])
            for (offset, number), end in zip(places, ends, strict=True)
            if number not in anew
        ),
        catalog_number=catalog_number,
        catalog=catalog,
        info_number=info_number,
        page_numbers=pages,
        content_numbers=contents,
        seal_number=seal,
        fonts=fonts,
    )


def _in_use(saved: bytes, start: int) -> list[tuple[int, int]]:
    """Return (offset, number) of the objects in a one-section classic cross-reference table."""
    entries = re.findall(rb"(\d{10}) (\d{5}) ([nf])", saved[start:])
    return [(int(offset), number) for number, (offset, _, kind) in enumerate(entries) if kind == b"n"]


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Return an sRGB profile whose date is always the same, so that the same document has the same bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes.fromhex("07EA00010001000000000000")  # ICC.1 7.2.8: date and time of creation
    profile[84:100] = bytes(16)  # ICC.1 7.2.18: profile id, 0 = not computed
    return bytes(profile)


def _xmp(identity: Identity) -> bytes:
    date = identity.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return _XMP.format(
        title=_xml(identity.title),
        author=_xml(identity.author),
        reference=_xml(identity.reference),
        document=_xml(identity.document_id),
        language=_xml(identity.language),
        producer=PRODUCER,
        date=date,
    ).encode()


def _xml(text: str) -> str:
    """XML 1.0 can't hold control characters at all; the PDF's own strings show them as they are."""
    return escape("".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text))


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" \
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{reference}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{producer}</xmp:CreatorTool><pdf:Producer>{producer}</pdf:Producer>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmpMM:DocumentID>{document}</xmpMM:DocumentID>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>PDF/UA part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""

"""Hostile files by the hundred: each is named after what is done to it, and none may be called good."""

import gzip
import hashlib
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from asn1crypto import cms as asn1
from asn1crypto import core
from bundle_samples import Key, a_key
from forge import Forge, cms_in, hole, resealed, with_cms

from requests_portal.bundle.manifest_files import as_csv

Files = Iterator[tuple[str, bytes]]
HEAD = b"%PDF-1.7\n"


@dataclass(frozen=True)
class Good:
    """A good bundle, the key that made it, and another good one of the same key."""

    data: bytes
    other: bytes
    key: Key

    @property
    def forge(self) -> Forge:
        return Forge.of(self.data, self.key)


def all_files(good: Good) -> Files:
    """Yield every hostile file with its name."""
    for family in FAMILIES:
        for name, data in family(good):
            yield f"{family.__name__}: {name}", data


def no_pdf(good: Good) -> Files:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("../../index.html", "<script>alert(1)</script>")
    page = b"<!DOCTYPE html><script>alert(1)</script>"
    yield from {
        "empty": b"",
        "one byte": b"%",
        "half a head": b"%PDF-",
        "head alone": HEAD,
        "program": b"MZ\x90\x00" * 100,
        "noughts": bytes(1 << 20),
        "end alone": b"startxref\n0\n%%EOF\n",
        "head and end": HEAD + b"startxref\n0\n%%EOF\n",
        "ZIP": packed.getvalue(),
        "bundle and ZIP": good.data + packed.getvalue(),
        "ZIP and bundle": packed.getvalue() + good.data,
        "HTML": page,
        "HTML and bundle": page + good.data,
        "bundle and HTML": good.data + page,
        "byte order mark": b"\xef\xbb\xbf" + good.data,
        "line feed before": b"\n" + good.data,
        "compressed": gzip.compress(good.data, mtime=0),
        "twice": good.data * 2,
        "two bundles": good.data + good.other,
        "version 9": good.data.replace(b"%PDF-1.", b"%PDF-9.", 1),
        "carriage returns": good.data.replace(b"\n", b"\r\n"),
        "backwards": good.data[::-1],
        "in capitals": good.data.upper(),
        "as text": good.data.decode("latin-1").encode("utf-16"),
        "PostScript": b"%!PS-Adobe-3.0\n" + good.data,
    }.items()


def cut_off(good: Good) -> Files:
    data = good.data
    ends = [found.end() for found in re.finditer(rb"endobj\n", data)]
    for at in ends[:: len(ends) // 12]:
        yield f"after an object at {at}", data[:at]
    for mark in (b"xref\n0", b"trailer\n", b"startxref", b"%%EOF", b"/Contents<", b"/ByteRange[", b"/Perms<<", b"RIFF"):
        yield f"before {mark!r}", data[: data.rindex(mark)]
        yield f"in {mark!r}", data[: data.rindex(mark) + len(mark) // 2]
    yield "in the hole", data[: sum(hole(data)) // 2]
    yield "last byte", data[:-1]
    yield "first byte", data[1:]
    yield "middle", data[:50_000] + data[50_001:]


def added_later(good: Good) -> Files:
    """Incremental saving and shadow attacks (Mainka et al., NDSS 2021; Mladenov et al., CCS 2019)."""
    data, forge = good.data, good.forge
    page = forge.number(b"/Type /Page\n") if b"/Type /Page\n" in data else forge.number(b"/Type /Page ")
    body = forge.objects[page]
    covering = body.replace(b"/Contents", b"/Hidden", 1)
    yield "hide: a page without its contents", _revised(forge, {page: covering})
    yield "replace: another field look", _revised(forge, {forge.number(b"/FT/Sig"): b"<</FT/Tx/V(paid)>>"})
    hidden = Forge.of(data, good.key)
    shadow = hidden.add(b"<</Type/Catalog/Pages 1 0 R>>")
    yield (
        "hide and replace: a second catalog, prepared",
        hidden.sealed().replace(b"/Root %d" % hidden.root, b"/Root %d" % shadow),
    )
    yield "hide and replace: a second catalog, later", _revised(hidden, {}, root=shadow)
    yield "a comment", data + b"% nothing\n"
    yield "a second end", data + b"%%EOF\n"
    yield "a second startxref", data + b"startxref\n9\n%%EOF\n"
    yield "an object without a table", data + b"999 0 obj\n<<>>\nendobj\n%%EOF\n"
    yield "a trailer alone", data + b"trailer\n<</Root 1 0 R>>\n" + _start(data)
    yield "a table without a trailer", data + b"xref\n0 0\n" + _start(data)
    yield "an empty revision", _revised(forge, {})
    yield "a revision of nothing new", _revised(forge, {forge.root: _inner(forge.objects[forge.root])})
    yield "a revision that names no earlier one", _revised(forge, {forge.root: b"<<>>"}, prev=b"")
    yield "a revision before itself", _revised(forge, {forge.root: b"<<>>"}, prev=b"/Prev %d" % len(data))
    yield "a hybrid table", _revised(forge, {}, prev=b"/XRefStm 15/Prev 15")
    yield (
        "a second signature",
        _revised(forge, {forge.number(b"/FT/Sig"): b"<</FT/Sig/V 1 0 R>>", 998: b"<</Type/Sig>>"}),
    )
    yield "a security store", _revised(forge, {forge.root: _inner(forge.objects[forge.root])[:-2] + b"/DSS<<>>>>"})
    yield "noughts", data + bytes(4096)
    yield "a space", data + b" "


def _inner(body: bytes) -> bytes:
    return body.split(b"obj\n", 1)[1][: -len(b"\nendobj\n")]


def _start(data: bytes) -> bytes:
    return data[data.rindex(b"startxref") :]


def _revised(forge: Forge, changed: dict[int, bytes], *, root: int | None = None, prev: bytes | None = None) -> bytes:
    """Append a revision to the sealed file, with a table of its own."""
    before = forge.sealed()
    old = int(_start(before).split()[1])
    out, table = bytearray(before), b""
    for number, body in changed.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n" + table + b"trailer\n<</Size 999/Root %d 0 R" % (root or forge.root)
    out += (b"/Prev %d" % old if prev is None else prev) + b">>\nstartxref\n%d\n%%%%EOF\n" % at
    return bytes(out)


def tables(good: Good) -> Files:
    data, key = good.data, good.key
    start = int(_start(data).split()[1])
    count = int(re.match(rb"xref\n0 (\d+)", data[start:]).group(1))
    for name, wrong in {
        "one more": count + 1,
        "one less": count - 1,
        "none": 0,
        "one": 1,
        "ten million": 99_999_999,
    }.items():
        yield f"a count of {name}", resealed(key, _in(data, start, b"0 %d\n" % count, b"0 %d\n" % wrong))
    first = start + data[start:].index(b" f \n") + 3
    for name, entry in {
        "free": b"0000000015 00000 f \n",
        "generation 1": b"0000000015 00001 n \n",
        "nought": b"0000000000 00000 n \n",
        "beyond the end": b"9999999999 00000 n \n",
        "negative": b"-000000015 00000 n \n",
        "spaces": b"               00000\n",
        "letters": b"00000abcde 00000 n \n",
        "short line end": b"0000000015 00000 n\n\n",
        "the table itself": b"%010d 00000 n \n" % start,
        "in a recording": b"%010d 00000 n \n" % (data.index(b"RIFF") + 99),
    }.items():
        yield f"an entry: {name}", resealed(key, data[:first] + entry + data[first + 20 :])
    swapped = data[first + 20 : first + 40] + data[first : first + 20]
    yield "two entries swapped", resealed(key, data[:first] + swapped + data[first + 40 :])
    yield (
        "all entries one place",
        resealed(key, data[:first] + b"0000000015 00000 n \n" * (count - 1) + data[first + 20 * (count - 1) :]),
    )
    for name, place in {
        "beyond the end": b"999999999999",
        "at nought": b"0",
        "at itself": b"%d" % data.rindex(b"startxref"),
        "one too far": b"%d" % (start + 1),
        "2 to the 63rd": b"9223372036854775808",
        "negative": b"-1",
        "no number": b"xref",
        "in an object": b"15",
    }.items():
        yield f"startxref {name}", data[: data.rindex(b"startxref")] + b"startxref\n" + place + b"\n%%EOF\n"
    for name, more in {
        "earlier revision": b"/Prev 15",
        "itself as earlier": b"/Prev %d" % start,
        "negative earlier": b"/Prev -1",
        "hybrid": b"/XRefStm 15",
        "encrypted": b"/Encrypt 1 0 R",
        "encrypted with nothing": b"/Encrypt null",
        "key twice": b"/Root 1 0 R",
        "unclosed": b"<<",
        "deep": b"/A" + b"[" * 900,
    }.items():
        forge = good.forge
        forge.trailer += more
        yield f"trailer: {name}", forge.sealed()
    for name, root in {
        "none": b"",
        "a number": b"/Root 7",
        "missing": b"/Root 9999 0 R",
        "a page": b"/Root 10 0 R",
    }.items():
        forge = good.forge
        forge.trailer = re.sub(rb"/Root \d+ 0 R", root, forge.trailer)
        yield f"root: {name}", forge.sealed()
    stream = (
        b"1 0 obj\n<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Length 8>>\nstream\n" + bytes(8) + b"\nendstream\nendobj\n"
    )
    yield "a stream as table", HEAD + stream + b"startxref\n9\n%%EOF\n"
    loop = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
    loop += b"trailer\n<</Size 2/Root 1 0 R%b>>\nstartxref\n9\n%%%%EOF\n"
    yield "a table that is its own object", HEAD + loop % b""
    yield "a table that precedes itself", HEAD + loop % b"/Prev 9"
    many = b"xref\n0 2999999\n0000000000 65535 f \n" + b"0000000009 00000 n \n" * 2_999_998
    yield (
        "three million objects at one place",
        HEAD + many + b"trailer\n<</Size 2999999/Root 1 0 R>>\nstartxref\n9\n%%EOF\n",
    )


def objects(good: Good) -> Files:
    """Catalogs that no reader should survive badly, each signed again."""
    for name, value in {
        "arrays in arrays": b"[" * 100_000,
        "closed arrays in arrays": b"[" * 50_000 + b"]" * 50_000,
        "dictionaries in dictionaries": b"<</A" * 50_000,
        "a number of a million digits": b"1" * 1_000_000,
        "a name of a megabyte": b"/" + b"N" * (1 << 20),
        "a name of noughts": b"/\x00\x00",
        "text without end": b"(" + b"A" * 200_000,
        "brackets in text": b"(" * 200_000,
        "digits without end": b"<" + b"a" * 3_000_000,
        "a reference to 2 to the 63rd": b"9223372036854775808 0 R",
        "a reference of a later generation": b"1 7 R",
        "a key without value": b"",
        "a closing bracket": b"]",
        "half a million numbers": b"[" + b"0 " * 600_000 + b"]",
        "spaces": b" " * 3_000_000 + b"1",
        "an unknown word": b"obj",
        "a stream": b"stream",
    }.items():
        forge = good.forge
        yield f"catalog with {name}", forge.change(forge.root, b"/Perms", b"/Odd " + value + b"/Perms").sealed()
    for name, body in {
        "itself": b"%d 0 R" % good.forge.root,
        "nothing": b"",
        "null": b"null",
        "an array": b"[]",
        "empty": b"<<>>",
        "two dictionaries": b"<<>><<>>",
    }.items():
        forge = good.forge
        yield f"catalog: {name}", forge.put(forge.root, body).sealed()
    for name, hidden in {"words": b"hidden\n", "an object": b"7 0 obj\n<<>>\nendobj \n", "noughts": bytes(64)}.items():
        forge = good.forge
        forge.objects[forge.root] += hidden
        yield f"between objects: {name}", forge.sealed()
        forge = good.forge
        forge.header += hidden
        yield f"before objects: {name}", forge.sealed()
    forge = good.forge
    packed = zlib.compress(b"1 0 obj <<>> " * 1_000_000, 9)
    number = forge.add(
        b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(packed), packed)
    )
    yield "catalog in an object stream that is a bomb", forge.put(forge.root, b"%d 0 R" % number).sealed()


def signatures(good: Good) -> Files:
    """Fields and dictionaries of signatures: USF, SWA and ISA (Mladenov et al.), wrong kinds, several of them."""
    field, value, root = b"/FT/Sig", b"/Type/Sig/", b"/AcroForm"
    for name, (mark, old, new) in {
        "no form": (root, b"/AcroForm<<", b"/NoForm<<"),
        "no fields": (root, b"/Fields[", b"/Fields[]/Was["),
        "the field twice": (root, b"/SigFlags", b"/Fields 1/SigFlags"),
        "a form that is an array": (root, b"/AcroForm<<", b"/AcroForm[]/Was<<"),
        "a form that is the catalog": (root, b"/AcroForm<<", b"/AcroForm 1 0 R/Was<<"),
        "no certification": (root, b"/Perms<<", b"/Was<<"),
        "usage rights": (root, b"/Perms<</DocMDP", b"/Perms<</UR3"),
        "certification and usage rights": (root, b"/Perms<<", b"/Perms<</UR3 1 0 R"),
        "certification of something else": (root, b"/DocMDP ", b"/DocMDP 1 0 R/Was "),
        "a text field": (field, b"/FT/Sig", b"/FT/Tx"),
        "a field with kids": (field, b"/FT/Sig", b"/FT/Sig/Kids[]"),
        "a field without value": (field, b"/V ", b"/W "),
        "a field whose value is in it": (field, b"/V ", b"/V<<>>/W "),
        "a field that is its own value": (field, b"/V ", b"/V %d 0 R/W " % good.forge.number(field)),
        "changes to forms permitted": (value, b"/P 1/V", b"/P 2/V"),
        "changes to notes permitted": (value, b"/P 1/V", b"/P 3/V"),
        "permission 0": (value, b"/P 1/V", b"/P 0/V"),
        "permission of words": (value, b"/P 1/V", b"/P(1)/V"),
        "permission not said": (value, b"/P 1/V", b"/V"),
        "fields locked instead": (value, b"/TransformMethod/DocMDP", b"/TransformMethod/FieldMDP"),
        "two transforms": (value, b"/Reference[", b"/Reference[<<>>"),
        "no transform": (value, b"/Reference[", b"/Was["),
        "PKCS 7": (value, b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached"),
        "PKCS 7 of SHA-1": (value, b"/ETSI.CAdES.detached", b"/adbe.pkcs7.sha1"),
        "bare RSA": (value, b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1"),
        "a timestamp instead": (value, b"/ETSI.CAdES.detached", b"/ETSI.RFC3161"),
        "no kind": (value, b"/SubFilter", b"/Was"),
        "no date": (value, b"/M(", b"/Was("),
        "a date of words": (value, b"/M(D:2026", b"/M(D:next"),
        "a date that is none": (value, b"/M(D:20261123", b"/M(D:20261399"),
        "a date before the certificate": (value, b"/M(D:2026", b"/M(D:1999"),
        "a date after the certificate": (value, b"/M(D:2026", b"/M(D:2999"),
        "contents not there": (value, b"/Contents<", b"/Was<"),
        "contents null": (value, b"]/Contents<", b"]/Contents null/Was<"),
        "contents empty": (value, b"]/Contents<", b"]/Contents<>/Was<"),
        "contents a name": (value, b"]/Contents<", b"]/Contents/A/Was<"),
        "contents twice": (value, b"/ByteRange", b"/Contents<00>/ByteRange"),
        "a range twice": (value, b"/ByteRange", b"/ByteRange[0 1 2 3]/ByteRange"),
    }.items():
        forge = good.forge
        yield name, forge.change(forge.number(mark), old, new).sealed()
    start, end = hole(good.data)
    size = len(good.data)
    for name, numbers in {
        "none": b"",
        "null": b"null",
        "all nought": b"0 0 0 0",
        "the first part": b"0 %d 0 0" % start,
        "the second part": b"0 0 %d %d" % (end, size - end),
        "not from the start": b"1 %d %d %d" % (start - 1, end, size - end),
        "over the hole": b"0 %d %d %d" % (end, end, size - end),
        "a wider hole": b"0 %d %d %d" % (start, end + 9, size - end - 9),
        "an earlier hole": b"0 %d %d %d" % (start - 99, end, size - end),
        "not to the end": b"0 %d %d %d" % (start, end, size - end - 1),
        "beyond the end": b"0 %d %d %d" % (start, end, size - end + 1),
        "negative": b"0 %d %d -1" % (start, end),
        "2 to the 63rd": b"0 %d %d 9223372036854775808" % (start, end),
        "three numbers": b"0 %d %d" % (start, end),
        "real numbers": b"0.0 %d.0 %d.0 %d.0" % (start, end, size - end),
        "overlapping": b"0 %d 0 %d" % (size, size),
        "the parts swapped": b"%d %d 0 %d" % (end, size - end, start),
    }.items():
        range_at = good.data.rindex(b"/ByteRange[") + 11
        closing = good.data.index(b"]", range_at)
        changed = good.data[:range_at] + numbers.ljust(closing - range_at) + good.data[closing:]
        yield f"range: {name}", resealed(good.key, changed)
    forge = good.forge
    twin = forge.add(_inner(forge.objects[forge.number(field)]))
    yield (
        "two fields",
        forge.change(forge.root, b"/SigFlags", b"/Was[%d 0 R]/SigFlags" % twin)
        .change(forge.root, b"]/Was[", b" ")
        .sealed(),
    )
    yield "the hole of another bundle", with_cms(good.data, cms_in(good.other))
    yield "a hole with a gap", good.data[: end - 2] + b" >" + good.data[end:]
    yield "a hole of noughts", with_cms(good.data, b"")


def enclosed(good: Good) -> Files:
    """Lists of embedded files, and what they lead to, each signed again."""
    root, tree, leaf = b"/AcroForm", b"<</Kids[", b"<</Limits["
    spec, stream = b"/AFRelationship/Source", b"/Subtype/audio#2Fwav"
    recording = good.forge.number(spec)
    name = re.search(rb"/F(<[0-9a-f]+>)", good.forge.objects[recording]).group(1)
    sound, table = good.forge.number(stream), good.forge.number(b"/Subtype/text#2Fcsv")
    for title, (mark, old, new) in {
        "one not associated": (root, b"/AF[", b"/AF[%d 0 R]/Was[" % recording),
        "none associated": (root, b"/AF[", b"/Was["),
        "one associated twice": (root, b"/AF[", b"/AF[%d 0 R " % recording),
        "one more associated": (root, b"/AF[", b"/AF[1 0 R "),
        "thirty thousand associated": (root, b"/AF[", b"/AF[" + b"1 0 R " * 30_000),
        "numbers associated": (root, b"/AF[", b"/AF[7 "),
        "associated files that are the catalog": (root, b"/AF[", b"/AF 1 0 R/Was["),
        "no names": (root, b"/Names<<", b"/Was<<"),
        "scripts among the names": (root, b"/Names<<", b"/Names<</JavaScript 1 0 R"),
        "names that are an array": (root, b"/Names<<", b"/Names[]/Was<<"),
        "a tree that is its own leaf": (tree, b"[", b"[%d 0 R " % good.forge.number(tree)),
        "a leaf twice": (tree, b"[", b"[%d 0 R " % good.forge.number(leaf)),
        "a leaf that is missing": (tree, b"[", b"[9999 0 R "),
        "forty thousand leaves": (tree, b"[", b"[" + b"1 0 R " * 40_000),
        "a tree of names without leaves": (tree, b"/Kids", b"/Names"),
        "a name without file": (leaf, b"/Names[", b"/Names[(a) "),
        "a name that is a number": (leaf, b"/Names[", b"/Names[7 1 0 R "),
        "a file more": (leaf, b"/Names[", b"/Names[(a) 1 0 R "),
        "a name listed otherwise": (leaf, b"/Names[" + name, b"/Names[(other)"),
        "a name that climbs": (recording, b"/UF" + name, b"/UF(../../etc/passwd)"),
        "a name that runs backwards": (recording, b"/UF" + name, b"/UF<feff202e>"),
        "two names": (recording, b"/F" + name, b"/F(other.wav)"),
        "two contents": (recording, b"/EF<</F %d 0 R" % sound, b"/EF<</F %d 0 R" % table),
        "contents that are the description": (
            recording,
            b"/EF<</F %d 0 R/UF %d 0 R" % (sound, sound),
            b"/EF<</F %d 0 R/UF %d 0 R" % (recording, recording),
        ),
        "contents nowhere": (recording, b"/EF<<", b"/Was<<"),
        "no relationship": (recording, b"/AFRelationship/Source", b""),
        "an unknown relationship": (recording, b"/Source", b"/Sauce"),
        "an address instead": (recording, b"/Type/Filespec", b"/Type/Filespec/FS/URL/F(http://example.org)"),
        "a length of 2 to the 63rd": (stream, b"/Length ", b"/Length 9223372036854775808/Was "),
        "a negative length": (stream, b"/Length ", b"/Length -1/Was "),
        "a length of words": (stream, b"/Length ", b"/Length(7)/Was "),
        "a length elsewhere": (stream, b"/Length ", b"/Length 1 0 R/Was "),
        "a length that is shorter": (stream, b"/Length 8", b"/Length 7"),
        "no length": (stream, b"/Length ", b"/Was "),
        "a filter": (stream, b"/Length ", b"/Filter/FlateDecode/Length "),
        "a filter of one's own": (stream, b"/Length ", b"/Filter/Crypt/Length "),
        "a file outside": (stream, b"/Length ", b"/F(/etc/passwd)/Length "),
    }.items():
        forge = good.forge
        number = mark if isinstance(mark, int) else forge.number(mark)
        yield title, forge.change(number, old, new).sealed()
    forge = good.forge
    bomb = zlib.compress(bytes(200 << 20), 9)
    head = b"<</Type/EmbeddedFile/Subtype/audio#2Fwav/Filter/FlateDecode/Length %d/Params 1 0 R>>" % len(bomb)
    yield "a bomb of 200 MB", forge.put(sound, head + b"\nstream\n" + bomb + b"\nendstream").sealed()
    forge = good.forge
    was, now = (b"/EF<</F %d 0 R/UF %d 0 R" % (number, number) for number in (table, sound))
    forge.change(forge.number(was), was, now)
    yield "two names for one content", forge.sealed()
    forge = good.forge
    inner = b"%d 0 obj\n<</Type/EmbeddedFile/Subtype/a#2Fb/Length 4/Params 1 0 R>>\nstream\nABCD\nendstream\nendobj\n"
    yield "one content inside another", forge.replace_file(b"RIFF", lambda wav: wav + inner % 9998).sealed()
    for title, edit in {
        "one bit": lambda wav: wav[:-1] + bytes([wav[-1] ^ 1]),
        "longer": lambda wav: wav + b"\x00",
        "shorter": lambda wav: wav[:-2],
        "nothing": lambda _: b"",
        "another recording": lambda wav: wav[:44] + wav[44:][::-1],
        "with an end of its own": lambda wav: wav[:100] + b"\nendstream\nendobj\n" + wav[100:],
    }.items():
        yield f"contents swapped: {title}", good.forge.replace_file(b"RIFF", edit).sealed()


def manifests(good: Good) -> Files:
    """Manifests that lie or burst, each signed again."""

    def edited(change: Callable[[dict], object]) -> Callable[[bytes], bytes]:
        def edit(data: bytes) -> bytes:
            manifest = json.loads(data)
            change(manifest)
            return json.dumps(manifest, ensure_ascii=False, indent=1).encode()

        return edit

    def of_first(**values: object) -> Callable[[bytes], bytes]:
        return edited(lambda manifest: manifest["files"][0].update(values))

    for name, edit in {
        "empty": lambda _: b"",
        "no JSON": lambda _: b"{",
        "null": lambda _: b"null",
        "a list": lambda _: b"[]",
        "a number": lambda _: b"1",
        "another format": edited(lambda m: m.update(format="disclosure-desk-manifest/0")),
        "no format": edited(lambda m: m.pop("format")),
        "no files": edited(lambda m: m.pop("files")),
        "files that are words": edited(lambda m: m.update(files="all")),
        "a file that is words": edited(lambda m: m["files"].append("HH-000000001.wav")),
        "a file without name": edited(lambda m: m["files"][0].pop("filename")),
        "a name that is a number": of_first(filename=7),
        "a size that is words": of_first(size="80044"),
        "a size that is real": of_first(size=80044.5),
        "a size that is negative": of_first(size=-1),
        "a size of another file": of_first(size=1),
        "a digest of another file": of_first(sha256="0" * 64),
        "a digest in capitals": edited(lambda m: m["files"][0].update(sha256=m["files"][0]["sha256"].upper())),
        "a digest that is short": of_first(sha256=""),
        "a digest that is null": of_first(sha256=None),
        "another name": of_first(filename="HH-000000009.wav"),
        "a name that climbs": of_first(filename="../HH-000000001.wav"),
        "a file less": edited(lambda m: m["files"].pop(0)),
        "a file more": edited(lambda m: m["files"].append({**m["files"][0], "filename": "extra.wav"})),
        "a file twice": edited(lambda m: m["files"].append(m["files"][0])),
        "itself": edited(lambda m: m["files"].append({**m["files"][0], "filename": "manifest.json"})),
        "another Bates number than the table": of_first(bates="HH-000000007"),
        "another time than the table": of_first(recorded_at="1999-01-01T00:00:00+00:00"),
        "another device than the table": of_first(device="Somebody else's speaker"),
        "deep": lambda _: b'{"files":' + b"[" * 200_000,
        "deep and closed": lambda _: b"[" * 100_000 + b"]" * 100_000,
        "eight million lists": lambda _: b"[" + b"[]," * 8_000_000 + b"[]]",
        "a number without end": lambda data: data.replace(b'"size": ', b'"size": ' + b"9" * 100_000, 1),
        "a name twice": lambda data: data.replace(b'"format":', b'"format": "x", "format":', 1),
        "a digest twice": lambda data: data.replace(b'"sha256":', b'"sha256": "x", "sha256":', 1),
        "not a number": lambda data: data.replace(b'"size": ', b'"size": NaN, "was": ', 1),
        "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
        "no UTF-8": lambda data: data.replace(b'"format"', b'"\xff\xfe"', 1),
        "half": lambda data: data[: len(data) // 2],
        "twice": lambda data: data * 2,
    }.items():
        yield f"JSON: {name}", good.forge.replace_file(b'"format"', edit).sealed()
    for name, edit in {
        "empty": lambda _: b"",
        "no rows": lambda data: data.split(b"\r\n")[0] + b"\r\n",
        "a row more": lambda data: data + data.split(b"\r\n")[1] + b"\r\n",
        "a size": lambda data: data.replace(b",80044,", b",80045,"),
        "a device": lambda data: data.replace(b"Kitchen", b"Bedroom"),
        "a column less": lambda data: data.replace(b",sha256,", b",", 1),
        "a column twice": lambda data: data.replace(b"bates,", b"bates,bates,", 1),
        "a formula": lambda data: data.replace(b"Kitchen", b"=cmd()+"),
        "a million commas": lambda data: data + b"," * 1_000_000,
        "a head without end": lambda _: b"filename,size,sha256" * 100_000,
        "other line ends": lambda data: data.replace(b"\r\n", b"\n"),
        "a quote without end": lambda data: data + b'"',
    }.items():

        def with_digest(forge: Forge, edit: Callable[[bytes], bytes] = edit) -> Forge:
            return forge.replace_file(b"bates,filename", edit)

        yield f"CSV: {name}", with_digest(good.forge).sealed()
    for name, change in {
        "size": lambda rows: rows[0].update(size=1),
        "digest": lambda rows: rows[0].update(sha256="0" * 64),
        "name": lambda rows: rows[0].update(filename="HH-000000009.wav"),
        "a file less": lambda rows: rows.pop(0),
        "a file more": lambda rows: rows.append({**rows[0], "filename": "extra.wav"}),
        "each other's digest": lambda rows: _swap(rows, "sha256"),
    }.items():
        yield f"both lie: {name}", _lying(good.forge, change).sealed()
    forge = good.forge
    number = forge.number(b"/Subtype/application#2Fjson")
    spec = forge.number(b"/EF<</F %d 0 R" % number)
    json_name = re.search(rb"/F(<[0-9a-f]+>)", forge.objects[spec]).group(1)
    gone = forge.change(forge.root, b"%d 0 R" % spec, b"").change(
        forge.number(b"<</Limits["), json_name + b" %d 0 R" % spec, b""
    )
    yield "JSON: taken out", gone.sealed()


def _swap(rows: list[dict], column: str) -> None:
    rows[0][column], rows[1][column] = rows[1][column], rows[0][column]


def _lying(forge: Forge, change: Callable[[list[dict]], object]) -> Forge:
    """Change the rows of both manifests alike, so that only the files themselves contradict them."""
    table = b""

    def for_people(data: bytes) -> bytes:
        nonlocal table
        table = as_csv(rows, data.split(b"\r\n")[0].decode().split(","))
        return table

    def for_machines(data: bytes) -> bytes:
        manifest = json.loads(data)
        listed = {**manifest["files"][-1], "size": len(table), "sha256": hashlib.sha256(table).hexdigest()}
        return json.dumps(manifest | {"files": [*rows, listed]}, ensure_ascii=False, indent=1).encode()

    rows = json.loads(forge.file(b'"format"'))["files"][:-1]
    change(rows)
    return forge.replace_file(b"bates,filename", for_people).replace_file(b'"format"', for_machines)


def messages(good: Good) -> Files:
    """The CMS in the hole, which the signature itself can't cover."""
    cms = cms_in(good.data)

    def edited(change: Callable[[asn1.SignedData], object]) -> bytes:
        info = asn1.ContentInfo.load(cms)
        change(info["content"])
        return info.dump(force=True)

    def repeat_signer(signed: asn1.SignedData) -> None:
        signed["signer_infos"] = asn1.SignerInfos([signed["signer_infos"][0], signed["signer_infos"][0]])

    def certificates(*pems: bytes) -> Callable[[asn1.SignedData], None]:
        from asn1crypto import pem, x509  # noqa: PLC0415

        def put(signed: asn1.SignedData) -> None:
            own = signed["certificates"][0].chosen
            more = [x509.Certificate.load(pem.unarmor(each)[2]) for each in pems]
            signed["certificates"] = asn1.CertificateSet(
                [asn1.CertificateChoices("certificate", one) for one in (own, *more)]
            )

        return put

    foreign = a_key("Somebody Else")
    forty = [a_key("Somebody Else").certificate_pem] * 40
    start = 4 + 4
    yield from (
        (name, with_cms(good.data, changed))
        for name, changed in {
            "garbage": b"\x55" * 900,
            "an empty sequence": b"\x30\x00",
            "a null": b"\x05\x00",
            "a sequence without end": b"\x30\x80" + cms[4:] + b"\x00\x00",
            "a length beyond the hole": b"\x30\x84\x7f\xff\xff\xff" + cms[4:],
            "a length that is not minimal": b"\x30\x83\x00" + cms[2:],
            "five thousand sequences": b"\x30\x80" * 5000,
            "bytes behind": cms + b"\x01",
            "a second one behind": cms + cms[:900],
            "one byte less": cms[:-1],
            "data instead": asn1.ContentInfo({"content_type": "data", "content": core.OctetString(b"x")}).dump(),
            "two signers": edited(repeat_signer),
            "no signer": edited(lambda s: s.__setitem__("signer_infos", asn1.SignerInfos([]))),
            "MD5": edited(lambda s: s["signer_infos"][0].__setitem__("digest_algorithm", {"algorithm": "md5"})),
            "SHA-1": edited(lambda s: s["signer_infos"][0].__setitem__("digest_algorithm", {"algorithm": "sha1"})),
            "SHA-512": edited(lambda s: s["signer_infos"][0].__setitem__("digest_algorithm", {"algorithm": "sha512"})),
            "two digests": edited(lambda s: s["digest_algorithms"].append({"algorithm": "md5"})),
            "contents of its own": edited(
                lambda s: s["encap_content_info"].__setitem__("content", core.OctetString(b"x"))
            ),
            "another version": edited(lambda s: s.__setitem__("version", "v3")),
            "no certificate": edited(lambda s: s.__setitem__("certificates", asn1.CertificateSet([]))),
            "a foreign certificate too": edited(certificates(foreign.certificate_pem)),
            "forty certificates": edited(certificates(*forty)),
            "nothing signed": edited(
                lambda s: s["signer_infos"][0].__setitem__("signed_attrs", asn1.CMSAttributes([]))
            ),
            "no value": edited(lambda s: s["signer_infos"][0].__setitem__("signature", b"")),
            "another value": edited(lambda s: s["signer_infos"][0].__setitem__("signature", b"\x01" * 256)),
        }.items()
    )
    shuffled = random.Random(7)  # noqa: S311 — the same changes every time
    for at in shuffled.sample(range(start, len(cms)), 12):
        yield f"bit at {at}", with_cms(good.data, cms[:at] + bytes([cms[at] ^ 1]) + cms[at + 1 :])
    for name, key in {
        "signed by somebody else": foreign,
        "signed with what had expired": a_key("Harbor Home Legal Response", until=2026),
        "signed by somebody of the same name": a_key("Harbor Home Legal Response", until=2035),
        "signed under what is no authority": a_key("Deputy", "Harbor Home Legal Response"),
    }.items():
        yield name, resealed(key, good.data)


def mutilated(good: Good) -> Files:
    chance = random.Random(20261123)  # noqa: S311 — the same files every time
    data = good.data
    for number in range(60):
        start, other = chance.randrange(len(data)), chance.randrange(len(data))
        length = chance.choice([1, 7, 64, 4096])
        yield (
            f"{number}",
            data[:start] + data[other : other + length] * chance.choice([0, 1, 3]) + data[start + length + 1 :],
        )


def _in(data: bytes, start: int, old: bytes, new: bytes) -> bytes:
    """Replace what stands at or after a place, keeping nothing else in step."""
    at = data.index(old, start)
    return data[:at] + new + data[at + len(old) :]


FAMILIES = (no_pdf, cut_off, added_later, tables, objects, signatures, enclosed, manifests, messages, mutilated)

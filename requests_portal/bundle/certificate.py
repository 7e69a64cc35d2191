"""The custodian's certificate of authenticity (FRE 902(11), (13), (14); 28 U.S.C. § 1746)."""

from requests_portal.bundle import look as style
from requests_portal.bundle.contents import Certificate
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import paragraph, small, strong, title
from requests_portal.bundle.words import Words, moment


def draw_certificate(pages: Pages, certificate: Certificate, words: Words, *, new_page: bool) -> None:
    """Draw the statement and who signed it off, where and when; a court takes it as a page of its own."""
    title(pages, certificate.title, new_page=new_page)
    for text in certificate.paragraphs:
        paragraph(pages, text)
    pages.need(pages.look.leading * 7)
    pages.space(pages.look.leading * 2)
    pages.rule(colour=style.BRAND, width=1.0)
    pages.space(4)
    strong(pages, certificate.custodian_name)
    small(pages, certificate.custodian_role)
    small(pages, certificate.place)
    look = pages.look
    pages.y -= look.small_leading
    when = words["signed_off"].format(moment(certificate.signed_off_at))
    pages.late(when, face=pages.regular, size=look.small, colour=style.INK_SOFT)
    pages.space(look.leading)
    small(pages, words["check_log"])

"""A paper is made whatever people have written: PDF/UA-1 refuses a sign that no font has, and a name may hold one."""

import io
import unicodedata

import pytest
import typst
from pypdf import PdfReader

from web.files import documents
from web.files.documents import BOX, Document, paragraph, pdf, table

SWEDISH = "Åsa på Ölmegatan: 12 000 kr – ”ja”, §\xa04 • €"


def text_of(*said: str) -> str:
    made = pdf(Document("Minnesanteckningar", "Centrumgruppen", "2026", "sv", [paragraph(each) for each in said]))
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def test_what_is_written_here_stands_as_it_is_written() -> None:
    told = text_of(SWEDISH, "Ωμέγα и Жук")
    assert SWEDISH in told.replace("\n", " ")
    assert "Ωμέγα и Жук" in told
    assert BOX not in told


@pytest.mark.parametrize("sign", ["硑", "답", "ﷺ", "\U00070f87", "\ufffe", "\U000f0000"])
def test_a_sign_that_no_font_has_is_a_box_and_all_else_stays(sign: str) -> None:
    told = text_of(f"Förslag av {sign} om bänkar", SWEDISH)
    assert f"Förslag av {BOX} om bänkar" in told
    assert SWEDISH in told.replace("\n", " ")


def test_every_sign_there_is_makes_a_paper() -> None:
    every = "".join(filter(_is_written, map(chr, range(0x20, 0x3000))))
    pieces = [every[n : n + 400] for n in range(0, len(every), 400)]
    assert pdf(Document(every[:60], "x", "x", "sv", [table(["a"], [[each] for each in pieces], wide=0)]))


def _is_written(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cs", "Cn")


def test_a_paper_that_falls_with_its_signs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "NO_TEXT", documents.NO_TEXT[:1])
    with pytest.raises(typst.TypstError):
        text_of("硑")

"""Which parts of a text are masked: personal numbers, telephones and addresses, and none of the figures of a case."""

import pytest

from workflow.privacy.masking import found_in, is_personal_number, masked

HIDDEN = [
    ("Mitt nummer är 811228-9874.", "Mitt nummer är [personnummer dolt]."),
    ("19811228-9874", "[personnummer dolt]"),
    ("198112289874", "[personnummer dolt]"),
    ("811228+9874", "[personnummer dolt]"),
    ("1981-12-28 9874", "[personnummer dolt]"),
    ("samordning 701063-2391 här", "samordning [personnummer dolt] här"),
    ("Ring 070-123 45 67!", "Ring [telefonnummer dolt]!"),
    ("tel:0701234567", "tel:[telefonnummer dolt]"),
    ("+46 (0)70-123 45 67", "[telefonnummer dolt]"),
    ("0046701234567", "[telefonnummer dolt]"),
    ("0550-880 00", "[telefonnummer dolt]"),
    ("mejla a.b+c@exempel.se, tack", "mejla [e-postadress dold], tack"),
    ("A@B.SE och 0550-88000", "[e-postadress dold] och [telefonnummer dolt]"),
]
SHOWN = [
    "Det kostar 1 000 000 kr eller 0,5 mnkr", "2026-11-23", "23 november 2026", "CG-2026-014", "Ks/2013:63",
    "Ks/2015:30 000", "KF § 88 2015-09-08", "kl. 08.30-16.30", "681 84 Kristinehamn", "Kungsgatan 12-14",
    "konto 5460, verifikation A 1001", "811228-9873", "999999-9999", "810229-1234", "fyra bänkar @ torget",
    "2026-01-15 12:00", "556036-0793",
]  # fmt: skip


@pytest.mark.parametrize(("written", "shown"), HIDDEN)
def test_details_of_people_are_masked(written: str, shown: str) -> None:
    assert masked(written) == shown
    assert found_in(written)
    assert masked(shown) == shown, "what is masked has nothing more to mask"


@pytest.mark.parametrize("written", SHOWN)
def test_the_figures_of_a_case_are_not(written: str) -> None:
    assert masked(written) == written
    assert not found_in(written)


def test_the_check_digit_and_the_day_decide() -> None:
    assert is_personal_number("811228-9874")
    wrong = [f"811228-987{n}" for n in range(10) if n != 4]
    assert not any(map(is_personal_number, wrong))
    assert not is_personal_number("811328-9874")


def test_long_texts_take_no_longer_than_their_length() -> None:
    """Linear in the text: what would be tried over and over has a start that only the first sign can be."""
    for pump in ("a", "1", "0 ", "a.", "+", "0(", "1-"):
        written = pump * 25_000
        assert len(masked(written)) <= len(written)

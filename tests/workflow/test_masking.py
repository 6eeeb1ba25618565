"""Which parts of a text are masked: personal numbers, telephones and addresses, and none of the figures of a case."""

import pytest

from workflow.privacy.masking import found_in, masked

HIDDEN = [
    ("Mitt nummer är 811228-9874.", "Mitt nummer är [personnummer dolt]."),
    ("19811228-9874", "[personnummer dolt]"),
    ("198112289874", "[personnummer dolt]"),
    ("811228+9874", "[personnummer dolt]"),
    ("1981-12-28 9874", "[personnummer dolt]"),
    ("samordning 701063-2391 här", "samordning [personnummer dolt] här"),
    ("född 19800229-1235, ja", "född [personnummer dolt], ja"),  # no check digit is right in these
    ("811228-9873 och 811228+9873", "[personnummer dolt] och [personnummer dolt]"),
    ("198112289873", "[personnummer dolt]"),
    ("18991228+9873", "[personnummer dolt]"),
    ("8112289873", "[personnummer dolt]"),
    ("811228 9873", "[personnummer dolt]"),
    ("811228 - 9873", "[personnummer dolt]"),
    ("1981-12-28-9873", "[personnummer dolt]"),
    ("701063-2392", "[personnummer dolt]"),
    ("810229-1234", "[personnummer dolt]"),  # nor the day
    ("Dnr 811228-9874", "Dnr [personnummer dolt]"),
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
    "konto 5460, verifikation A 1001", "999999-9999", "811328-9874", "811232-9874", "fyra bänkar @ torget",
    "2026-01-15 12:00", "556036-0793", "2026-01-15 1200", "Dnr 151201-0012", "dnr: 20151201-0012", "1 050 000 kr",
    "SP-2026-002", "2026-01-15–2026-02-15", "2026-01-15 - 2026-02-15",
    "250 000–300 000 kr", "2026-2028",
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


def test_how_it_is_parted_asks_for_the_right_check_digit() -> None:
    """A day with a time after it is none, whatever the day."""
    assert [n for n in range(10) if found_in(f"1981.12.28 987{n}")] == [4]


def test_long_texts_take_no_longer_than_their_length() -> None:
    """Linear in the text: what would be tried over and over has a start that only the first sign can be."""
    for pump in ("a", "1", "0 ", "a.", "+", "0(", "1-"):
        written = pump * 25_000
        assert len(masked(written)) <= len(written)

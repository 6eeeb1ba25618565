"""What the sender of an idea can do with it just now, in words: the same on the private page and in each mail."""

from web.request.language import gettext


def may_do(*, revise: bool, withdraw: bool, ended: bool) -> str:
    """One or two sentences. ``revise``: the text can be changed now; ``withdraw``: it can be taken back now."""
    if ended:
        return gettext("Idén är avslutad. Du kan läsa vad som hände och rätta dina kontaktuppgifter.")
    if revise and withdraw:
        return gettext("Du kan ändra texten, lägga till bilder och dokument, eller ta tillbaka idén.")
    if revise:
        return gettext("Du kan ändra texten och lägga till bilder och dokument.")
    if withdraw:
        return gettext(
            "Du kan lägga till bilder och dokument, eller ta tillbaka idén. Texten går inte att ändra medan vi"
            " arbetar med den: skriv till oss om något är fel."
        )
    return gettext(
        "Du kan lägga till bilder och dokument. Texten går inte att ändra medan vi arbetar med den: skriv till oss"
        " om något är fel."
    )

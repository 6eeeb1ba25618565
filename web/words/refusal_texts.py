"""The Swedish of every refusal: (what is stopped, why, what to do). Facts stand as %(name)s; ``who`` can lift it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from states import RefusalKind as Kind
from web.words import (
    refusal_texts_access,
    refusal_texts_administration,
    refusal_texts_submission,
    refusal_texts_who,
)
from web.words.refusal_texts_money import MONEY_TEXTS
from web.words.refusal_texts_votes import VOTE_TEXTS
from web.words.secretary_refusals import SECRETARY_TEXTS, SECRETARY_VARIANTS

Texts = tuple[Any, Any, Any]
_NOTHING = _("Inget är registrerat.")
_NOT_YET = _("Det kan inte gå vidare än.")
_KEPT = _("Läs vad som har hänt. Det du skrev finns kvar: skicka igen om det fortfarande stämmer.")

PARTS: Mapping[str, Any] = {"sketch": _("skissen"), "programme": _("gestaltningsprogrammet"), "total": _("förslaget")}

TEXTS: Mapping[Kind, Texts] = {
    **SECRETARY_TEXTS,
    **refusal_texts_access.TEXTS,
    **refusal_texts_administration.TEXTS,
    Kind.NOT_FOUND: (
        _("Sidan kan inte visas."),
        _("Det finns inget förslag med numret %(number)s."),
        _("Kontrollera numret, eller sök på ett ord ur förslaget."),
    ),
    Kind.KEY_REUSED: (
        _("Det skickades inte en gång till."),
        _("Samma formulär har redan skickats, med annat innehåll."),
        _("Titta på det som är registrerat. Vill du ändå skicka det du har skrivit nu, så skicka igen."),
    ),
    Kind.STALE_VERSION: (_NOTHING, _("Någon annan har gjort något i ärendet sedan du öppnade sidan."), _KEPT),
    Kind.STALE_REVISION: (
        _NOTHING,
        _("Innehållet har ändrats sedan du öppnade sidan: du såg version %(seen)s, nu gäller version %(now)s."),
        _KEPT,
    ),
    Kind.ENDED: (
        _("Ärendet är avslutat."),
        _("Förslag %(number)s har nått sitt slut, och ingen väg leder vidare."),
        _("Lämna ett nytt förslag, eller fråga handläggaren."),
    ),
    Kind.NOT_HERE: (
        _("Steget kan inte tas nu."),
        _("Förslaget står vid ”%(state)s”, och dit hör inte det här steget."),
        _("Se vad som kan göras nu."),
    ),
    Kind.NOT_PERMITTED: (_("Du kan inte göra det här."), _("Det görs av %(needs)s."), _("Fråga %(who)s.")),
    **VOTE_TEXTS,
    Kind.FIELD_MISSING: (_NOTHING, _("Det saknas något: %(field)s."), _("Fyll i det och skicka igen.")),
    Kind.FIELD_INVALID: (_NOTHING, _("Det här går inte att använda: %(field)s."), _("Rätta det och skicka igen.")),
    Kind.CONTENT_FIXED: (
        _("Kostnaderna och finansieringen kan inte ändras så."),
        _("Pengar är reserverade, beslutade eller beställda för dem."),
        _("De ändras genom ett beslut: bifall med ändring, tilläggsbeslut eller nytt beslut. Fråga %(who)s."),
    ),
    Kind.LINES_MISSING: (
        _NOT_YET,
        _("Det är inte angivet vad det kostar."),
        _("Ange minst en kostnad med belopp. Det gör %(who)s."),
    ),
    Kind.LINES_UNCLASSIFIED: (
        _NOT_YET,
        _("Det är inte avgjort om det här är drift eller investering: %(lines)s."),
        _("Det avgör %(who)s."),
    ),
    Kind.FUNDING_INCOMPLETE: (
        _NOT_YET,
        _("%(line)s kostar %(asked_ore)s, och för %(missing_ore)s av dem är det inte angivet vad som betalar."),
        _("Ange finansiering för hela beloppet. Det gör %(who)s."),
    ),
    Kind.SOURCE_NOT_ALLOWED: (
        _("Den pengakällan går inte att använda."),
        _("%(line)s får inte betalas med %(source)s."),
        _("Välj en annan pott för kostnaden. Fråga %(who)s."),
    ),
    Kind.SOURCE_UNFIT: (
        _("Fel pott för kostnaden."),
        _("%(line)s är %(classification)s och kan inte betalas med %(source)s."),
        _("Byt vad som betalar, eller fråga %(who)s, som kan avgöra något annat och skriver då varför."),
    ),
    Kind.OWNER_UNKNOWN: (
        _NOT_YET,
        _("Det är inte angivet vem som äger platsen för: %(lines)s."),
        _("Ange om kommunen äger platsen. Det gör %(who)s."),
    ),
    Kind.DECISION_RIGHT_EXCEEDED: (
        _("Beslutet kan inte tas här."),
        _("%(amount_ore)s får beslutas av %(needs)s."),
        _("Lämna över ärendet till rätt instans: %(who)s."),
    ),
    Kind.INSTANCE_BELOW: (
        _("Ärendet kan inte lämnas över dit."),
        _("Nu väntar vi på beslut av %(awaits)s, och %(next)s står inte över den instansen."),
        _("Välj en instans som får besluta om mer."),
    ),
    Kind.ABOVE_LIMIT: (
        _("Den här vägen går inte att ta."),
        _("Summan är %(amount_ore)s, och vägen gäller för högst %(limit_ore)s."),
        _("Ta den vanliga vägen i stället."),
    ),
    Kind.BELOW_LIMIT: (
        _("Den här vägen behövs inte."),
        _("Summan är %(amount_ore)s, och vägen gäller för mer än %(limit_ore)s."),
        _("Ta den kortare vägen i stället."),
    ),
    Kind.ABOVE_COMMITMENT: (
        _("Beställningen kan inte registreras."),
        _("Avtalet är på %(amount_ore)s, men det som är beslutat är %(committed_ore)s."),
        _("Begär ett nytt beslut. Det kan fattas av %(who)s."),
    ),
    **MONEY_TEXTS,
    Kind.DECISION_SENT: (
        _("Steget kan inte rättas."),
        _("Beslutet är expedierat, så andra har redan fått det."),
        _("Registrera ett nytt beslut i stället. Fråga %(who)s."),
    ),
    Kind.NOT_LATEST: (
        _("Steget kan inte rättas."),
        _("Bara det senaste som har hänt kan rättas, och något annat har hänt sedan steget togs."),
        _("Ta ett nytt steg i stället, eller fråga %(who)s."),
    ),
    Kind.MERGE_TARGET_ENDED: (
        _("Förslagen kan inte föras samman."),
        _("Förslag %(number)s finns inte, är avslutat eller är det här förslaget."),
        _("Kontrollera numret, eller fråga %(who)s."),
    ),
    **refusal_texts_who.TEXTS,
}

VARIANTS: Mapping[tuple[Kind, str | None], Texts] = {
    **SECRETARY_VARIANTS,
    **refusal_texts_access.VARIANTS,
    **refusal_texts_administration.VARIANTS,
    (Kind.NOT_PERMITTED, "same_person"): (
        _("Du kan inte rätta steget."),
        _("Bara den som tog det senaste steget kan rätta det."),
        _("Fråga den som tog det, eller %(who)s."),
    ),
    (Kind.NOT_PERMITTED, "nobody"): (
        _("Du kan inte göra det här."),
        _("Du har ingen uppgift i det här ärendet i dag."),
        _("Fråga %(who)s, eller logga in som någon annan."),
    ),
    (Kind.CONTENT_FIXED, "open"): (
        _NOT_YET,
        _("%(open_ore)s står fortfarande reserverat, beslutat eller beställt."),
        _("Det behöver användas eller lämnas tillbaka först. Fråga %(who)s."),
    ),
    (Kind.CONTENT_FIXED, "paid"): (
        _("Kostnaderna och finansieringen kan inte ändras så."),
        _("%(spent_ore)s är redan bokfört på en rad som skulle försvinna eller bli mindre."),
        _("Låt raden vara minst så stor som det som är bokfört. Fråga %(who)s."),
    ),
    (Kind.FUNDING_INCOMPLETE, "too_much"): (
        _NOT_YET,
        _("%(line)s kostar %(asked_ore)s, men finansieringen är %(missing_ore)s för stor."),
        _("Rätta finansieringen så att den blir lika stor som kostnaden. Det gör %(who)s."),
    ),
    (Kind.DECISION_RIGHT_EXCEEDED, "nobody"): (
        _("Beslutet kan inte tas än."),
        _("Det är inte bestämt vem som får besluta om finansieringen av %(amount_ore)s."),
        _("Ange finansieringen och kontrollera beslutanderätten. Fråga %(who)s."),
    ),
    (Kind.ABOVE_LIMIT, "unknown"): (
        _("Den här vägen går inte att ta."),
        _("Den gäller upp till en gräns som ingen har angett."),
        _("Ta den vanliga vägen, eller be %(who)s ange gränsen."),
    ),
    (Kind.BELOW_LIMIT, "unknown"): (
        _("Den här vägen behövs inte."),
        _("Den gäller från en gräns som ingen har angett."),
        _("Ta den kortare vägen, eller be %(who)s ange gränsen."),
    ),
    (Kind.FIELD_MISSING, "override_reason"): (
        _NOTHING,
        _("Kostnad %(line)s blir inte som föreslaget, och skälet saknas."),
        _("Skriv varför och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "funding"): (
        _NOTHING,
        _("Finansieringen hör inte till någon kostnad i förslaget."),
        _("Välj en av raderna och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "pot"): (
        _NOTHING, _("Det finns ingen sådan pott: %(value)s."), _("Välj en av potterna och skicka igen."),
    ),
    (Kind.FIELD_INVALID, "credit"): (
        _NOTHING,
        _("Krediten är större än det som är bokfört. Högst %(most_ore)s kan krediteras."),
        _("Rätta beloppet, eller välj en annan rad."),
    ),
    (Kind.MONEY_SPENT, "unknown"): (
        _("Steget kan inte rättas."),
        _("Pengar är redan bokförda."),
        _("Ta ett nytt steg i stället, eller fråga %(who)s."),
    ),
    (Kind.POT_SHORT, "contested"): (
        _("Pengarna räcker inte."),
        _("Någon annan hann före: i %(pot_title)s %(year)s är %(available_ore)s kvar."),
        _("Titta på potten och försök igen. Mer kan ges genom ett beslut av %(who)s."),
    ),
    (Kind.LINES_MISSING, "sketch"): (
        _NOT_YET, _("Det är inte angivet vad skissen kostar."), _("Ange en kostnad av slaget skiss. Det gör %(who)s."),
    ),
    (Kind.LINES_MISSING, "programme"): (
        _NOT_YET,
        _("Det är inte angivet vad gestaltningsprogrammet kostar."),
        _("Ange en kostnad av slaget gestaltningsprogram. Det gör %(who)s."),
    ),
    **refusal_texts_who.VARIANTS,
    **refusal_texts_submission.VARIANTS,
}  # fmt: skip

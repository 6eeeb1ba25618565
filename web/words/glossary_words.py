"""The words of the pages that not everybody uses every day, each explained in one or two sentences. Decides nothing."""

from typing import Any

from flask_babel import lazy_gettext as _

GLOSSARY: tuple[tuple[Any, Any], ...] = (
    (_("Allmän handling"), _(
        "En text eller bild som kommunen förvarar och som har kommit in eller är färdig. Alla har rätt att be "
        "om att få läsa den."
    )),
    (_("Anslå"), _(
        "Att sätta upp på kommunens anslagstavla att ett protokoll är justerat. Från den dagen räknas tiden "
        "för att överklaga."
    )),
    (_("Avpublicera"), _(
        "Att ta bort något från webben. Det finns kvar hos kommunen och kan fortfarande lämnas ut."
    )),
    (_("Avstämning"), _(
        "När {forum} träffas, går igenom vad som har hänt och tar ställning till förslag."
    )),
    (_("Avrop"), _("En beställning enligt ett avtal som redan är upphandlat.")),
    (_("Beredning"), _("Arbetet med att ta reda på det som behövs innan någon kan ta ställning eller besluta.")),
    (_("Beslutat"), _("Pengar som ett beslut har sagt ja till, men som inte är beställda än.")),
    (_("Beslutsattestant"), _(
        "Den som är ansvarig för kontot, och som avgör om en kostnad är drift eller investering."
    )),
    (_("Beställt"), _("Pengar som är bundna i en beställning eller ett avtal.")),
    (_("Bokfört"), _("Pengar som är betalda, enligt fakturor.")),
    (_("Bordlagt"), _("Beslutet är uppskjutet till ett senare möte.")),
    (_("Delegationsbeslut"), _(
        "Ett beslut som en anställd får fatta åt en nämnd, inom gränser som nämnden har bestämt."
    )),
    (_("Diarienummer"), _("Ärendets nummer i kommunens register över handlingar.")),
    (_("Drift"), _(
        "Kostnader för det som görs eller förbrukas under året, till exempel ett studiebesök eller en skiss."
    )),
    (_("Expediera"), _("Att skicka ut ett beslut till dem som berörs.")),
    (_("Gallra"), _("Att förstöra uppgifter för alltid. Det får bara göras när det finns ett beslut om det.")),
    (_("Gestaltningsprogram"), _("En vägledning för hur en plats ska se ut: material, möbler, ljus och grönska.")),
    (_("Intresseanmälan"), _("Att någon berättar om ett eget intresse i saken, och därför inte deltar.")),
    (_("Investering"), _(
        "Något som ska användas i flera år och som kommunen äger, till exempel bänkar eller en ny beläggning."
    )),
    (_("Justera"), _("Att intyga att ett protokoll stämmer. Till dess kan orden ändras.")),
    (_("Klassificera"), _("Att avgöra om en kostnad är drift eller investering, och därmed vilken pott som betalar.")),
    (_("Kvar"), _(
        "Det som är kvar av pottens budget när allt som är reserverat, beslutat, beställt och bokfört är "
        "borträknat."
    )),
    (_("Laga kraft"), _("När tiden för att överklaga har gått ut utan att någon har överklagat.")),
    (_("Medfinansiering"), _(
        "Pengar från någon annan än kommunen, till exempel en fastighetsägare eller en myndighet."
    )),
    (_("Ombudgetering"), _("Ett beslut om att flytta pengar som inte hann betalas ut till nästa års budget.")),
    (_("Pott"), _("En summa pengar för ett visst ändamål och år.")),
    (_("Protokoll"), _("Det som skrivs om vad en nämnd eller styrelse har beslutat på ett möte.")),
    (_("Rätta"), _(
        "Att ändra det som har blivit fel. Det som stod förut finns kvar i historiken, med skälet till rättelsen."
    )),
    (_("Reserverat"), _("Pengar som är lagda åt sidan i väntan på ett beslut.")),
    (_("Skissunderlag"), _("Teckningar och beskrivningar som visar hur en idé kan se ut.")),
    (_("Slutbesiktning"), _("En kontroll av att bygget är rätt utfört. När den är godkänd tar kommunen över.")),
    (_("Ställningstagande"), _("Vad en grupp rekommenderar. Gruppen beslutar inte.")),
    (_("Upphandling"), _("När kommunen tar in anbud och väljer vem som ska göra ett arbete eller leverera något.")),
    (_("Tilläggsbeslut"), _("Ett nytt beslut om mer pengar, när det som var beslutat inte räcker.")),
    (_("Tjänsteskrivelse"), _(
        "Tjänstepersonens text inför ett beslut: vad saken gäller, vad den kostar och vad som föreslås."
    )),
    (_("Återlämnat"), _("Pengar som inte behövdes och som är tillbaka i potten.")),
    (_("Återrapport"), _("Vad det blev, vad det kostade och vad vi lärde oss, när allt är klart.")),
    (_("Återremiss"), _("Förslaget skickas tillbaka med en fråga som behöver besvaras först.")),
    (_("Överskridande"), _(
        "När en pott har fått större kostnader än den har pengar till. Då stannar nya beslut tills det är "
        "täckt."
    )),
)  # fmt: skip

"""What pages say of grounds for an interest. KL 6 kap. 28 §, in its order and in plain words."""

from flask_babel import lazy_gettext as _

GROUNDS = {
    "own": _("Saken rör mig själv: jag äger, hyr eller driver något som påverkas"),
    "close": _("Saken rör någon som står mig nära"),
    "represents": _("Jag företräder någon som saken rör, till exempel ett företag eller en förening"),
    "supervises": _("Saken är tillsyn över en verksamhet som jag själv hör till"),
    "agent": _("Jag har hjälpt någon i saken mot betalning, eller fört någons talan"),
    "other": _("Något annat som kan göra att andra undrar om jag är opartisk"),
}
GROUNDS_SHORT = {
    "own": _("saken rör personen själv"),
    "close": _("saken rör någon närstående"),
    "represents": _("företräder någon som saken rör"),
    "supervises": _("tillsyn över egen verksamhet"),
    "agent": _("har biträtt någon i saken"),
    "other": _("annan omständighet"),
}
# Where an officer may note it of somebody else.
NEUTRAL = {
    "own": _("Saken rör personen själv: äger, hyr eller driver något som påverkas"),
    "close": _("Saken rör någon som står personen nära"),
    "represents": _("Personen företräder någon som saken rör, till exempel ett företag eller en förening"),
    "supervises": _("Saken är tillsyn över en verksamhet som personen själv hör till"),
    "agent": _("Personen har hjälpt någon i saken mot betalning, eller fört någons talan"),
    "other": _("Något annat som kan göra att andra undrar om personen är opartisk"),
}

"""The words for what a proposal's content names by id: kinds of cost, and the vision's criteria. Decides nothing."""

from flask_babel import lazy_gettext

LINES = {
    "sketch": lazy_gettext("Skiss"),
    "programme": lazy_gettext("Gestaltningsprogram"),
    "furniture": lazy_gettext("Möbler och utrustning"),
    "ground": lazy_gettext("Mark och beläggning"),
    "lighting": lazy_gettext("Belysning"),
    "planting": lazy_gettext("Planteringar"),
    "play": lazy_gettext("Lek"),
    "art": lazy_gettext("Konst"),
    "other": lazy_gettext("Annat"),
    "study_visit": lazy_gettext("Studiebesök"),
    "conference": lazy_gettext("Konferens"),
    "knowledge_evening": lazy_gettext("Kunskapskväll"),
    "event": lazy_gettext("Evenemang"),
    "maintenance": lazy_gettext("Underhåll och reparation"),
}
CRITERIA = {
    "safety": lazy_gettext("trygghet"),
    "comfort": lazy_gettext("trivsel"),
    "offer": lazy_gettext("utbud"),
    "accessibility": lazy_gettext("tillgänglighet"),
    "street_life": lazy_gettext("folkliv"),
    "inclusion": lazy_gettext("inkludering"),
    "meeting_places": lazy_gettext("mötesplatser"),
}

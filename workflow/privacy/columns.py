"""For whom each column is: everybody, officials, about a person, or nobody. A column that is not here is nobody's yet,
and a test says so. What is read of a public one still passes through ``public_text`` and ``public_words``."""

from collections.abc import Mapping

PUBLIC, INTERNAL, PERSONAL, SECRET = "public", "internal", "personal", "secret"
# What a table is for, and the columns that are otherwise. PERSONAL: about a person or in a person's own words; shown to
# officials, in the extract, and erased where a decision says so. SECRET: opens something, or is the digest of a secret.
_TABLES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "account": (INTERNAL, {PERSONAL: "login", SECRET: "password_hash"}),
    "attempt": (INTERNAL, {PERSONAL: "counter"}),
    "body": (PUBLIC, {}),
    "calendar_feed": (INTERNAL, {SECRET: "secret_hash"}),
    "comment": (INTERNAL, {}),
    "cost_detail": (INTERNAL, {}),
    "cost_line": (PUBLIC, {INTERNAL: "classification_reason"}),
    "decision": (PUBLIC, {}),
    "decision_record": (PUBLIC, {}),
    "decision_right": (INTERNAL, {}),
    "definition": (PUBLIC, {INTERNAL: "digest stored_at"}),
    "deputy": (INTERNAL, {PERSONAL: "principal_id deputy_id from_on to_on"}),
    "draft": (PERSONAL, {SECRET: "secret_hash key_hash answer", INTERNAL: "id created_at changed_at sent_as"}),
    "duty": (PUBLIC, {INTERNAL: "answer"}),
    "erasure": (INTERNAL, {}),
    "event": (INTERNAL, {PERSONAL: "actor"}),
    "follow": (PERSONAL, {}),
    "funding": (PUBLIC, {}),
    "handover": (INTERNAL, {}),
    "held_decision": (INTERNAL, {}),
    "holding": (PUBLIC, {}),
    "import_batch": (INTERNAL, {}),
    "import_row": (INTERNAL, {}),
    "interest": (INTERNAL, {PERSONAL: "ground"}),
    "invitation": (INTERNAL, {SECRET: "secret_hash"}),
    "ledger_entry": (PUBLIC, {INTERNAL: "supplier voucher"}),
    "link": (INTERNAL, {SECRET: "secret_hash"}),
    "mail": (INTERNAL, {PERSONAL: "error"}),
    "mail_choice": (PERSONAL, {}),
    "mark": (INTERNAL, {}),
    "meeting": (PUBLIC, {}),
    "meeting_item": (INTERNAL, {}),
    "member_property": (PERSONAL, {}),
    "membership": (INTERNAL, {PERSONAL: "person_id"}),
    "notice": (INTERNAL, {PERSONAL: "recipient"}),
    "opinion_round": (PUBLIC, {}),
    "passage": (PERSONAL, {INTERNAL: "stream seq field", SECRET: "salt digest"}),
    "person": (PERSONAL, {INTERNAL: "id kind created_at"}),
    "pot": (PUBLIC, {}),
    "pot_year": (PUBLIC, {}),
    "proposal": (PUBLIC, {INTERNAL: "id proposer_id seq head"}),
    "public_face": (PUBLIC, {INTERNAL: "found reviewed_seq hidden_seq"}),
    "public_wording": (INTERNAL, {}),
    "quiet_period": (PUBLIC, {}),
    "rate": (PUBLIC, {}),
    "refusal": (INTERNAL, {PERSONAL: "actor facts"}),
    "reminder": (INTERNAL, {}),
    "request": (INTERNAL, {SECRET: "digest key", PERSONAL: "actor"}),
    "revision": (PERSONAL, {INTERNAL: "proposal_id n recorded_at", SECRET: "salt digest"}),
    "search_form": (PUBLIC, {}),
    "search_word": (PUBLIC, {}),
    "session": (PERSONAL, {SECRET: "token_hash"}),
    "session_browser": (PERSONAL, {SECRET: "token_hash"}),
    "stream": (INTERNAL, {}),
    "upload": (PUBLIC, {PERSONAL: "by_person", INTERNAL: "id draft_id seq digest looked_seq added_at erased_at"}),
    "vote_rule": (PUBLIC, {}),
    "watch": (PERSONAL, {}),
}
# Every column of every table as it was classified: a new one has to be added here, whatever its table is for.
KNOWN: Mapping[str, str] = {
    "account": "person_id login password_hash disabled_at",
    "attempt": "counter tries counted_at free_at",
    "body": "id code kind title level ended_on successor_id",
    "calendar_feed": "secret_hash person_id created_at revoked_at",
    "comment": "number kind page proposal_id received_at closed_at outcome",
    "cost_detail": "proposal_id revision n content",
    "cost_line": "proposal_id revision n what kind amount_ore life_years owner classification classification_reason",
    "decision": (
        "stream seq instance kind outcome decided_on paragraph delegation_point registry_no adjusted_on sent_at"
    ),
    "decision_record": "stream seq immediately posted_on taken_down_on sent_on reported_at",
    "decision_right": "id holder level source up_to_ore point from_on to_on basis substitute",
    "definition": "id process version digest body stored_at",
    "deputy": "id principal_id deputy_id from_on to_on seq ended_at",
    "draft": "id secret_hash typed created_at changed_at sent_as key_hash answer",
    "duty": "id proposal_id seq kind holder since due_on version answered_at answer",
    "erasure": "stream scope seq",
    "event": "stream seq kind actor recorded_at body previous hash",
    "follow": "person_id proposal_id state asked_at changed_at",
    "funding": "proposal_id revision n line binding pot_id source year amount_ore",
    "handover": "id duty_id from_id to_id handed_at seq returned_seq",
    "held_decision": "stream about held_seq published_seq",
    "holding": "proposal_id binding funding pot_year_id reserved_ore committed_ore ordered_ore spent_ore",
    "import_batch": "id kind filename digest person_id uploaded_at",
    "import_row": "batch_id n said fate reasons stream seq",
    "interest": "id proposal_id person_id ground declared_on noted_by seq withdrawn_seq",
    "invitation": "secret_hash person_id created_at expires_at used_at",
    "ledger_entry": (
        "stream seq n pot_year_id kind from_bucket to_bucket amount_ore binding funding year accounting_on "
        "supplier voucher"
    ),
    "link": "secret_hash proposal_id person_id created_at revoked_at",
    "mail": (
        "id message_id person_id kind stream seq duty_id state attempts next_at leased_until leased_by error "
        "created_at ended_at digest_id"
    ),
    "mail_choice": "person_id pace language changed_at",
    "mark": "name value",
    "meeting": "id body_id held_on papers_due_on",
    "meeting_item": "meeting_id stream seq",
    "member_property": "id person_id place from_on to_on source",
    "membership": "id person_id body_id role category from_on to_on source",
    "notice": "id stream seq kind recipient created_at sent_at",
    "opinion_round": "proposal_id seq due_on closed_at",
    "passage": "stream seq field salt content digest",
    "person": "id ref kind name title email telephone created_at",
    "pot": "id code kind title proposal_id",
    "pot_year": (
        "id pot_id year budget_ore overrun_ore available_ore reserved_ore committed_ore ordered_ore spent_ore "
        "decided closed_on"
    ),
    "proposal": (
        "id number definition_id proposer_id state origin awaits_role awaits_body version revision seq head since "
        "due_on parked_until ended_at created_at registry_no is_example"
    ),
    "public_face": "proposal_id state found title content reviewed_seq hidden_seq",
    "public_wording": "stream about field seq",
    "quiet_period": "id from_on to_on title",
    "rate": "id name value unit from_on to_on source set_by",
    "refusal": "id at actor what kind facts",
    "reminder": "duty_id due_on stage made_at",
    "request": "actor key digest answer recorded_at",
    "revision": "proposal_id n title content salt digest recorded_at",
    "search_form": "form word",
    "search_word": "word proposal_id",
    "session": "token_hash person_id proposal_id created_at seen_at expires_at ended_at",
    "session_browser": "token_hash agent",
    "stream": "name seq head",
    "upload": (
        "id name draft_id proposal_id seq kind title alt phase size digest width height standing by_person looked_seq "
        "added_at erased_at"
    ),
    "vote_rule": "id body_id share from_on to_on source",
    "watch": "person_id proposal_id since",
}


def class_of(table: str, column: str) -> str:
    """For whom a column is. Raises KeyError for one that nobody has classified."""
    if column not in KNOWN[table].split():
        raise KeyError(f"{table}.{column}")
    usual, others = _TABLES[table]
    return next((of for of, names in others.items() if column in names.split()), usual)

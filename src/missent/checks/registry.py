"""Every check, in the order in which findings are shown: what is certain first, then likely slips, then company.

A check that is not in this table does not run; each id has its file, its table of hits and near misses, its doc page
and its words under the same name.
"""

from missent.checks import (
    above_ceiling,
    cannot_exist,
    corrected_in_thread,
    disposable_domain,
    forgotten_attachment,
    greeting_mismatch,
    hidden_content,
    lookalike_address,
    lookalike_domain,
    many_people,
    marking_downgraded,
    mixed_company,
    newcomer,
    not_inspected,
    not_releasable,
    pasted_from_other_thread,
    personal_address,
    restricted_tld,
    to_should_be_bcc,
    unknown_channel,
    unmarked_sensitive,
    wrong_attachment,
)
from missent.checks.context import Check

CHECKS: tuple[Check, ...] = (
    Check(cannot_exist.ID, cannot_exist.look, history_excuses=True),
    Check(restricted_tld.ID, restricted_tld.look, history_excuses=True),
    Check(corrected_in_thread.ID, corrected_in_thread.look, needs_message=True),
    Check(lookalike_domain.ID, lookalike_domain.look),
    Check(lookalike_address.ID, lookalike_address.look),
    Check(personal_address.ID, personal_address.look),
    Check(above_ceiling.ID, above_ceiling.look, needs_message=True),
    Check(not_releasable.ID, not_releasable.look, needs_message=True),
    Check(unmarked_sensitive.ID, unmarked_sensitive.look, needs_message=True),
    Check(many_people.ID, many_people.look, needs_message=True),
    Check(wrong_attachment.ID, wrong_attachment.look, needs_message=True),
    Check(hidden_content.ID, hidden_content.look, needs_message=True),
    Check(unknown_channel.ID, unknown_channel.look),
    Check(greeting_mismatch.ID, greeting_mismatch.look, needs_message=True),
    Check(pasted_from_other_thread.ID, pasted_from_other_thread.look, needs_message=True),
    Check(forgotten_attachment.ID, forgotten_attachment.look, needs_message=True),
    Check(marking_downgraded.ID, marking_downgraded.look, needs_message=True),
    Check(disposable_domain.ID, disposable_domain.look, history_excuses=True),
    Check(to_should_be_bcc.ID, to_should_be_bcc.look, needs_message=True),
    Check(mixed_company.ID, mixed_company.look),
    Check(newcomer.ID, newcomer.look),
    Check(not_inspected.ID, not_inspected.look, needs_message=True),
)

"""Every attack that was thought of, and the test that makes it: one that is renamed or taken out fails here."""

# ruff: noqa: E501 — an attack and its test stand in one line.

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ATTACKS = """
a stolen cookie after its owner signed out: web/test_sessions.py signing_out_ends_the_session_on_the_server_so_that_a_copy_of_the_cookie_opens_nothing
a made-up session token: web/test_sessions.py a_token_that_nobody_was_given_opens_nothing
a digest read from the tables, used as a token: web/test_sessions.py a_digest_from_the_tables_is_no_token
a token fixed before the sign-in: web/test_sessions.py each_sign_in_gets_a_new_token_and_the_one_before_it_is_worth_nothing
a session of somebody who has left: web/test_sessions.py a_person_who_is_no_longer_known_is_out_at_once
an account named like a colleague: web/test_sessions.py a_customer_whose_account_is_called_like_a_colleague_has_nothing_of_that_colleague_s
ending another person's session: web/test_sessions.py another_person_s_session_reads_like_one_that_does_not_exist
what somebody else typed before their session ran out: web/test_sessions.py what_somebody_else_typed_is_not_shown_to_who_signs_in_after_them
an old session at an act that counts: attacks/test_walk.py what_counts_asks_anew_who_is_there_and_tells_a_thief_nothing
a session that opens nothing, whatever became of it: web/test_refused.py a_session_that_opens_nothing_is_counted_alike_whatever_became_of_it_and_reads_like_none
a form sent by nobody in particular: web/test_refused.py a_form_that_nobody_in_particular_sends_is_counted_and_a_link_that_they_follow_is_not
the log flooded by who is not signed in: attacks/test_strange_requests.py many_forms_of_nobody_s_are_a_bounded_number_of_entries_in_the_log
a role taken away in the middle of a session: web/test_passkeys.py other_roles_hold_from_the_next_page_on
roles taken away at the provider: web/test_providers.py roles_that_the_provider_takes_away_are_lost_in_open_sessions_too
a passkey of another account: web/test_passkeys.py a_passkey_under_another_person_s_name_lets_nobody_in
a passkey that nobody enrolled: web/test_passkeys.py a_passkey_that_nobody_enrolled_reads_like_one_that_failed
a passkey's answer replayed: web/test_passkeys.py an_answer_is_good_once
a passkey without looking who is there: web/test_passkeys.py a_passkey_that_asks_for_no_finger_face_or_pin_is_refused
an enrolment link used twice: web/test_passkeys.py a_link_is_used_up_by_pressing_its_button_and_by_nothing_else
an enrolment link and no passkey: web/test_passkeys.py who_came_by_a_link_does_nothing_before_there_is_a_passkey
a passkey added in an old session: web/test_sessions.py who_adds_a_passkey_is_asked_who_they_are_before_their_device_makes_one
a mailed link replayed: web/test_mailed_links.py a_link_is_used_once_and_within_a_quarter_of_an_hour
a mail scanner that opens the link: web/test_mailed_links.py looking_at_a_link_does_not_use_it_up
asking which addresses have accounts: web/test_mailed_links.py an_address_that_nobody_has_reads_and_works_the_same_and_gets_no_mail
a mailbox flooded with links: web/test_mailed_links.py a_stranger_who_asks_again_and_again_fills_no_mailbox_and_locks_nobody_out
many addresses tried from one place: web/test_mailed_links.py who_asks_for_many_addresses_is_slowed_down_from_where_they_are
a forged address behind a proxy: web/test_mailed_links.py a_client_is_known_by_the_nearest_address_that_is_no_proxy_of_ours
a provider's answer of another browser: web/test_providers.py a_browser_that_was_not_sent_brings_nothing_back
a provider's answer replayed: web/test_providers.py what_came_back_once_is_worth_nothing_the_second_time
a token for somebody else, too old or unsigned: web/test_providers.py a_token_that_does_not_fit_lets_nobody_in
a token signed with another key: web/test_providers.py a_token_that_its_provider_did_not_sign_with_its_own_key_lets_nobody_in
an unverified address at the provider: web/test_providers.py an_address_that_nobody_verified_makes_nobody_somebody_else
an old sign-in given out as fresh: web/test_providers.py a_sign_in_of_long_ago_is_not_taken_for_a_fresh_one
one provider in another's name: web/test_providers.py another_provider_s_answer_is_told_by_its_name
a changed e-mail, then a request: web/test_impostors.py whoever_changed_the_address_gets_nothing_for_three_days_and_reads_why
a changed e-mail, then a routine request: work/test_routine_answers.py within_72_hours_of_a_change_of_address_it_waits_and_one_asked_later_is_answered
another customer's request guessed: web/test_impostors.py what_another_customer_guesses_reads_as_what_never_was
another customer's recording id: web/test_my.py anothers_recording_reads_as_one_that_never_was
another customer's recording id at the desk: web/test_recordings.py another_customer_s_recording_is_neither_listed_nor_opened
deleting another customer's recordings: web/test_deleting.py another_customer_s_recordings_cannot_be_deleted
another customer's release: web/test_my.py another_customer_gets_nothing_of_a_release
a recording swapped between scope and bundle: web/test_impostors.py a_copy_in_which_a_recording_is_another_customers_is_downloaded_no_more
a customer's answer by a link: web/test_impostors.py no_link_opens_a_customers_own_answer
a sealed case guessed by reference: web/test_sealed.py for_others_its_address_is_one_where_nothing_is
a sealed case counted: web/test_sealed.py every_list_is_what_it_was_before_there_was_such_a_request
any object of others, guessed by any role: attacks/test_walk.py what_is_not_theirs_reads_like_what_is_not_there_and_is_counted
any page that the role may not open: attacks/test_walk.py what_the_table_does_not_allow_is_refused_alike_whatever_it_names_and_is_counted
any address, not signed in: attacks/test_walk.py who_is_not_signed_in_is_asked_to_and_told_nothing
any method that a route does not take: attacks/test_walk.py a_method_that_a_route_does_not_take_is_refused
a look-alike agency: work/test_officer_checks.py the_sender_s_domain_is_theirs_a_look_alike_or_unknown_and_alone_confirms_nobody
a call-back to a number in the letter: work/test_officer_checks.py a_number_that_stands_in_the_papers_is_refused_however_it_is_written
a call-back to a number in the form: work/test_officer_checks.py a_number_that_stands_in_the_request_s_own_form_is_refused
a call-back to a number found elsewhere: work/test_officer_checks.py a_number_that_the_directory_has_not_is_refused
an officer of another agency: work/test_officer_checks.py a_call_to_one_agency_does_not_confirm_another
a check written by hand into the facts: work/test_officer_checks.py no_fact_of_a_check_is_written_otherwise
a clerk who says the requester is verified: web/test_intake.py nobody_who_files_a_demand_can_say_that_the_requester_is_verified
a forged emergency: work/test_attested_emergencies.py a_forged_emergency_gets_nothing_but_a_preservation
an emergency approved by who attested it: work/test_attested_emergencies.py whoever_put_the_attestation_down_or_decided_does_not_approve
a supervisor on a number of the request: work/test_attested_emergencies.py a_supervisor_is_not_called_on_a_number_that_the_request_gives_or_that_the_directory_has_not
a paper made from an earlier one: work/test_comparing_papers.py papers_made_from_an_earlier_one_leave_nobody_confirmed
a paper that stalls its reader: work/test_comparing_papers.py hostile_text_is_marked_within_a_moment
a message of two readings: mail/test_message_evidence.py a_message_that_could_be_read_in_two_ways_is_refused
a message signed without its sender: mail/test_message_evidence.py a_signature_that_leaves_the_sender_out_says_nothing_of_who_sent_it
a message that vouches for itself: mail/test_message_evidence.py what_the_message_says_of_its_own_checks_proves_nothing
a message of hostile size: mail/test_message_evidence.py a_message_of_hostile_size_is_refused
a change of the directory by one person: work/test_agencies.py neither_the_same_person_nor_haste_nor_another_role_changes_the_directory
a change of the directory other than was seen: work/test_agencies.py a_confirmation_binds_to_exactly_what_was_seen
several approvals in the same moment: attacks/test_at_once.py of_several_approvals_at_once_one_counts
several releases in the same moment: attacks/test_at_once.py of_several_releases_at_once_one_hands_over_and_one_link_is_shown
several sign-offs in the same moment: attacks/test_at_once.py of_several_sign_offs_at_once_one_stands
approving one's own decision: work/test_acts.py one_s_own_decision_is_not_approved_and_the_sentence_says_so
approval, then an edit: work/test_bound_by_approval.py what_changed_after_the_approval_does_not_leave
approval, then other facts: work/test_bound_by_approval.py facts_put_right_after_the_approval_void_it
an edit under the eyes of who approves: work/test_bound_by_approval.py what_changed_after_the_decision_is_not_approved
a standing policy by one person: web/test_standing_policy_pages.py who_proposed_it_is_told_why_they_cannot_agree_and_cannot
a standing policy edited in the database: work/test_routine_answers.py the_policy_in_the_database_changed_after_its_adoption_answers_nothing
an act in the policy's name: work/test_routine_answers.py nobody_decides_in_the_policy_s_name_and_it_decides_in_no_other
an administrator who gives themselves a role: web/test_people_pages.py an_administrator_changes_their_own_roles_on_no_page
an administrator who gives a second account of theirs a role: work/test_confirming_roles.py an_administrator_alone_gives_nobody_a_role_that_shows_contents_or_confirms_others
an administrator who uses the link they made for a colleague: work/test_confirming_roles.py whoever_makes_a_colleague_s_new_link_has_none_of_that_colleague_s_roles_by_it
an administrator who kept the session of an earlier link: work/test_confirming_roles.py a_session_that_an_earlier_link_began_ends_with_the_next_link
roles changed under the eyes of who confirms them: work/test_confirming_roles.py what_changed_since_it_was_looked_at_is_not_confirmed
confirming one's own roles: work/test_confirming_roles.py nobody_confirms_their_own_and_no_other_role_confirms_any
roles confirmed while their owner leaves: work/test_confirming_roles.py whoever_leaves_while_their_roles_are_confirmed_has_left
listening without a grant: work/test_listening.py without_a_grant_nothing_is_played_and_nothing_recorded
listening with a colleague's grant: work/test_listening.py a_colleague_s_grant_is_not_one_s_own
listening with the grant of another case: work/test_listening.py a_grant_for_one_recording_or_case_is_none_for_another
listening beyond the day's limit at once: work/test_listening.py requests_at_once_do_not_pass_the_limit_together
listening to a customer who only asked: web/test_reviewers.py a_customer_s_own_request_makes_nobody_listen
sound taken away as a file: browser/test_every_route.py no_address_of_staff_s_gives_sound_but_under_a_grant_and_never_as_a_file_to_keep
an address that breaks its reader, to go to after signing in: web/test_public.py signing_in_leads_to_no_other_site
a permission that nobody can open: work/test_who_may_ask.py a_paper_that_nobody_can_open_shows_nothing
an agent without permission: work/test_who_may_ask.py whoever_asks_for_another_shows_a_paper_that_is_in_the_case
an agent whom the customer never sent: work/test_agents.py data_leave_to_an_agent_s_request_with_permission_and_the_customer_s_word_and_not_with_one_of_them
a lawyer who believes an agent: work/test_agents.py nobody_lets_data_leave_past_a_missing_confirmation
a confirmation taken back after signing: work/test_agents.py a_confirmation_that_is_taken_back_stops_what_is_signed_and_has_not_left
an agent's link after the customer ended it: work/test_agents.py the_agent_s_link_opens_where_the_customer_allows_it_until_they_take_it_back
an agent who learns whether there is an account: work/test_agents.py an_account_that_nobody_has_is_not_filed_and_nobody_is_written_to
an agent confirmed for one thing who asks for another: work/test_agents.py who_asks_for_something_else_than_the_customer_confirmed_is_confirmed_anew
another customer who confirms an agent: work/test_agents.py nobody_but_the_account_s_holder_answers
a clerk's word for who asks: work/test_agents.py words_confirm_nobody
an open redirect after signing in: browser/test_every_route.py an_address_that_only_looks_like_ours_is_not_followed_after_signing_in
a form that leads away: web/test_queue.py a_form_cannot_lead_away_from_the_portal
a form without its token: browser/test_every_route.py a_form_without_its_token_changes_nothing
another host's name: browser/test_every_route.py another_host_s_name_never_enters_an_answer
a file name with a path: web/test_papers.py a_file_name_is_bounded_cleaned_and_escaped
a paper of one case under another: web/test_papers.py a_paper_of_one_case_is_not_shown_under_another
a paper that is too large: web/test_papers.py an_oversized_upload_is_refused_with_a_plain_sentence
a paper that unpacks without end: storage/test_store_inspect.py a_paper_that_unpacks_beyond_the_memory_limit_ends_the_reader_and_not_us
a paper with active contents: storage/test_store_inspect.py active_contents_are_found_wherever_they_hide
a formula in the queue's CSV: web/test_queue.py a_cell_of_the_csv_is_never_a_formula
a formula in a released table: review/test_no_cell_of_a_released_table_is_run_as_a_formula.py a_name_that_a_spreadsheet_would_run_is_text
a formula in the customer's list: web/test_my.py the_list_in_the_zip_is_a_spreadsheet_that_runs_nothing
a header or recipient injected into a mail: mail/test_sending.py no_word_adds_a_header_or_a_recipient
a header injected by a mail's subject: mail/test_sending.py no_word_of_any_text_adds_a_header_by_its_subject
what no page asks for after the question mark of every address: attacks/test_hostile_addresses.py what_no_page_asks_for_after_the_question_mark_breaks_no_page
paths, line ends, NUL and what is no text in every address: attacks/test_hostile_addresses.py what_names_nothing_is_refused_plainly_and_counted
a password that is no text: attacks/test_strange_requests.py a_password_that_is_no_text_opens_no_link_and_no_metrics_and_breaks_nothing
a header or another site in where to go on to: attacks/test_strange_requests.py where_to_go_on_to_carries_no_header_and_leads_to_no_other_site
a cookie with anything in it: attacks/test_strange_requests.py a_cookie_of_ours_with_anything_in_it_opens_nothing
NUL in an address: web/test_sessions.py an_address_with_the_character_nul_is_no_text
NUL in a form: web/test_sessions.py a_form_with_the_character_nul_is_no_text
markup in what was typed: web/test_queue.py a_title_cannot_become_markup
over-long text: web/test_intake.py over_long_text_is_not_saved_for_later_either
somebody else's draft: web/test_intake.py a_draft_is_its_owners_alone
a release link guessed: web/test_public.py an_unknown_link_reads_like_one_whose_pin_is_wrong
a PIN guessed: web/test_public.py five_wrong_pins_lock_the_link_even_for_the_right_one
a release link after its end: web/test_public.py an_expired_link_is_gone_with_all_it_gave
a link of another production: web/test_links_and_recalls.py a_link_of_another_production_is_not_found
a bundle forged in two hundred ways: bundle/test_hostile_files.py no_hostile_file_is_good
a bundle that stalls its check: bundle/test_hostile_files.py every_hostile_file_is_answered_within_ten_seconds_and_500_mb
many who let bundles be checked at once: web/test_public.py when_others_are_verifying_one_is_asked_to_wait
a secret demand read off the customer's pages: web/test_my.py a_secret_demand_changes_no_byte_of_the_customers_session
a secret hold read off any order of acts: web/test_secrecy_in_every_order.py a_customer_sees_the_same_in_every_order
what can never have been a form of ours: attacks/test_strange_requests.py a_form_sent_as_something_else_does_nothing
"""
LISTED = [tuple(part.strip() for part in line.split(": ", 1)) for line in ATTACKS.strip().splitlines()]


@cache
def the_tests_of(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def test_at_least_sixty_different_attacks_are_made():
    assert len({attack for attack, _ in LISTED}) == len(LISTED)
    assert len({test for _, test in LISTED}) >= 60


@pytest.mark.parametrize(("attack", "test"), LISTED, ids=[attack for attack, _ in LISTED])
def test_the_test_that_makes_the_attack_is_there(attack, test):
    file, name = test.split()

    assert f"test_{name}" in the_tests_of(file)

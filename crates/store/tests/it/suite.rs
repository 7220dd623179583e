//! Runs every test of the suite on each store: a second store is one more line at the end.

use crate::store::Store;

macro_rules! on_store {
    ($name:ident, $open:path, $world:path) => {
        mod $name {
            use super::*;

            on_store!(
                @tests $open;
                round_trips: a_merchant_with_all_its_lists, a_merchant_found_by_its_name_is_loaded,
                a_changed_merchant, two_merchants_swap_an_account_id,
                    credentials_new_and_revoked, the_newest_version_of_a_template, a_link_with_all_its_parts,
                    a_link_in_every_status, a_payment_in_every_state,
                    an_idempotency_record,
                    a_customer_and_messages_in_every_state,
                    events_and_deliveries_in_every_state, a_job_new_changed_and_done, values_new_and_changed;
                refund_trips: a_refund_in_every_state, parts_of_a_divided_payment, a_payback_new_and_settled;
                charge_trips: a_charge_new_and_settled;
                payer_trips: a_code_new_and_tried, the_customers_of_links,
                    a_template_by_its_row_and_by_its_key;
                invoice_trips: an_invoice_with_its_template;
                obligation_trips: an_obligation_by_its_links_and_by_its_name,
                    money_is_found_by_the_rails_reference, a_payment_is_found_by_the_form_that_began_it;
                risk_trips: contacts_and_counts_where_a_rate_counts, nothing_is_counted_without_a_rate,
                    a_changed_pace_and_what_began_in_the_batch;
                edit_trips: former_terms_and_replaced_texts;
                searches: links_are_found_as_the_filter_says, links_are_found_by_every_clue,
                    payments_are_found_by_day_and_state;
                seal_trips: entries_and_seals_close_the_open_books, a_seal_leaves_the_version_of_its_links;
                transactions: a_stale_version_is_decided_again, a_unique_value_is_decided_again,
                    a_broken_rule_poisons_and_stores_nothing, a_mark_tells_whether_its_batch_was_committed,
                    a_batcher_that_retires_leaves_no_mark,
                    a_batch_without_changes_writes_nothing, blocks_never_overlap,
                    a_rolled_back_batch_leaves_no_trace, a_reader_sees_commits_and_nothing_else,
                    a_second_writer_waits_its_turn, what_is_appended_is_never_changed;
                half_batches: a_failure_at_any_step_stores_nothing,
                    a_session_that_was_taken_over_stores_nothing,
                    a_value_out_of_range_poisons_and_stores_nothing;
                questions: due_jobs_are_those_in_nobodys_hands, messages_are_found_by_their_recipient,
                    a_text_with_a_zero_in_it_is_found_nowhere, the_rest_of_the_questions;
                paging: links_go_newest_first, events_go_newest_first;
                verify: an_empty_store_is_clean;
                migrations: migrating_twice_changes_nothing, a_database_of_a_newer_kadi_is_refused,
                    a_database_of_a_changed_kadi_is_refused;
            );
            on_store!(
                @tests $world;
                verify: clean_books_are_clean_and_every_invariant_was_looked_at,
                    any_single_changed_byte_of_an_entry_is_found,
                    a_recomputed_chain_is_found_against_its_seal,
                    a_cut_tail_is_found_against_its_seal,
                    a_cut_payment_with_all_its_traces_is_found_against_its_seal,
                    another_book_key_makes_no_seal, every_invariant_names_what_breaks_it,
                    a_report_is_bounded_and_still_counts;
                attacks: removed_seals_are_known_to_their_links,
                    a_tail_that_goes_with_its_seal_is_known_to_its_link,
                    the_rail_and_the_books_cannot_be_made_to_disagree,
                    a_payment_that_only_the_rail_remembers_is_found, what_is_on_its_way_is_clean;
            );
        }
    };
    (@tests $open:path; $($module:ident: $($test:ident),+;)+) => {
        $($(
            #[test]
            fn $test() {
                crate::$module::$test(&$open());
            }
        )+)+
    };
}

on_store!(sqlite, Store::sqlite, Store::sqlite_world);
on_store!(postgres, Store::postgres, Store::postgres_world);

//! Parts of pages: props in, callbacks out, no fetching.

pub mod breadcrumb;
pub mod facts;
pub mod field;
pub mod icon;
pub mod notice;
pub mod problem_view;
pub mod provider_card;
pub mod skeleton;
pub mod together;

// Search and map.
pub mod filters;
pub mod map_panel;
pub mod near_me;
pub mod order_chip;
pub mod place_box;
pub mod refunds_view;
pub mod results;
pub mod search_form;
pub mod select_chip;
pub mod small_map;

// Forms and accounts.
pub mod about;
pub mod checks;
pub mod code_list;
pub mod dispute_view;
pub mod failed;
pub mod message_words;
pub mod mistake_view;
pub mod moment;
pub mod money_back;
pub mod money_words;
pub mod qr;
pub mod select_field;
pub mod series_visits;
pub mod text_area;

// What is sealed.
pub mod fingerprint;
pub mod intake_files;
pub mod intake_section;
pub mod invoice_view;
pub mod key_changed;
pub mod note_view;
pub mod question_field;
pub mod recovery_code;
pub mod reply_box;
pub mod thread_view;
pub mod unlock;

// Times and booking.
pub mod account_slot;
pub mod agenda;
pub mod appointment_card;
pub mod asked_first;
pub mod bell;
pub mod birth_fields;
pub mod booking_summary;
pub mod booking_words;
pub mod cohort_choice;
pub mod consent_box;
pub mod countdown;
pub mod facts_table;
pub mod fees_table;
pub mod hold_notice;
pub mod hold_refused;
pub mod manage_cancel;
pub mod manage_gate;
pub mod manage_move;
pub mod manage_view;
pub mod opening_hours;
pub mod party_check;
pub mod party_form;
pub mod pay_step;
pub mod payment_view;
pub mod profile_facts;
pub mod proposed_time;
pub mod reader_time;
pub mod reader_zone;
pub mod seen_table;
pub mod statements;
pub mod time_button;
pub mod time_left;
pub mod times_agenda;
pub mod times_panel;
pub mod times_rest;
pub mod type_select;
pub mod visit_acts;
pub mod visit_fields;
pub mod week_grid;
pub mod when_fields;

//! Dates in Indian Standard Time, with Python's datetime as the judge.

use kadi_dialects::shared::ist::DateFault::{Malformed, NoSuchDate};
use kadi_dialects::shared::ist::{
    calendar_days_ist, ist_callback_text, ist_dashed_text, ist_text, parse_ist, parse_ist_dashed,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::oracle;

/// 0001-01-01 00:00:00 and 9999-12-31 23:59:59.999, both in IST.
const FIRST_MS: i64 = -62_135_616_600_000;
const LAST_MS: i64 = 253_402_280_999_999;
const DAY_MS: i64 = 86_400_000;

#[test]
fn both_forms_are_read() {
    assert_eq!(parse_ist("01/01/1970 05:30:00"), Ok(0));
    assert_eq!(parse_ist("31/12/2026 23:59:59"), Ok(1_798_741_799_000));
    assert_eq!(parse_ist("31/12/2026"), Ok(1_798_741_799_000));
    assert_eq!(parse_ist("29/02/2028 00:00:00"), Ok(1_835_375_400_000));
    assert_eq!(parse_ist("01/01/0001 00:00:00"), Ok(FIRST_MS));
    assert_eq!(parse_ist("31/12/9999"), Ok(LAST_MS - 999));
}

#[test]
fn the_dashed_form_always_has_a_time() {
    assert_eq!(parse_ist_dashed("1970-01-01 05:30:00"), Ok(0));
    assert_eq!(parse_ist_dashed("2026-12-31 23:59:59"), Ok(1_798_741_799_000));
    for text in [
        "",
        "2026-12-31",
        "31-12-2026 23:59:59",
        "2026/12/31 23:59:59",
        "26-12-31 23:59:59",
        "2026-12-31T23:59:59",
        "2026-12-31 23:59",
        "2026-12-31 23:59:59 ",
        "2026-12-31 23:59:59.0",
    ] {
        assert_eq!(parse_ist_dashed(text), Err(Malformed), "{text:?}");
    }
    for text in ["2026-02-29 00:00:00", "0000-01-01 00:00:00", "2026-12-31 24:00:00", "2026-12-31 23:59:60"] {
        assert_eq!(parse_ist_dashed(text), Err(NoSuchDate), "{text:?}");
    }
}

#[test]
fn other_forms_and_impossible_dates_are_refused() {
    let malformed = [
        "",
        " ",
        "1/1/2027",
        "01/1/2027",
        "001/01/2027",
        "01/01/27",
        "01/01/02027",
        "01-01-2027",
        "2027-01-01",
        "2027/01/01",
        "01/01/2027 ",
        " 01/01/2027",
        "01/01/2027 1:05:51",
        "01/01/2027 01:05",
        "01/01/2027 01:05:51.0",
        "01/01/2027  01:05:51",
        "01/01/2027T01:05:51",
        "01/01/2027 01:05:51 PM",
        "01/01/2027 01:05:51\n",
        "01/01/2027/01",
        "-1/01/2027",
        "+1/01/2027",
        "०१/०१/२०२७",
        "dd/mm/yyyy",
    ];
    for text in malformed {
        assert_eq!(parse_ist(text), Err(Malformed), "{text:?}");
    }
    let impossible = [
        "31/02/2027",
        "29/02/2027",
        "29/02/1900",
        "31/04/2027",
        "00/01/2027",
        "01/00/2027",
        "01/13/2027",
        "99/99/9999",
        "01/01/0000",
        "01/01/2027 24:00:00",
        "01/01/2027 23:60:00",
        "01/01/2027 23:59:60",
    ];
    for text in impossible {
        assert_eq!(parse_ist(text), Err(NoSuchDate), "{text:?}");
    }
    assert_eq!(parse_ist(&"1".repeat(1_000_000)), Err(Malformed));
}

#[test]
fn times_are_printed_in_the_vendors_forms() {
    assert_eq!(ist_text(0).as_deref(), Some("01/01/1970 05:30:00"));
    assert_eq!(ist_text(1_798_741_799_999).as_deref(), Some("31/12/2026 23:59:59"));
    assert_eq!(ist_text(-1).as_deref(), Some("01/01/1970 05:29:59"));
    assert_eq!(ist_dashed_text(0).as_deref(), Some("1970-01-01 05:30:00"));
    assert_eq!(ist_callback_text(1_599_723_185_000).as_deref(), Some("2020-09-10 13:03:05.0"));
}

#[test]
fn years_that_do_not_fit_are_not_printed() {
    for (ms, is_printed) in [
        (FIRST_MS, true),
        (FIRST_MS - 1, false),
        (LAST_MS, true),
        (LAST_MS + 1, false),
        (i64::MIN, false),
        (i64::MAX, false),
    ] {
        assert_eq!(ist_text(ms).is_some(), is_printed, "{ms}");
        assert_eq!(ist_dashed_text(ms).is_some(), is_printed, "{ms}");
        assert_eq!(ist_callback_text(ms).is_some(), is_printed, "{ms}");
    }
}

#[test]
fn days_are_counted_by_midnights_in_india() {
    let at = |text| parse_ist(text).unwrap();
    let days = |from, to| calendar_days_ist(at(from), at(to));
    assert_eq!(days("21/11/2026 00:00:00", "21/11/2026 23:59:59"), 0);
    assert_eq!(days("21/11/2026 23:59:59", "22/11/2026 00:00:00"), 1);
    assert_eq!(days("21/11/2026 00:00:01", "21/11/2027 23:59:59"), 365);
    assert_eq!(days("21/11/2026 23:59:59", "22/11/2027 00:00:00"), 366);
    assert_eq!(days("22/11/2026 00:00:00", "21/11/2026 23:59:59"), -1);
    // Midnight in UTC is not midnight in India.
    assert_eq!(calendar_days_ist(DAY_MS - 1, DAY_MS), 0);
    assert_eq!(calendar_days_ist(i64::MIN, i64::MAX), 213_503_982_335);
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(ms in FIRST_MS..=LAST_MS) {
        let text = ist_text(ms).unwrap();
        prop_assert_eq!(parse_ist(&text), Ok(ms - ms.rem_euclid(1_000)));
    }
}

/// Dates around every edge, some with a wrong width, a wrong character or the time left out.
fn date_text() -> impl Strategy<Value = String> {
    let year = prop_oneof![4 => 1990..2100_i32, 1 => 0..10_000, 1 => Just(2028), 1 => Just(1900)];
    let padded = (0..=32, 0..=13, year.clone(), 0..=24, 0..=60, 0..=61)
        .prop_map(|(d, m, y, h, min, s)| format!("{d:02}/{m:02}/{y:04} {h:02}:{min:02}:{s:02}"));
    let likely = (1..=31, 1..=12, year.clone(), 0..=23, 0..=59, 0..=59)
        .prop_map(|(d, m, y, h, min, s)| format!("{d:02}/{m:02}/{y:04} {h:02}:{min:02}:{s:02}"));
    let alone = (1..=31, 1..=12, year.clone()).prop_map(|(d, m, y)| format!("{d:02}/{m:02}/{y:04}"));
    let unpadded = (1..=31, 1..=12, year).prop_map(|(d, m, y)| format!("{d}/{m}/{y}"));
    let spoiled =
        (likely.clone(), any::<prop::sample::Index>(), "[0-9/: ٣a-]").prop_map(|(text, index, with)| {
            let at = index.index(text.len());
            let mut text = text;
            text.replace_range(at..=at, &with);
            text
        });
    prop_oneof![4 => padded, 4 => likely, 2 => alone, 1 => unpadded, 2 => spoiled, 1 => "[0-9/: ]{0,20}"]
}

#[test]
fn pythons_datetime_reads_the_same() {
    let texts = oracle::sample(&date_text(), 20_000);
    let cases: Vec<Value> = texts.iter().map(|text| json!({"do": "read", "with": text})).collect();
    let mut accepted = 0;
    for (text, answer) in texts.iter().zip(oracle::ask("ist.py", &cases)) {
        let ours = match parse_ist(text) {
            Ok(ms) => json!(ms),
            Err(fault) => json!(format!("{fault:?}")),
        };
        assert_eq!(ours, answer, "{text:?}");
        accepted += usize::from(answer.is_i64());
    }
    assert!((5_000..18_000).contains(&accepted), "{accepted} accepted: the cases are one-sided");
}

#[test]
fn pythons_datetime_prints_the_same() {
    // Python's own range ends a few hours earlier at both sides, where UTC leaves it.
    let times = oracle::sample(&(FIRST_MS + DAY_MS..LAST_MS - DAY_MS), 10_000);
    let cases: Vec<Value> = times.iter().map(|ms| json!({"do": "write", "with": ms})).collect();
    for (ms, answer) in times.into_iter().zip(oracle::ask("ist.py", &cases)) {
        assert_eq!(json!([ist_text(ms), ist_dashed_text(ms)]), answer, "{ms}");
    }
}

#[test]
fn pythons_datetime_counts_the_same_days() {
    let from = 0..4_000_000_000_000_i64;
    let spans = oracle::sample(&(from, -400 * DAY_MS..400 * DAY_MS), 10_000);
    let cases: Vec<Value> =
        spans.iter().map(|(from, length)| json!({"do": "days", "with": [from, from + length]})).collect();
    for ((from, length), answer) in spans.into_iter().zip(oracle::ask("ist.py", &cases)) {
        assert_eq!(json!(calendar_days_ist(from, from + length)), answer, "{from} + {length}");
    }
}

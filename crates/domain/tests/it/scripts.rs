//! Scripts of the sandbox rail: when each step is due, what a check says over time, and the line in its row.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::id::{MerchantId, PaymentId};
use kadi_domain::sandbox::ChargeWord::{self, Failed, Pending, Reversed, Succeeded};
use kadi_domain::sandbox::{Charge, Plot, RefundStory};
use kadi_domain::script::{After, Said, Script, Step, Takes};
use kadi_domain::time::{SECOND_MS, Timestamp};
use proptest::prelude::*;

const OPENED: Timestamp = Timestamp::from_ms(1_000_000);
const RESERVED_S: i64 = 900;

fn script(check: Option<ChargeWord>, steps: Vec<Step>) -> Script {
    Script { answer: None, check, takes: Takes::default(), steps, refunds: RefundStory::Pending }
}

fn step(after_s: i64, check: Option<ChargeWord>, says: Option<ChargeWord>) -> Step {
    let says = says.map(|word| Said::Payment { word, reference: 1, percent: None });
    Step { after: After::Start(after_s * SECOND_MS), check, says }
}

fn charge(script: Script, amount: i64) -> Charge {
    Charge {
        payment_id: PaymentId::new(5),
        merchant_id: MerchantId::new(7),
        account: "demo".into(),
        currency: Currency::INR,
        amount: Minor::new(amount),
        refund_story: script.refunds,
        plot: Plot::Script(script),
        opened_at: OPENED,
        reserved_until: OPENED.plus_ms(RESERVED_S * SECOND_MS),
        told: 0,
        settled: None,
    }
}

/// The seconds after the start at which each step is due.
fn due(mut charge: Charge) -> Vec<i64> {
    let mut seconds = Vec::new();
    while let Some((at, _)) = charge.next_step() {
        seconds.push((at.ms() - OPENED.ms()) / SECOND_MS);
        charge.told += 1;
    }
    seconds
}

#[test]
fn a_step_is_due_at_its_time_and_never_before_the_one_before() {
    let mut steps = vec![step(60, Some(Pending), None), step(10, None, Some(Pending))];
    steps.push(Step { after: After::Reservation(SECOND_MS), ..step(0, None, Some(Pending)) });
    steps.push(step(100, None, Some(Pending)));
    assert_eq!(due(charge(script(None, steps), 500)), [60, 60, RESERVED_S + 1, RESERVED_S + 1]);
}

#[test]
fn a_check_says_what_the_last_step_left_and_notices_alone_change_nothing() {
    let steps = vec![
        step(10, None, Some(Failed)),
        step(20, Some(Succeeded), None),
        step(30, None, Some(Pending)),
        step(40, Some(Reversed), Some(Reversed)),
    ];
    let charge = charge(script(None, steps), 500);
    let says = |second: i64| charge.truth(OPENED.plus_ms(second * SECOND_MS));
    assert_eq!([0, 10, 19].map(says), [None; 3]);
    assert_eq!([20, 30, 39].map(says), [Some(Succeeded); 3]);
    assert_eq!([40, 10_000].map(says), [Some(Reversed); 2]);
    let settled = Charge { settled: Some(Failed), ..charge.clone() };
    assert_eq!(settled.truth(OPENED.plus_ms(30 * SECOND_MS)), Some(Failed));
}

#[test]
fn the_rail_takes_its_percentage_and_at_least_something() {
    let taken = |percent: i64, amount: i64| {
        let takes = Takes { percent, ..Takes::default() };
        charge(Script { takes, ..script(None, vec![]) }, amount).taken().get()
    };
    assert_eq!((taken(100, 501), taken(150, 501), taken(50, 501), taken(1, 1)), (501, 751, 250, 1));
    let charge = charge(script(None, vec![]), 500);
    assert_eq!((charge.reference_of(1), charge.reference_of(3)), (charge.reference(), "SBX5-3".to_owned()));
}

#[test]
fn what_leaves_money_of_which_nobody_could_know_is_refused() {
    let right = [
        script(None, vec![step(60, Some(Succeeded), None)]),
        script(Some(Pending), vec![step(60, None, Some(Failed)), step(70, Some(Succeeded), Some(Succeeded))]),
        script(Some(Failed), vec![step(60, Some(Succeeded), Some(Succeeded))]),
        script(
            Some(Succeeded),
            vec![step(9, Some(Reversed), Some(Reversed)), step(10, None, Some(Succeeded))],
        ),
    ];
    for script in right {
        assert_eq!(script.check(), Ok(()), "{script:?}");
    }
    let wrong = [
        script(Some(Failed), vec![step(60, Some(Succeeded), None)]),
        script(Some(Pending), vec![step(60, None, Some(Failed)), step(70, Some(Succeeded), None)]),
        script(Some(Succeeded), vec![step(60, Some(Reversed), None)]),
        script(Some(Succeeded), vec![step(60, Some(Failed), None)]),
        script(
            Some(Succeeded),
            vec![step(9, Some(Reversed), Some(Reversed)), step(10, Some(Succeeded), None)],
        ),
        script(Some(Pending), vec![step(60, Some(Reversed), Some(Reversed))]),
        script(Some(Pending), vec![step(60, None, Some(Succeeded))]),
    ];
    for script in wrong {
        assert!(script.check().is_err(), "{script:?}");
    }
}

fn any_word() -> impl Strategy<Value = ChargeWord> {
    prop::sample::select(ChargeWord::ALL.map(|(word, _)| word).to_vec())
}

fn any_step() -> impl Strategy<Value = Step> {
    let says = prop_oneof![
        Just(None),
        (any_word(), 1..=9_i64, prop::option::of(any::<i64>()))
            .prop_map(|(word, reference, percent)| Some(Said::Payment { word, reference, percent })),
        any_word().prop_map(|word| Some(Said::Stray(word))),
        any_word().prop_map(|word| Some(Said::Refund(word))),
        Just(Some(Said::Restart)),
    ];
    let after = prop_oneof![any::<i64>().prop_map(After::Start), any::<i64>().prop_map(After::Reservation)];
    (after, prop::option::of(any_word()), says).prop_map(|(after, check, says)| Step { after, check, says })
}

fn any_takes() -> impl Strategy<Value = Takes> {
    let currency = prop::option::of(prop::sample::select(vec!["INR", "USD", "JPY"]));
    let (account, other) = (prop::option::of("[a-z0-9-]{1,64}"), prop::option::of(any::<i64>()));
    (any::<i64>(), currency, account, other).prop_map(|(percent, currency, account, other)| Takes {
        percent,
        currency: currency.map(|code| Currency::parse(code).unwrap()),
        account,
        reference_of: other.map(PaymentId::new),
    })
}

/// Rows of earlier versions have such lines.
#[test]
fn older_lines_are_read() {
    let text = "answer=none check=pending takes=50 refunds=success start:9:failed:payment:pending:1";
    let script = Script::parse(text).unwrap();
    assert_eq!((script.takes, script.steps.len()), (Takes { percent: 50, ..Takes::default() }, 1));
}

#[test]
fn money_is_known_by_its_reference() {
    let takes = Takes { reference_of: Some(PaymentId::new(9)), ..Takes::default() };
    let other = charge(Script { takes, ..script(None, vec![]) }, 500);
    assert_eq!((other.reference(), other.reference_of(2)), ("SBX9".to_owned(), "SBX5-2".to_owned()));
    assert_eq!(other.stray_reference(), "SBX5-stray");
    let behind = |reference| Charge::behind(PaymentId::new(77), reference).get();
    let references = [Some("SBX5"), Some("SBX5-2"), Some("SBX5-stray"), Some("UTR5"), Some("SBX"), None];
    assert_eq!(references.map(behind), [5, 5, 5, 77, 77, 77]);
}

#[test]
fn what_no_rail_takes_and_says_is_refused() {
    let says = |says| script(Some(Succeeded), vec![Step { says: Some(says), ..step(9, None, None) }]);
    let takes = |takes| Script { takes, ..script(None, vec![]) };
    let account = |name: &str| takes(Takes { account: Some(name.to_owned()), ..Takes::default() });
    let second = |percent| {
        let mut script = says(Said::Payment { word: Succeeded, reference: 2, percent: Some(percent) });
        script.answer = Some(Succeeded);
        script
    };
    let right = [account("demo-2"), second(1), says(Said::Stray(Reversed)), says(Said::Restart)];
    for script in right {
        assert_eq!(script.check(), Ok(()), "{script:?}");
    }
    let wrong = [
        (account(""), "takes_account"),
        (account("a b"), "takes_account"),
        (account(&"a".repeat(65)), "takes_account"),
        (second(0), "percent"),
        (second(1_001), "percent"),
        (says(Said::Payment { word: Succeeded, reference: 1, percent: Some(50) }), "takes_percent"),
        (says(Said::Stray(Failed)), "stray"),
        (says(Said::Stray(Pending)), "stray"),
        (says(Said::Refund(Pending)), "refunds says"),
    ];
    for (script, word) in wrong {
        let reason = script.check().unwrap_err();
        assert!(reason.contains(word), "{reason}");
    }
}

proptest! {
    #[test]
    fn a_script_is_read_from_its_line(
        answer in prop::option::of(any_word()),
        check in prop::option::of(any_word()),
        takes in any_takes(),
        steps in prop::collection::vec(any_step(), 0..5),
        refunds in prop::sample::select(RefundStory::ALL.map(|(story, _)| story).to_vec()),
    ) {
        let script = Script { answer, check, takes, steps, refunds };
        prop_assert_eq!(Script::parse(&script.to_text()), Some(script));
    }

    #[test]
    fn no_other_line_is_a_script(text in "[a-z=: 0-9]{0,40}") {
        prop_assert_eq!(Script::parse(&text), None);
    }
}

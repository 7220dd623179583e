//! Compares what the server shows of a link with what must, must not and may be.

use crate::attempts::{Attempt, World, assign, is_captured};
use crate::line::{Door, Op, Payment};
use crate::model::{Birth, Cancel, Class, Link};
use crate::shown::{ShownLink, reference_of};

/// What is wrong with a link; `payments` are all that it has.
pub(crate) fn judge(
    op: Op,
    link: &Link,
    shown: Option<&ShownLink>,
    payments: &[Payment],
    world: World,
) -> Vec<String> {
    let mut wrong = Vec::new();
    match (link.class(), shown) {
        (Class::Must, None) => wrong.push("it was acknowledged, and is not there".to_owned()),
        (Class::MustNot, Some(_)) => wrong.push("it was refused, and is there".to_owned()),
        (Class::Must | Class::May, Some(shown)) => {
            wrong.extend(facts(op, link, shown));
            wrong.extend(money(link, shown, payments, world));
        }
        (Class::MustNot | Class::May, None) => {}
    }
    wrong.into_iter().map(|what| format!("link {op}: {what}")).collect()
}

/// What never changes, and what only goes one way.
fn facts(op: Op, link: &Link, shown: &ShownLink) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut differ = |what: &str, told: String, now: String| {
        if told != now {
            wrong.push(format!("its {what} was {told}, and is {now}"));
        }
    };
    if let Birth::Made(made) = &link.birth {
        differ("id", made.id.clone(), shown.id.clone());
        differ("code", made.code.clone(), shown.code.clone());
    }
    let references: Vec<&str> = shown.references.iter().map(|it| it.value.as_str()).collect();
    let expected = if link.wish.door == Door::Own { reference_of(op) } else { String::new() };
    differ("reference", expected, references.join(" "));
    differ("amount", format!("{:?}", link.wish.amount), format!("{:?}", shown.amount));
    differ("use", link.wish.reusable.to_string(), shown.reusable.to_string());
    differ("message", link.wish.send.to_string(), shown.sent_at.is_some().to_string());
    if link.was_opened && shown.opened_at.is_none() {
        wrong.push("its opening was shown, and is lost".to_owned());
    }
    wrong
}

/// Payments, sums and status.
fn money(link: &Link, shown: &ShownLink, payments: &[Payment], world: World) -> Vec<String> {
    let mut wrong = Vec::new();
    let attempts: Vec<&Attempt> = link.attempts.iter().filter(|attempt| attempt.may_be()).collect();
    if assign(&attempts, &payments.iter().collect::<Vec<_>>(), world).is_none() {
        wrong.push(format!("its payments do not fit what was answered: {payments:?}, asked: {attempts:?}"));
    }
    let captured: Vec<&Payment> = payments.iter().filter(|payment| is_captured(payment)).collect();
    let sum: i64 = captured.iter().map(|payment| payment.amount).sum();
    if sum != shown.amount_captured {
        wrong.push(format!("{} is captured, and its payments add up to {sum}", shown.amount_captured));
    }
    if !link.wish.reusable && captured.len() > 1 {
        wrong.push(format!("it takes one payment, and has {}", captured.len()));
    }
    let is_full = !link.wish.reusable && !captured.is_empty();
    let expected: &[&str] = match (link.cancel, is_full) {
        (Cancel::Done(_), _) => &["cancelled"],
        (Cancel::Never, false) => &["active"],
        (Cancel::Never, true) => &["completed"],
        (Cancel::Unanswered, false) => &["active", "cancelled"],
        (Cancel::Unanswered, true) => &["completed", "cancelled"],
    };
    if !expected.contains(&shown.status.as_str()) {
        wrong.push(format!("it is {}, and must be {}", shown.status, expected.join(" or ")));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::{Ask, Line, Made, Pay, Route, Story, Wish, Word};
    use crate::model::Model;
    use crate::shown::{ShownReference, name_of};

    const OP: Op = 5;
    const WISH: Wish =
        Wish { merchant: 0, door: Door::Own, amount: Some(700), reusable: false, send: false, flaw: None };

    fn shown() -> ShownLink {
        ShownLink {
            id: "11".to_owned(),
            code: "abc".to_owned(),
            name: name_of(OP),
            amount: Some(700),
            amount_captured: 0,
            status: "active".to_owned(),
            sent_at: None,
            opened_at: None,
            reusable: false,
            references: vec![ShownReference { value: reference_of(OP) }],
        }
    }

    fn intent(op: Op, ask: Ask) -> Line {
        Line::Intent { op, at_ms: 0, ask }
    }

    fn answer(op: Op, word: Word) -> Line {
        Line::Answer { op, at_ms: 0, word }
    }

    fn made() -> Vec<Line> {
        let made = Made { id: "11".to_owned(), code: "abc".to_owned(), print: Some(1) };
        vec![intent(OP, Ask::Make(WISH)), answer(OP, Word::Made(made))]
    }

    fn payment() -> Payment {
        let rail_reference = Some("SBX21".to_owned());
        Payment { id: "21".to_owned(), state: "captured".to_owned(), amount: 700, rail_reference }
    }

    fn paid() -> Vec<Line> {
        let attempt = Pay { route: Route::Side, story: Story::Success, amount: 700 };
        let mut lines = made();
        lines.push(intent(6, Ask::Pay { link: OP, attempt }));
        lines.push(answer(6, Word::Paid(payment())));
        lines
    }

    fn wrong(lines: &[Line], shown: Option<&ShownLink>, payments: &[Payment]) -> Vec<String> {
        let model = Model::of(lines);
        assert_eq!(model.faults, Vec::<String>::new());
        judge(OP, model.link(OP).unwrap(), shown, payments, World::Settled)
    }

    #[test]
    fn an_acknowledged_link_must_be_there_as_it_was() {
        assert_eq!(wrong(&made(), Some(&shown()), &[]), Vec::<String>::new());
        assert!(wrong(&made(), None, &[]).join(" ").contains("is not there"));
        let changes: [fn(&mut ShownLink); 6] = [
            |shown| shown.id = "12".to_owned(),
            |shown| shown.code = "abd".to_owned(),
            |shown| shown.amount = Some(701),
            |shown| shown.references.clear(),
            |shown| shown.status = "cancelled".to_owned(),
            |shown| shown.amount_captured = 1,
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut changed = shown();
            change(&mut changed);
            assert_eq!(wrong(&made(), Some(&changed), &[]).len(), 1, "change {at} was not seen");
        }
    }

    #[test]
    fn an_unanswered_link_may_be_there_and_a_refused_one_may_not() {
        let asked = [intent(OP, Ask::Make(WISH))];
        assert_eq!(wrong(&asked, None, &[]), Vec::<String>::new());
        assert_eq!(wrong(&asked, Some(&shown()), &[]), Vec::<String>::new());
        let flawed = Wish { flaw: Some(crate::line::Flaw::Amount), ..WISH };
        let refused = Word::Refused { status: 422, code: "amount_invalid".to_owned() };
        let lines = [intent(OP, Ask::Make(flawed)), answer(OP, refused)];
        assert_eq!(wrong(&lines, None, &[]), Vec::<String>::new());
        assert!(wrong(&lines, Some(&shown()), &[]).join(" ").contains("refused, and is there"));
    }

    #[test]
    fn an_acknowledged_payment_must_be_there_with_its_sum() {
        let full = ShownLink { amount_captured: 700, status: "completed".to_owned(), ..shown() };
        assert_eq!(wrong(&paid(), Some(&full), &[payment()]), Vec::<String>::new());
        let less = ShownLink { amount_captured: 699, ..full.clone() };
        assert!(wrong(&paid(), Some(&less), &[payment()]).join(" ").contains("add up to 700"));
        assert!(!wrong(&paid(), Some(&full), &[]).is_empty());
        assert!(!wrong(&paid(), Some(&shown()), &[payment()]).is_empty());
        let twice = ShownLink { amount_captured: 1400, ..full };
        let second = Payment { id: "22".to_owned(), ..payment() };
        assert!(wrong(&paid(), Some(&twice), &[payment(), second]).join(" ").contains("has 2"));
    }

    #[test]
    fn what_was_cancelled_stays_cancelled() {
        let mut lines = made();
        lines.push(intent(7, Ask::Cancel { link: OP }));
        let gone = ShownLink { status: "cancelled".to_owned(), ..shown() };
        for shown in [&gone, &shown()] {
            assert_eq!(wrong(&lines, Some(shown), &[]), Vec::<String>::new());
        }
        lines.push(answer(7, Word::Cancelled { print: 3 }));
        assert_eq!(wrong(&lines, Some(&gone), &[]), Vec::<String>::new());
        assert_eq!(wrong(&lines, Some(&shown()), &[]).len(), 1);
    }

    #[test]
    fn a_repeat_must_be_answered_alike() {
        let again = |print| {
            let made = Made { id: "11".to_owned(), code: "abc".to_owned(), print: Some(print) };
            let mut lines = super::tests::made();
            lines.extend([intent(8, Ask::Again { of: OP }), answer(8, Word::Made(made))]);
            Model::of(&lines)
        };
        assert_eq!((again(1).faults.len(), again(1).counts.replays), (0, 1));
        assert_eq!(again(2).faults.len(), 1);
    }
}

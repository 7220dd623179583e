//! Answers to forms: every type, every rule, defaults, and what is kept of them.

use std::collections::BTreeMap;

use kadi_domain::answers::open_answers;
use kadi_domain::attempt::start;
use kadi_domain::fields::Rule;
use kadi_domain::id::{PaymentId, TemplateId};
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::template::{Field, FieldType, Template, TemplateKey, TemplateKind};

use crate::world::{KEYS, MERCHANT, START, World, attempt, once};

fn field(name: &str, field_type: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        label: name.to_owned(),
        field_type,
        required: false,
        min_length: None,
        max_length: None,
        pattern: None,
        default: None,
    }
}

fn form(fields: Vec<Field>) -> Template {
    Template {
        id: TemplateId::new(5),
        key: TemplateKey { merchant_id: MERCHANT, kind: TemplateKind::Form, number: "T1".to_owned() },
        version: 1,
        name: "Form".to_owned(),
        fields,
        created_at: START,
    }
}

fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn each_type_takes_what_it_is_and_nothing_else() {
    let choices = FieldType::Choice(vec!["Morning".to_owned(), "शाम".to_owned()]);
    let cases: [(FieldType, Rule, &[&str], &[&str]); 7] = [
        (FieldType::Text, Rule::Hidden, &["a", "शाम \u{200d}"], &["a\u{202e}b", "a\nb", "\u{1f}", "\0"]),
        (
            FieldType::Number,
            Rule::Number,
            &["0", "-1.50", "007"],
            &["1e3", "1.", ".5", "--1", "१", "1,0", "+1"],
        ),
        (
            FieldType::Date,
            Rule::Date,
            &["2026-11-21", "2024-02-29", "2000-02-29", "0001-01-01"],
            &[
                "2026-02-29",
                "1900-02-29",
                "2026-13-01",
                "2026-00-10",
                "2026-01-00",
                "2026-04-31",
                "2026-1-1",
                "21-11-2026",
                "2026-11-21T00:00",
                "+026-11-21",
                "2026-11--1",
                "२०२६-११-२१",
            ],
        ),
        (choices, Rule::Choice, &["Morning", "शाम"], &["morning", "Morning,शाम", "Night"]),
        (FieldType::Email, Rule::Email, &["a@b.example"], &["a", "a@b", "a b@c.example"]),
        (FieldType::Mobile, Rule::Mobile, &["9812345670", "+919812345670"], &["5812345670", "98123 45670"]),
        (FieldType::Amount, Rule::Amount, &["0", "250.50"], &["-1", "1.005", "1,000", "1e2"]),
    ];
    for (field_type, rule, right, wrong) in cases {
        let field = field("f", field_type);
        for value in right {
            assert_eq!(field.check(value), Ok(()), "{value}");
        }
        for value in wrong {
            assert_eq!(field.check(value), Err(rule), "{value:?}");
        }
    }
}

#[test]
fn type_comes_before_lengths_and_those_before_the_pattern() {
    let pattern = Some("[0-9]|[a-z]+".to_owned());
    let field = Field { min_length: Some(2), max_length: Some(4), pattern, ..field("f", FieldType::Text) };
    assert_eq!(field.check("a"), Err(Rule::Shorter(2)));
    assert_eq!(field.check("abcde"), Err(Rule::Longer(4)));
    assert_eq!(field.check("ab\u{202e}cde"), Err(Rule::Hidden));
    assert_eq!(field.check("ab9"), Err(Rule::Pattern), "the whole of it, whichever side of the bar");
    assert_eq!(field.check("शाम"), Err(Rule::Pattern));
    assert_eq!(field.check("abcd"), Ok(()));
    let long = "a".repeat(10_000_000);
    assert_eq!(field.check(&long), Err(Rule::Longer(4)));
    let unbounded = Field { min_length: None, max_length: None, pattern: None, ..field.clone() };
    assert_eq!(unbounded.check(&"a".repeat(1_000)), Ok(()));
    assert_eq!(unbounded.check(&"a".repeat(1_001)), Err(Rule::Longer(1_000)));
}

#[test]
fn absent_takes_the_default_and_empty_is_an_answer_unless_one_is_needed() {
    let form = form(vec![
        Field { default: Some("Morning".to_owned()), required: true, ..field("batch", FieldType::Text) },
        Field { required: true, ..field("name", FieldType::Text) },
        field("remark", FieldType::Number),
    ]);
    let broken = |pairs: &[(&str, &str)]| form.fill(&given(pairs)).unwrap_err();
    assert_eq!(broken(&[]), BTreeMap::from([("name".to_owned(), Rule::Missing)]));
    assert_eq!(
        broken(&[("batch", " "), ("name", "\u{a0}"), ("remark", "x")]),
        BTreeMap::from([
            ("batch".to_owned(), Rule::Missing),
            ("name".to_owned(), Rule::Missing),
            ("remark".to_owned(), Rule::Number),
        ])
    );
    assert!(form.fill(&given(&[("name", "Asha"), ("remark", "")])).is_ok());
}

#[test]
fn a_payment_of_a_link_with_a_form_has_answers_to_that_version_sealed_in_its_own_row() {
    let form = form(vec![field("name", FieldType::Text), field("age", FieldType::Number)]);
    let mut link = once();
    link.terms.form = Some(form.id);
    let begin = |link: &kadi_domain::link::Link, form: Option<&Template>| {
        let mut world = World::new(link.clone());
        let mut asked = attempt(None);
        asked.answers = form.map(|form| form.fill(&given(&[("name", "Asha")])).unwrap());
        let (link, merchant) = (world.link.clone(), world.merchant.clone());
        world.with_moment(|moment| start(link, &merchant, &asked, moment)).map(|(_, payment)| payment)
    };
    let other = Template { id: TemplateId::new(6), ..form.clone() };
    for (link, form) in [(&link, None), (&link, Some(&other)), (&once(), Some(&form))] {
        assert_eq!(begin(link, form), Err(Stop::Refused(Refusal::FormInvalid)));
    }
    let payment = begin(&link, Some(&form)).unwrap();
    let sealed = payment.answers.unwrap();
    assert!(!sealed.windows(4).any(|part| part == b"Asha"));
    let open = |id, form: &Template| open_answers(id, &sealed, form, &KEYS);
    let told = [("name".to_owned(), "Asha".to_owned()), ("age".to_owned(), String::new())];
    assert_eq!(open(payment.id, &form).unwrap(), told);
    assert!(open(PaymentId::new(payment.id.get() + 1), &form).is_err(), "another row");
    let shorter = Template { fields: form.fields[..1].to_vec(), ..form };
    assert!(open(payment.id, &shorter).is_err(), "another form");
}

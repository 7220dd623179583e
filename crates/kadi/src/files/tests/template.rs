//! The template file of the contract, and every mistake.

use kadi_domain::template::{Field, FieldType, TemplateKind};

use crate::files::template::{TemplateEntry, parse_templates};

/// CONTRACT.md, "Merchants, templates".
const CONTRACT: &str = include_str!("template.toml");

fn with_field(field: &str) -> String {
    format!(
        "[[template]]\nmerchant = \"demo\"\nkind = \"form\"\nnumber = \"7\"\nname = \"N\"\n\
         field = [{{ name = \"f\", label = \"F\", {field} }}]\n"
    )
}

fn reason(text: &str) -> String {
    let faults = parse_templates(text).unwrap_err();
    assert_eq!(faults.len(), 1);
    faults[0].to_string()
}

#[test]
fn every_key_of_the_contract_is_taken() {
    let course = Field {
        name: "course".into(),
        label: "Course".into(),
        field_type: FieldType::Text,
        required: true,
        min_length: Some(2),
        max_length: Some(40),
        pattern: Some("[A-Za-z ]+".into()),
        default: None,
    };
    let batch = Field {
        name: "batch".into(),
        label: "Batch".into(),
        field_type: FieldType::Choice(vec!["Morning".into(), "Evening".into()]),
        required: false,
        min_length: None,
        max_length: None,
        pattern: None,
        default: Some("Morning".into()),
    };
    let expected = TemplateEntry {
        merchant: "demo".into(),
        kind: TemplateKind::Invoice,
        number: "T001".into(),
        name: "Course fees".into(),
        fields: vec![course, batch],
    };
    assert_eq!(parse_templates(CONTRACT).unwrap(), [expected]);
}

#[test]
fn a_default_that_fits_its_type_is_taken() {
    for (word, default) in [
        ("text", "कक्षा 5"),
        ("number", "-3.5"),
        ("date", "2026-11-21"),
        ("email", "a@b.example"),
        ("mobile", "9000000001"),
        ("amount", "499.00"),
    ] {
        let text = with_field(&format!("type = \"{word}\", default = \"{default}\""));
        assert_eq!(parse_templates(&text).unwrap()[0].fields[0].default.as_deref(), Some(default), "{word}");
    }
}

#[test]
fn every_mistake_of_a_field_is_named_with_its_line_key_and_reason() {
    for (field, expected) in [
        (
            "type = \"string\"",
            "template.field.type: is not one of text, number, date, choice, email, mobile, amount",
        ),
        ("type = \"choice\"", "template.field.type: is choice, and there are no choices"),
        ("type = \"choice\", choices = []", "template.field.choices: are not 1 to 100 different words"),
        (
            "type = \"choice\", choices = [\"a\", \"a\"]",
            "template.field.choices: are not 1 to 100 different words",
        ),
        (
            "type = \"text\", choices = [\"a\"]",
            "template.field.choices: stands beside another type than choice",
        ),
        ("type = \"text\", min_length = -1", "template.field.min_length: is not between 0 and 1000"),
        ("type = \"text\", max_length = 1001", "template.field.max_length: is not between 0 and 1000"),
        (
            "type = \"text\", min_length = 3, max_length = 2",
            "template.field.max_length: is less than min_length",
        ),
        ("type = \"text\", pattern = \"[\"", "template.field.pattern: is no regular expression"),
        ("type = \"text\", pattern = \"a)|(b\"", "template.field.pattern: is no regular expression"),
        (
            "type = \"text\", pattern = \"(a{1000}){1000}\"",
            "template.field.pattern: is no regular expression",
        ),
        ("type = \"text\", requierd = true", "template.field.requierd: unknown key"),
        (
            "type = \"text\", default = \"a\\nb\"",
            "template.field.default: holds control or direction characters",
        ),
        ("type = \"number\", default = \"1e2\"", "template.field.default: is not a number"),
        ("type = \"date\", default = \"21/11/2026\"", "template.field.default: is not a date such as"),
        ("type = \"date\", default = \"2026-02-30\"", "template.field.default: is not a date such as"),
        (
            "type = \"choice\", choices = [\"a\"], default = \"b\"",
            "template.field.default: is not one of the choices",
        ),
        ("type = \"email\", default = \"x\"", "template.field.default: is not an e-mail address"),
        ("type = \"mobile\", default = \"12\"", "template.field.default: is not an Indian mobile number"),
        ("type = \"amount\", default = \"1.005\"", "template.field.default: is not an amount"),
        (
            "type = \"text\", min_length = 2, default = \"a\"",
            "template.field.default: is shorter than min_length",
        ),
        (
            "type = \"text\", max_length = 1, default = \"ab\"",
            "template.field.default: is longer than max_length",
        ),
        (
            "type = \"text\", pattern = \"a|b\", default = \"ab\"",
            "template.field.default: does not match the pattern",
        ),
        (
            "type = \"text\", pattern = \"[a-z]+\", default = \"a1\"",
            "template.field.default: does not match the pattern",
        ),
    ] {
        let reason = reason(&with_field(field));
        assert!(
            reason.starts_with(&format!("line 6, {expected}")),
            "{field}\ngave: {reason}\nexpected: {expected}"
        );
    }
}

#[test]
fn mistakes_of_the_template_and_the_file() {
    let good = with_field("type = \"text\"");
    for (text, expected) in [
        (String::new(), "line 1: the file has no [[template]]"),
        (good.replace("\"demo\"", "\"Demo\""), "line 2, template.merchant: has 1 to 64"),
        (good.replace("\"form\"", "\"bill\""), "line 3, template.kind: is neither invoice nor form"),
        (good.replace("\"7\"", "\"7 a\""), "line 4, template.number: has 1 to 64 letters"),
        (good.replace("\"N\"", "\" \""), "line 5, template.name: has 1 to 100 characters"),
        (good.replace("number = \"7\"\n", ""), "line 1, template: missing field `number`"),
        (good.replace("\"f\"", "\"f f\""), "line 6, template.field.name: has 1 to 64 letters"),
        (good.replace("\"F\"", "\"\""), "line 6, template.field.label: has 1 to 100 characters"),
        (
            format!("{}field = []\n", good.split("field").next().unwrap()),
            "line 6, template.field: has not between 1",
        ),
        (
            good.replace("}]", "}, { name = \"f\", label = \"G\", type = \"text\" }]"),
            "line 6, template.field.name: stands twice",
        ),
        (format!("{good}{good}"), "line 7, template: 7 of demo stands twice in the file"),
    ] {
        let reason = reason(&text);
        assert!(reason.starts_with(expected), "{text}\ngave: {reason}\nexpected: {expected}");
    }
}

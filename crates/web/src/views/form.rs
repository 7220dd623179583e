//! The merchant's form, which the payer fills in before paying.

use kadi_engine::domain::fields::{Rule, VALUE_CHARS_MAX};
use kadi_engine::domain::template::{Field, FieldType};

/// A form with what the payer typed before.
#[derive(Clone, Copy, Debug)]
pub struct FormView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its fields, in order.
    pub fields: &'a [FormField<'a>],
}

/// A field.
#[derive(Clone, Copy, Debug)]
pub struct FormField<'a> {
    /// What is asked for.
    pub field: &'a Field,
    /// What stands in it: what the payer typed before, or its default.
    pub typed: &'a str,
    /// What is wrong with what the payer typed before.
    pub fault: Option<Rule>,
}

impl FormView<'_> {
    /// Whether the page shows a mistake of the payer.
    pub(crate) fn is_faulty(&self) -> bool {
        self.fields.iter().any(|field| field.fault.is_some())
    }

    /// Whether this is the first field with a mistake, to which the page leads.
    pub(crate) fn is_first_fault(&self, at: &usize) -> bool {
        self.fields.iter().position(|field| field.fault.is_some()) == Some(*at)
    }
}

impl FormField<'_> {
    /// The choices, where it is one of several words.
    pub(crate) fn choices(&self) -> Option<&[String]> {
        if let FieldType::Choice(choices) = &self.field.field_type { Some(choices) } else { None }
    }

    /// The `type` of its input; what a browser would change or hide is typed as text.
    pub(crate) const fn input_type(&self) -> &'static str {
        match self.field.field_type {
            FieldType::Date => "date",
            FieldType::Email => "email",
            FieldType::Mobile => "tel",
            FieldType::Text | FieldType::Number | FieldType::Choice(_) | FieldType::Amount => "text",
        }
    }

    /// The keyboard for it.
    pub(crate) const fn input_mode(&self) -> &'static str {
        match self.field.field_type {
            FieldType::Number | FieldType::Amount => "decimal",
            FieldType::Email => "email",
            FieldType::Mobile => "tel",
            FieldType::Text | FieldType::Date | FieldType::Choice(_) => "text",
        }
    }

    /// The most characters.
    pub(crate) fn max_length(&self) -> i64 {
        self.field.max_length.unwrap_or(VALUE_CHARS_MAX)
    }
}

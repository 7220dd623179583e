//! Does a value fit a field? Asked of the defaults of a template file.

use kadi_domain::fields::Rule;
use kadi_domain::template::Field;

/// The rule that a value breaks, in the words of the file.
pub(super) fn check_value(field: &Field, value: &str) -> Result<(), &'static str> {
    field.check(value).map_err(|rule| match rule {
        Rule::Missing | Rule::Emptied => "is empty",
        Rule::Unknown => "is of no field",
        Rule::Hidden => "holds control or direction characters",
        Rule::Number => "is not a number",
        Rule::Date => "is not a date such as 2026-11-21",
        Rule::Choice => "is not one of the choices",
        Rule::Email => "is not an e-mail address",
        Rule::Mobile => "is not an Indian mobile number",
        Rule::Amount => "is not an amount",
        Rule::Shorter(_) => "is shorter than min_length",
        Rule::Longer(_) => "is longer than max_length",
        Rule::Pattern => "does not match the pattern",
    })
}

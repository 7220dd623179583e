//! Templates: every version is a row that never changes, with its fields and their choices.

use std::collections::BTreeMap;

use kadi_domain::id::{MerchantId, TemplateId};
use kadi_domain::refusal::Fault;
use kadi_domain::template::{Field, FieldType, Template, TemplateKey};
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::codes::{Coded, coded};
use crate::driver::Driver;
use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::tables::parts::positions;
use crate::trouble::Trouble;
use crate::value::row;

/// The columns that [`template_of`] reads.
macro_rules! template_columns {
    () => {
        "template.id, template.merchant_id, template.kind, template.number, template.version, template.name, \
         template.created_at"
    };
}

statements! {
    NEWEST(merchant_id Int, kind Int, number Text) = {
        concat!(
            "SELECT ", template_columns!(), " FROM template, input \
             WHERE template.merchant_id = input.merchant_id AND template.kind = input.kind \
             AND template.number = input.number AND template.version = (SELECT max(every.version) \
             FROM template AS every WHERE every.merchant_id = template.merchant_id \
             AND every.kind = template.kind AND every.number = template.number)"
        )
    };
    BY_ID(id Int) = {
        concat!("SELECT ", template_columns!(), " FROM template, input WHERE template.id = input.id")
    };
    NEWEST_OF_MERCHANT(merchant_id Int) = {
        concat!(
            "SELECT ", template_columns!(), " FROM template, input \
             WHERE template.merchant_id = input.merchant_id AND template.version = (SELECT \
             max(every.version) FROM template AS every WHERE every.merchant_id = template.merchant_id \
             AND every.kind = template.kind AND every.number = template.number) ORDER BY template.kind, \
             template.number"
        )
    };
    FIELDS(template_id Int) =
        "SELECT template_field.template_id, template_field.position, template_field.name, \
        template_field.label, template_field.field_type, template_field.required, template_field.min_length, \
        template_field.max_length, template_field.pattern, template_field.default_value \
        FROM template_field, input WHERE template_field.template_id = input.template_id ORDER BY \
        template_field.template_id, template_field.position";
    CHOICES(template_id Int) =
        "SELECT template_choice.template_id, template_choice.field, template_choice.value \
         FROM template_choice, input WHERE template_choice.template_id = input.template_id ORDER BY \
         template_choice.template_id, template_choice.field, template_choice.position";
    INSERT(id Int, merchant_id Int, kind Int, number Text, version Int, name Text, created_at Int) =
        { insert "template" };
    FIELD_INSERT(
        template_id Int, position Int, name Text, label Text, field_type Int, required Int, min_length Int,
        max_length Int, pattern Text, default_value Text,
    ) = { insert "template_field" };
    CHOICE_INSERT(template_id Int, field Int, position Int, value Text) = { insert "template_choice" };
}

/// Loads the newest versions of the templates that were asked for, in trips of their own: links that name one
/// are few.
pub(crate) fn load(driver: &Driver, needs: &Needs, view: &mut View) -> Result<(), Trouble> {
    let keys = needs.templates.iter();
    let input = keys.map(|key| row![key.merchant_id, key.kind.number(), &key.number]).collect();
    let found = whole(driver, driver.query(&NEWEST, input)?)?;
    let mut found: BTreeMap<TemplateKey, Template> = found.into_iter().map(|t| (t.key.clone(), t)).collect();
    for key in &needs.templates {
        view.templates.load(key.clone(), found.remove(key));
    }
    Ok(())
}

/// The steps that store new versions.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    let added = &view.added.templates;
    steps.push(Step::over(&INSERT, added, |template| {
        let TemplateKey { merchant_id, kind, number } = &template.key;
        row![
            template.id,
            *merchant_id,
            kind.number(),
            number,
            template.version,
            &template.name,
            template.created_at
        ]
    }));
    let fields =
        || added.iter().flat_map(|template| positions(&template.fields).map(|(at, f)| (template.id, at, f)));
    steps.push(Step::over(&FIELD_INSERT, fields(), |(template, at, field)| {
        row![
            template,
            at,
            &field.name,
            &field.label,
            type_number(&field.field_type),
            field.required,
            field.min_length,
            field.max_length,
            field.pattern.as_ref(),
            field.default.as_ref(),
        ]
    }));
    let choices = fields().flat_map(|(template, field, of)| {
        let words = if let FieldType::Choice(words) = &of.field_type { words.as_slice() } else { &[] };
        positions(words).map(move |(at, word)| row![template, field, at, word])
    });
    steps.push(Step::over(&CHOICE_INSERT, choices, |row| row));
}

/// Templates with their fields, from rows with `template_columns!`.
pub(crate) fn whole(driver: &Driver, rows: Vec<Row>) -> Result<Vec<Template>, Trouble> {
    let mut templates = read(rows, template_of)?;
    let input = || templates.iter().map(|template| row![template.id]).collect();
    let mut choices: BTreeMap<(i64, i64), Vec<String>> = BTreeMap::new();
    for mut row in driver.query(&CHOICES, input())? {
        choices.entry((row.int()?, row.int()?)).or_default().push(row.text()?);
    }
    let mut fields: BTreeMap<i64, Vec<Field>> = BTreeMap::new();
    for mut row in driver.query(&FIELDS, input())? {
        let (template, position) = (row.int()?, row.int()?);
        let words = choices.remove(&(template, position)).unwrap_or_default();
        fields.entry(template).or_default().push(field_of(&mut row, words)?);
    }
    for template in &mut templates {
        template.fields = fields.remove(&template.id.get()).unwrap_or_default();
    }
    Ok(templates)
}

fn template_of(row: &mut Row) -> Result<Template, Fault> {
    Ok(Template {
        id: TemplateId::new(row.int()?),
        key: TemplateKey { merchant_id: MerchantId::new(row.int()?), kind: coded(row)?, number: row.text()? },
        version: row.int()?,
        name: row.text()?,
        fields: Vec::new(),
        created_at: row.time()?,
    })
}

fn field_of(row: &mut Row, words: Vec<String>) -> Result<Field, Fault> {
    Ok(Field {
        name: row.text()?,
        label: row.text()?,
        field_type: type_of(row, words)?,
        required: row.flag()?,
        min_length: row.opt_int()?,
        max_length: row.opt_int()?,
        pattern: row.opt_text()?,
        default: row.opt_text()?,
    })
}

const fn type_number(field_type: &FieldType) -> i64 {
    match field_type {
        FieldType::Text => 1,
        FieldType::Number => 2,
        FieldType::Date => 3,
        FieldType::Choice(_) => 4,
        FieldType::Email => 5,
        FieldType::Mobile => 6,
        FieldType::Amount => 7,
    }
}

fn type_of(row: &mut Row, words: Vec<String>) -> Result<FieldType, Fault> {
    match row.int()? {
        1 => Ok(FieldType::Text),
        2 => Ok(FieldType::Number),
        3 => Ok(FieldType::Date),
        4 => Ok(FieldType::Choice(words)),
        5 => Ok(FieldType::Email),
        6 => Ok(FieldType::Mobile),
        7 => Ok(FieldType::Amount),
        _ => Err(row.fault("is no type of a field")),
    }
}

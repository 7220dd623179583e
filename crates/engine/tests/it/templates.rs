//! Templates: versioned, and the same import makes no new version.

use kadi_domain::refusal::Refusal;
use kadi_domain::template::{Field, FieldType, TemplateKind};
use kadi_engine::command::Failure;
use kadi_engine::commands::administer::{ImportTemplates, TemplateInput};

use crate::gate::{hold, queued};
use crate::world::World;

fn template(world: &World, number: &str, name: &str) -> TemplateInput {
    let field = Field {
        name: "course".into(),
        label: "Course".into(),
        field_type: FieldType::Choice(vec!["Morning".into(), "Evening".into()]),
        required: true,
        min_length: None,
        max_length: Some(40),
        pattern: None,
        default: Some("Morning".into()),
    };
    TemplateInput {
        merchant: "demo".into(),
        merchant_id: world.merchant,
        kind: TemplateKind::Invoice,
        number: number.into(),
        name: name.into(),
        fields: vec![field],
    }
}

async fn import(world: &World, inputs: Vec<TemplateInput>) -> Result<Vec<i64>, Failure> {
    let imported = world.engine.submit(ImportTemplates { inputs }).await?;
    Ok(imported.into_iter().map(|(_, version)| version).collect())
}

#[tokio::test]
async fn only_a_changed_template_gets_a_new_version() {
    let world = World::new().await;
    let file = |name| vec![template(&world, "T1", name), template(&world, "T2", "Bus fees")];
    assert_eq!(import(&world, file("Course fees")).await, Ok(vec![1, 1]));
    assert_eq!(import(&world, file("Course fees")).await, Ok(vec![1, 1]));
    assert_eq!(import(&world, file("Course fees 2027")).await, Ok(vec![2, 1]));
    let merchant = world.merchant;
    let newest = world.read(move |reader| reader.templates(merchant)).await;
    let mut names: Vec<(String, i64)> = newest.into_iter().map(|t| (t.name, t.version)).collect();
    names.sort();
    assert_eq!(names, [("Bus fees".to_owned(), 1), ("Course fees 2027".to_owned(), 2)]);
}

#[tokio::test]
async fn a_template_that_stands_twice_is_refused_with_the_whole_file() {
    let world = World::new().await;
    let file = vec![template(&world, "T1", "One"), template(&world, "T1", "Two")];
    let refused = import(&world, file).await;
    assert!(matches!(refused, Err(Failure::Refused(Refusal::NameTaken(_)))), "{refused:?}");
    let merchant = world.merchant;
    assert!(world.read(move |reader| reader.templates(merchant)).await.is_empty());
}

#[tokio::test]
async fn imports_that_meet_in_one_batch_count_on() {
    let world = World::new().await;
    let held = hold(&world.engine);
    let calls = ["One", "Two", "Two"].map(|name| {
        let inputs = vec![template(&world, "T1", name)];
        queued(&world.engine, ImportTemplates { inputs })
    });
    held.open().await;
    let mut versions = Vec::new();
    for call in calls {
        versions.push(call.await.unwrap()[0].1);
    }
    assert_eq!(versions, [1, 2, 2]);
}

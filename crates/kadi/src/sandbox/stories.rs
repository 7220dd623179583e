//! The ready stories, by name: the rail's own twelve, and scripts that come with Kadi.

use axum::Json;
use kadi_dialects::native::Problem;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::sandbox::Story;
use serde::Serialize;
use serde_json::value::RawValue;

use super::script::ScriptBody;

/// A story that is a script.
struct Ready {
    name: &'static str,
    about: &'static str,
    script: &'static str,
}

macro_rules! ready {
    ($($name:literal: $about:literal,)+) => {
        [$(Ready {
            name: $name,
            about: $about,
            script: include_str!(concat!("../../stories/", $name, ".json")),
        }),+]
    };
}

const READY: [Ready; 16] = ready! {
    "lost_notice": "waits, and is taken 45 s later, of which no notice comes: Kadi asks",
    "double_charge": "taken, and taken again 60 s later under another reference",
    "failure_then_success": "refused, and taken all the same 60 s later",
    "contradicting_notices": "a failure that is none, then success, failure, pending, three successes",
    "overpaid": "half as much again is taken",
    "underpaid": "half is taken",
    "slow_bank": "waits five days, and is taken",
    "reversed_after_late_success": "taken after the reservation ended, and taken back 60 s later",
    "refund_reversed": "taken; a refund succeeds, and its money comes back 60 s after the start",
    "refund_refused": "taken; a refund is refused",
    "refund_answer_lost": "taken; a refund is carried out without an answer",
    "wrong_currency": "taken in another currency",
    "wrong_account": "taken for another account",
    "charged_again_in_part": "taken, and 40 % of it again 60 s later under another reference",
    "stray_money": "taken; 60 s later money comes of which no payment knows, told twice",
    "restarts_between": "no answer; Kadi is killed 20 s and 60 s after the start, and all is taken at 120 s",
};

/// What the rail's own stories are about.
const fn about(story: Story) -> &'static str {
    match story {
        Story::Success => "taken at once",
        Story::Failure => "refused at once",
        Story::Pending => "waits until a tester decides",
        Story::PendingThenSuccess => "waits, and is taken 60 s later",
        Story::PendingThenFailure => "waits, and is refused 60 s later",
        Story::LateSuccess => "no answer; taken 60 s after the reservation ended",
        Story::DuplicateNotice => "taken, and told twice more",
        Story::ReorderedNotices => "taken, and then told to be pending",
        Story::Contradiction => "taken, and then told to have failed",
        Story::TimeoutBeforeCapture => "no answer; a check says that nothing was taken",
        Story::TimeoutAfterCapture => "no answer; a check says that it was taken",
        Story::Reversal => "taken, and taken back 60 s later",
    }
}

#[derive(Serialize)]
pub(super) struct StoryBody {
    name: &'static str,
    about: &'static str,
    /// None where the rail tells the story without a script.
    script: Option<&'static RawValue>,
}

/// `GET /sandbox/stories`: every ready story.
pub(super) async fn list() -> Result<Json<Vec<StoryBody>>, Problem> {
    let own = Story::ALL.map(|(story, name)| StoryBody { name, about: about(story), script: None });
    let scripts = READY.iter().map(|ready| {
        let script =
            serde_json::from_str(ready.script).map_err(|error| spoilt(ready.name, &error.to_string()))?;
        Ok(StoryBody { name: ready.name, about: ready.about, script: Some(script) })
    });
    let all: Result<Vec<StoryBody>, Fault> = own.into_iter().map(Ok).chain(scripts).collect();
    Ok(Json(all?))
}

/// What is asked of the rail for a story with this name, if there is one.
pub(super) fn choice(name: &str) -> Result<Option<String>, Fault> {
    if let Some(story) = Story::parse(name) {
        return Ok(Some(story.word().to_owned()));
    }
    let Some(ready) = READY.iter().find(|ready| ready.name == name) else { return Ok(None) };
    let body: ScriptBody =
        serde_json::from_str(ready.script).map_err(|error| spoilt(name, &error.to_string()))?;
    body.read().map(|script| Some(script.to_text())).map_err(|reason| spoilt(name, &reason))
}

fn spoilt(name: &str, reason: &str) -> Fault {
    Fault::new(format!("the story {name} cannot be read: {reason}"))
}

#[cfg(test)]
mod tests {
    use kadi_engine::domain::script::Script;

    use super::*;

    #[test]
    fn every_ready_story_is_a_script_of_another_name_than_the_rails_own() {
        for ready in &READY {
            assert!(Story::parse(ready.name).is_none(), "{}", ready.name);
            let text = choice(ready.name).unwrap().unwrap();
            assert_eq!(Script::parse(&text).unwrap().to_text(), text, "{}", ready.name);
        }
        assert_eq!(choice("triumph").unwrap(), None);
    }
}

//! Making a story that fails as short as it can be.

use crate::stage::Stage;
use crate::story::Story;

/// Tells a story on a store of its own.
pub(crate) fn alone(story: &Story) -> Result<Vec<String>, (String, Vec<String>)> {
    let mut stage = Stage::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let told = runtime.block_on(crate::play::tell(&mut stage, story));
    match (told, stage.close()) {
        (Ok(log), Err(wrong)) => Err((wrong, log)),
        (told, _) => told,
    }
}

/// Leaves out steps, many at first and then single ones, as long as the story fails without them.
pub(crate) fn shrink(story: &Story) -> Story {
    let mut shortest = story.clone();
    let mut width = shortest.steps.len() / 2;
    while width > 0 {
        let mut at = 0;
        while at < shortest.steps.len() {
            let mut shorter = shortest.clone();
            shorter.steps.drain(at..(at + width).min(shorter.steps.len()));
            if fails(&shorter) {
                shortest = shorter;
            } else {
                at += width;
            }
        }
        width /= 2;
    }
    shortest
}

/// Does it fail, in whatever way? A panic is a failure too.
fn fails(story: &Story) -> bool {
    std::panic::catch_unwind(|| alone(story)).map_or(true, |told| told.is_err())
}

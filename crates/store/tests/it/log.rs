//! The checkpointer keeps the log short while a writer and readers go on.

use std::time::{Duration, Instant};

use kadi_domain::work::{Changes, Needs};
use kadi_store::{Checkpoint, Commit, Session};

use crate::store::Store;

const MEGABYTE: usize = 1 << 20;

fn write(session: &mut Session, megabytes: usize) {
    for _ in 0..megabytes {
        let mut needs = Needs::default();
        needs.values.insert("bulk");
        let mut view = session.load(&needs).unwrap();
        // SQLite leaves out pages that do not change.
        let stored = view.values.get(&"bulk").unwrap();
        let letter = if stored.is_some_and(|text| text.starts_with('a')) { "b" } else { "a" };
        view.apply(Changes { values: vec![("bulk", letter.repeat(MEGABYTE))], ..Changes::default() });
        assert_eq!(session.save(&view, [1; 16]), Commit::Committed);
    }
}

fn wait_for_the_copy(session: &mut Session) -> Checkpoint {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        let end = session.checkpoint_if_due().unwrap();
        if end != Checkpoint::Running || Instant::now() > patience {
            return end;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_long_log_starts_anew_and_does_not_grow_for_ever() {
    let store = Store::sqlite();
    let mut session = store.session();
    let log = store.file().with_extension("db-wal");
    let length = || usize::try_from(std::fs::metadata(&log).unwrap().len()).unwrap();
    write(&mut session, 10);
    assert_eq!(session.checkpoint_if_due().unwrap(), Checkpoint::NotDue);
    write(&mut session, 60);
    assert!(length() > 64 * MEGABYTE);
    let before = length();
    assert_eq!(session.checkpoint_if_due().unwrap(), Checkpoint::Running);
    assert_eq!(wait_for_the_copy(&mut session), Checkpoint::Restarted);
    write(&mut session, 10);
    assert_eq!(length(), before, "the log is written from its beginning again");
    assert_eq!(session.checkpoint_if_due().unwrap(), Checkpoint::NotDue);
}

#[test]
fn a_reader_that_needs_the_log_holds_up_its_new_start_but_no_writer() {
    let store = Store::sqlite();
    let mut session = store.session();
    write(&mut session, 1);
    let reader = store.reader();
    let end = reader.snapshot(|reader| {
        let before = reader.value("bulk")?;
        write(&mut session, 70);
        let end = wait_for_the_copy(&mut session);
        write(&mut session, 1);
        assert_eq!(reader.value("bulk")?, before);
        Ok(end)
    });
    assert_eq!(end.unwrap(), Checkpoint::HeldUp);
    assert_eq!(session.checkpoint_if_due().unwrap(), Checkpoint::NotDue, "not before it has grown");
    write(&mut session, 20);
    assert_eq!(wait_for_the_copy(&mut session), Checkpoint::Restarted);
}

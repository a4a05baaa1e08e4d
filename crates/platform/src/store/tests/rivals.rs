//! C2: two programs save at once, and their locks do nothing.

use std::{
    collections::BTreeSet,
    fs,
    sync::{Arc, mpsc},
    thread,
};

use super::{
    Place,
    editor::{Editor, accounts},
    faulty::Plan,
};

#[test]
fn of_two_that_save_at_once_without_a_lock_neither_edit_is_lost() {
    let (before, mut known) = (Place::empty(), Editor::new());
    // Without a second folder, which both would only read.
    fs::remove_dir(before.folder.path().join("stick")).unwrap();
    known.add("old");
    drop(known.save(&before.store()).unwrap());
    let calls = {
        let (place, plan) = (before.duplicate(), Arc::new(Plan::default()));
        let mut editor = known.duplicate();
        editor.add("a");
        drop(editor.save(&place.faulty(&plan)).unwrap());
        plan.names().len()
    };
    let expected: BTreeSet<String> = ["old", "a", "b"].map(str::to_owned).into();
    let mut schedules = 0;
    // The first makes so many calls, then the second so many, then the first goes on to its end, then the second.
    for (first, second) in (0..calls).flat_map(|first| (0..=calls).map(move |second| (first, second))) {
        let place = before.duplicate();
        run(&place, &known, first, second);
        let found = accounts(&place.bytes().unwrap());
        assert_eq!(found, expected, "the first after {first} calls, the second after {second}");
        assert_eq!(place.temporary(), [""; 0]);
        schedules += 1;
    }
    println!("C2: {schedules} ways in which two savers take turns");
    assert!(schedules > 1000);
}

/// Two writers on one place: the second is let in before the first's `first`-th call, and held up itself at its `second`-th.
fn run(place: &Place, known: &Editor, first: usize, second: usize) {
    let writer = |name: &str, plan: &Arc<Plan>| {
        let (store, mut editor) = (place.faulty(plan), known.duplicate());
        editor.add(name);
        move || editor.save(&store).map(drop)
    };
    let plans = [Arc::new(Plan::default()), Arc::new(Plan::default())];
    plans.iter().for_each(|plan| plan.let_locks_lie());
    let (held, is_held) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let mut other = writer("b", &plans[1]);
    plans[1].interrupt(second, {
        let held = held.clone();
        move || {
            held.send(()).unwrap();
            may_go_on.recv().unwrap();
        }
    });
    let (started, is_started) = mpsc::channel();
    plans[0].interrupt(first, move || {
        started
            .send(thread::spawn(move || {
                let outcome = other();
                let _ = held.send(());
                outcome
            }))
            .unwrap();
        // Until it is held up, or done.
        is_held.recv().unwrap();
    });
    writer("a", &plans[0])().unwrap();
    let _ = go_on.send(());
    is_started.recv().unwrap().join().unwrap().unwrap();
}

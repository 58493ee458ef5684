//! Whether a run can go on though its workflow has changed: what it has done must stand where it stood, for the same inputs and under the
//! same conditions. Steps that it has not come to may be what they are now.

use std::collections::BTreeSet;

use super::{History, difference};

/// What a migration says of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waived {
    /// Nothing.
    No,
    /// Its stored output is made into what it gives now.
    Output,
}

/// Looks at all that a run has done.
///
/// # Errors
/// The lines that differ, of the first step that is not what it was.
pub(crate) fn compatible(
    old: &str,
    new: &str,
    history: &History,
    waived: impl Fn(&str) -> Waived,
) -> Result<(), String> {
    // Those of the workflow itself, and not those of workflows that it calls.
    let is_input = |place: &str, what: &str| what.starts_with("input ") && place.matches('/').count() == 1;
    refuse_unless_same(&lines(old, is_input), &lines(new, is_input), Waived::No)?;
    let steps = history.entries.iter().map(|entry| &entry.step).chain(history.waits.iter().map(|wait| &wait.step));
    let done: BTreeSet<String> = steps.flat_map(|step| with_those_around(&place(step))).collect();
    for place in &done {
        let is_here = |other: &str, _: &str| other == place;
        let (then, now) = (lines(old, is_here), lines(new, is_here));
        // A step that the run has done after it went on in a changed workflow is not in the outline of its beginning.
        if then.is_empty() && !now.is_empty() {
            continue;
        }
        refuse_unless_same(&then, &now, waived(place))?;
    }
    Ok(())
}

/// The lines of an outline whose place and text are wanted.
fn lines(outline: &str, is_wanted: impl Fn(&str, &str) -> bool) -> Vec<&str> {
    let wanted = |line: &&str| line.split_once(": ").is_some_and(|(place, what)| is_wanted(place, what));
    outline.lines().filter(wanted).collect()
}

fn refuse_unless_same(then: &[&str], now: &[&str], waived: Waived) -> Result<(), String> {
    let is_same = then.len() == now.len()
        && then.iter().zip(now).all(|(then, now)| promise(then, waived) == promise(now, waived));
    if is_same && !then.is_empty() || then.is_empty() && now.is_empty() {
        return Ok(());
    }
    Err(difference(&then.join("\n"), &now.join("\n")))
}

/// What a line promises: of a version only what is compatible by its number, and of a step whose output is migrated nothing of it.
fn promise(line: &str, waived: Waived) -> String {
    let Some((place, what)) = line.split_once(": ") else { return line.to_owned() };
    let mut words: Vec<&str> = what.split(' ').collect();
    let Some(version) = words.get_mut(1).filter(|version| version.split('.').count() == 3) else {
        return line.to_owned();
    };
    let compatible = match version.split_once('.') {
        Some(("0", rest)) => rest.split('.').next().unwrap_or(rest),
        Some((major, _)) => major,
        None => version,
    };
    *version = if waived == Waived::Output { "" } else { compatible };
    let what = words.join(" ");
    match (waived, what.split_once(") -> ")) {
        (Waived::Output, Some((called, given))) => {
            let conditions = given.split_once(" if ").map_or("", |(_, conditions)| conditions);
            format!("{place}: {called} {conditions}")
        }
        _ => format!("{place}: {what}"),
    }
}

/// The place of a step in the source: its path without the numbers of items and rounds.
pub(crate) fn place(step: &str) -> String {
    let mut place = String::with_capacity(step.len());
    let mut inside = false;
    for letter in step.chars() {
        match letter {
            '[' => inside = true,
            ']' => inside = false,
            _ if !inside => place.push(letter),
            _ => {}
        }
    }
    place
}

/// A place, and the maps, loops and workflows that it is in.
fn with_those_around(place: &str) -> Vec<String> {
    let ends = place.match_indices('/').skip(1).map(|(end, _)| end).chain([place.len()]);
    ends.filter_map(|end| place.get(..end)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{Waived, compatible};
    use crate::journal::{Entry, History};

    const OLD: &str = "a/q: input String\n\
                       a/docs: search 1.2.0 (q) -> Docs\n\
                       a/notes: for doc in &docs\n\
                       a/notes/summarise: summarise 1.0.0 (docs) -> Note\n\
                       a/if: docs.ok { docs.ok, else }\n\
                       a/reply: compose 1.0.0 (notes) -> Reply if docs.ok is else\n\
                       a/result: Reply\n";

    fn after(steps: &[&str]) -> History {
        let entry =
            |step: &&str| Entry { key: 0, step: (*step).to_owned(), failed: false, value: String::new(), signal: None };
        History { entries: steps.iter().map(entry).collect(), ..History::default() }
    }

    fn goes_on(new: &str, steps: &[&str]) -> Result<(), String> {
        compatible(OLD, new, &after(steps), |_| Waived::No)
    }

    #[test]
    fn steps_that_are_not_reached_may_be_anything() {
        let new = OLD.replace("a/reply: compose 1.0.0 (notes)", "a/reply: write 3.0.0 (notes, docs)");
        assert_eq!(goes_on(&new, &["a/docs", "a/notes[1]/summarise"]), Ok(()));
        let error = goes_on(&new, &["a/docs", "a/reply"]).unwrap_err();
        assert_eq!(
            error,
            "- a/reply: compose 1.0.0 (notes) -> Reply if docs.ok is else\n\
             + a/reply: write 3.0.0 (notes, docs) -> Reply if docs.ok is else"
        );
        let more = format!("{OLD}a/more: more 1.0.0 () -> u32\n");
        assert_eq!(goes_on(&more, &["a/docs", "a/reply", "a/more"]), Ok(()));
    }

    #[test]
    fn what_is_done_must_stand_where_it_stood() {
        for (from, to) in [
            ("a/docs: search 1.2.0 (q) -> Docs\n", ""),
            ("search 1.2.0", "search 2.0.0"),
            ("search 1.2.0", "find 1.2.0"),
            ("(q)", "(other)"),
            ("-> Docs", "-> Found"),
        ] {
            assert!(goes_on(&OLD.replace(from, to), &["a/docs"]).is_err(), "{to}");
        }
        assert!(goes_on(&OLD.replace("in &docs", "in &docs.top"), &["a/notes[0]/summarise"]).is_err());
        assert!(goes_on(&OLD.replace("docs.ok is else", "docs.fine is else"), &["a/reply"]).is_err());
        assert!(goes_on(&OLD.replace("input String", "input Question"), &[]).is_err());
    }

    #[test]
    fn a_minor_version_is_compatible() {
        assert_eq!(goes_on(&OLD.replace("search 1.2.0", "search 1.4.1"), &["a/docs"]), Ok(()));
        let old = OLD.replace("search 1.2.0", "search 0.2.0");
        let new = OLD.replace("search 1.2.0", "search 0.3.0");
        assert!(compatible(&old, &new, &after(&["a/docs"]), |_| Waived::No).is_err());
    }

    #[test]
    fn a_migration_may_change_outputs_alone() {
        let waive = |place: &str| if place == "a/docs" { Waived::Output } else { Waived::No };
        let check = |new: &str| compatible(OLD, new, &after(&["a/docs"]), waive);
        assert_eq!(check(&OLD.replace("search 1.2.0 (q) -> Docs", "search 2.0.0 (q) -> Found")), Ok(()));
        assert!(check(&OLD.replace("(q)", "(other)")).is_err());
    }
}

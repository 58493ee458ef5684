//! The texts around the chores: the overview and the answer to a misspelled name.

use crate::Chore;

/// What `cargo xtask --help` prints.
pub(crate) fn overview(chores: &[Chore]) -> String {
    let mut text = String::from("The chores of the flowc workspace.\n\nUsage: cargo xtask <chore> [options]\n\n");
    for chore in chores {
        let summary = chore.help.lines().next().unwrap_or_default();
        text.extend(["  ", &format!("{:<9}", chore.name), summary, "\n"]);
    }
    text.push_str(
        "\nNew here? `cargo xtask test --quick` takes a minute or two and catches most things; `cargo xtask test` is what\n\
         CI runs. `cargo xtask <chore> --help` explains one chore.\n",
    );
    text
}

/// What a misspelled chore gets: the nearest name if there is one, and the list.
pub(crate) fn unknown(name: &str, chores: &[Chore]) -> String {
    let names: Vec<_> = chores.iter().map(|chore| chore.name).collect();
    let near = names.iter().find(|known| known.starts_with(name) || name.starts_with(**known));
    let hint = near.map_or(String::new(), |known| format!("; did you mean `{known}`?"));
    format!("no chore is called `{name}`{hint} (there are: {})", names.join(", "))
}

/// Whether the rest of the command line asks for help. What follows `--` belongs to the program that is started.
pub(crate) fn asked(parser: &lexopt::Parser) -> bool {
    let mut rest = parser.clone();
    let Ok(arguments) = rest.raw_args() else { return false };
    arguments.take_while(|argument| argument != "--").any(|argument| argument == "--help" || argument == "-h")
}

/// The error for an option or value that a chore does not know.
pub(crate) fn unexpected(argument: &lexopt::Arg<'_>, chore: &str) -> crate::Result<()> {
    let what = match argument {
        lexopt::Arg::Short(letter) => format!("option `-{letter}`"),
        lexopt::Arg::Long(name) => format!("option `--{name}`"),
        lexopt::Arg::Value(value) => format!("argument `{}`", value.to_string_lossy()),
    };
    Err(format!("`{chore}` has no {what}; see `cargo xtask {chore} --help`").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CHORES;

    #[test]
    fn every_chore_teaches_itself_in_one_line_and_then_in_full() {
        let overview = overview(CHORES);
        for chore in CHORES {
            assert!(overview.contains(chore.name), "{}", chore.name);
            assert!(chore.help.contains(&format!("Usage: cargo xtask {}", chore.name)), "{}", chore.name);
            assert!(chore.help.ends_with('\n') && chore.help.lines().count() > 3, "{}", chore.name);
        }
    }

    #[test]
    fn a_misspelled_chore_gets_the_near_one() {
        assert!(unknown("tests", CHORES).contains("did you mean `test`?"));
        assert!(!unknown("xyz", CHORES).contains("did you mean"));
    }

    #[test]
    fn help_after_two_dashes_is_for_the_program_that_is_started() {
        assert!(asked(&lexopt::Parser::from_args(["--quick", "--help"])));
        assert!(!asked(&lexopt::Parser::from_args(["--", "--help"])));
    }
}

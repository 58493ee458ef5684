//! Markdown that leads where it says.

use std::collections::HashMap;

use super::Problem;
use super::tree::Tree;

/// Bad input: a relative link to a file, or to a heading, that is not there.
pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| path.ends_with(".md")) {
        for (line, target) in
            prose(text).flat_map(|(line, prose)| targets(&prose).into_iter().map(move |to| (line, to)))
        {
            if let Some(text) = broken(tree, path, &target) {
                problems.push(Problem::error(format!("{path}:{line}"), text));
            }
        }
    }
    problems
}

/// What is wrong with a link in the file `from`, if anything is.
fn broken(tree: &Tree, from: &str, target: &str) -> Option<String> {
    // Other places on the net, mail and paths that rustdoc resolves are not for us.
    let elsewhere =
        target.contains("://") || target.starts_with("mailto:") || target.contains("::") || target.is_empty();
    if elsewhere {
        return None;
    }
    let (file, heading) = target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let file = if file.is_empty() { Some(from.to_string()) } else { join(from, file) };
    let Some(file) = file.filter(|file| tree.has(file)) else {
        return Some(format!("links to `{target}`, which is not in the repository"));
    };
    let (heading, text) = (heading?, tree.text(&file)?);
    if !file.ends_with(".md") || anchors(text).iter().any(|anchor| anchor == heading) {
        return None;
    }
    Some(format!("links to `{target}`, but {file} has no heading of that name"))
}

/// The path of `target` seen from the file `from`; none if it leaves the repository.
fn join(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The lines outside code blocks, with code spans blanked, counted from 1.
fn prose(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut fence: Option<&str> = None;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => return Some((index + 1, line.split('`').step_by(2).collect::<Vec<_>>().join("``"))),
            _ => {}
        }
        None
    })
}

/// The targets of the links, pictures and reference definitions in one line.
fn targets(line: &str) -> Vec<String> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let definition = line.trim_start().strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, to)| to);
    let html = ["src=\"", "href=\""]
        .into_iter()
        .flat_map(|key| line.split(key).skip(1))
        .filter_map(|rest| rest.split('"').next());
    // A title may follow the target.
    let target = |text: &str| text.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']).to_string();
    inline.chain(definition).chain(html).map(target).collect()
}

/// The anchors that the headings of a file get: lower case, dashes for blanks, a number from the second of a name on.
fn anchors(text: &str) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let headings =
        fenceless(text).filter_map(|line| line.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim()));
    let mut anchors = Vec::new();
    for heading in headings {
        let kept = heading.to_lowercase().replace(' ', "-");
        let slug: String = kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
        let count = seen.entry(slug.clone()).or_default();
        anchors.push(if *count == 0 { slug.clone() } else { format!("{slug}-{count}") });
        *count += 1;
    }
    anchors
}

/// The lines outside code blocks as they are: a code span in a heading is part of its anchor.
fn fenceless(text: &str) -> impl Iterator<Item = &str> {
    let kept: Vec<_> = prose(text).map(|(line, _)| line).collect();
    text.lines().enumerate().filter(move |(index, _)| kept.binary_search(&(index + 1)).is_ok()).map(|(_, line)| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let guide = "# Bound a `for`\n\n## Steps\n## Steps\n```sh\n# no heading\n```\n";
        let tree = Tree::of([("docs/a.md", text), ("docs/guide/b.md", guide), ("LICENSE", "")]);
        check(&tree).into_iter().map(|problem| format!("{} {}", problem.place, problem.text)).collect()
    }

    #[test]
    fn links_that_lead_somewhere_pass() {
        let text = "# Top\n[a](guide/b.md) [b](../LICENSE \"title\") ![c](<guide/b.md>) [d](/LICENSE) [e](guide/)\n\
                    [f](https://example.org/none.md) [g](#top) [h](guide/b.md#bound-a-for) [i](guide/b.md#steps-1)\n\
                    [j]: guide/b.md\n<img src=\"guide/b.md\"> [k](crate::Run)\n";
        assert_eq!(found(text), [""; 0]);
    }

    #[test]
    fn links_to_nothing_are_found_at_their_line() {
        for text in
            ["x\n[a](none.md)", "x\n[a](ok)", "x\n![a](../../out.md)", "x\n[a]: none.md", "x\n<a href=\"none\">"]
        {
            let found = found(text);
            assert!(found.len() == 1 && found[0].starts_with("docs/a.md:2 links to"), "{text}: {found:?}");
        }
    }

    #[test]
    fn headings_that_are_not_there_are_found() {
        for text in ["[a](#none)", "[a](guide/b.md#no-heading)", "[a](guide/b.md#steps-2)"] {
            assert!(found(text)[0].contains("no heading"), "{text}");
        }
    }

    #[test]
    fn code_is_not_prose() {
        assert_eq!(found("`[a](none.md)`\n```md\n[b](none.md)\n```\n~~~\n```\n[c](none.md)\n~~~\n"), [""; 0]);
    }
}

//! Names that Rust allows, made of names that a server gave.

use std::collections::HashSet;

/// `getForecast`, `get-forecast` and `Get forecast` are all `get_forecast`.
pub(crate) fn snake(wire: &str) -> String {
    let name = words(wire).join("_");
    let name = if name.is_empty() { "unnamed".to_owned() } else { name };
    legal(if name.starts_with(|first: char| first.is_numeric()) { format!("n{name}") } else { name })
}

/// `get-forecast` is `GetForecast`.
pub(crate) fn camel(wire: &str) -> String {
    let mut name = String::new();
    for word in words(wire) {
        let mut letters = word.chars();
        // A number behind a number would become another number: `1_2` is no `12`.
        let between = name.ends_with(char::is_numeric) && word.starts_with(char::is_numeric);
        name.push_str(if between { "_" } else { "" });
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    match name.chars().next() {
        None => "Unnamed".to_owned(),
        Some(first) if first.is_numeric() => format!("N{name}"),
        _ if name == "Self" => "Self_".to_owned(),
        _ => name,
    }
}

/// `Entities` is `Entity`, `Days` is `Day`; nothing for what is no plural of English.
pub(crate) fn singular(name: &str) -> Option<String> {
    let one = match name.strip_suffix("ies") {
        Some(stem) if stem.len() > 1 => format!("{stem}y"),
        _ if ["ss", "us", "is"].iter().any(|end| name.ends_with(end)) => return None,
        _ if ["sses", "shes", "ches", "xes"].iter().any(|end| name.ends_with(end)) => {
            name.strip_suffix("es")?.to_owned()
        }
        _ => name.strip_suffix('s')?.to_owned(),
    };
    (one.len() > 1).then_some(one)
}

/// Takes `name`, or `name_2`, `name_3`, .. if it is taken.
pub(crate) fn free(name: &str, between: &str, taken: &mut HashSet<String>) -> String {
    let bare = name.trim_start_matches("r#");
    let others = (2..).map(|number| format!("{bare}{between}{number}"));
    let found = std::iter::once(name.to_owned()).chain(others).find(|name| !taken.contains(name));
    let found = found.unwrap_or_default();
    taken.insert(found.clone());
    found
}

/// In lower case. A word ends before a sign, before a capital behind a small letter, and before the last capital of a row
/// that a small letter follows.
fn words(wire: &str) -> Vec<String> {
    let letters: Vec<char> = wire.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index)).copied().unwrap_or(' ');
        let after = letters.get(index + 1).copied().unwrap_or(' ');
        let hump = letter.is_uppercase()
            && (before.is_lowercase() || before.is_numeric() || before.is_uppercase() && after.is_lowercase());
        if !letter.is_alphanumeric() || hump {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A keyword becomes `r#type`, or `self_` where that does not exist; and what is no name at all for Rust becomes one.
fn legal(name: String) -> String {
    if syn::parse_str::<syn::Ident>(&name).is_ok() {
        name
    } else if matches!(name.as_str(), "self" | "super" | "crate") {
        format!("{name}_")
    } else if name.chars().all(|letter| letter == '_' || letter.is_ascii_alphanumeric()) {
        format!("r#{name}")
    } else {
        let ascii: String = name.chars().map(|letter| if letter.is_ascii() { letter } else { 'x' }).collect();
        legal(ascii)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_and_fields() {
        for (wire, name) in [
            ("forecast", "forecast"),
            ("getForecast", "get_forecast"),
            ("get-forecast", "get_forecast"),
            ("get forecast!", "get_forecast"),
            ("HTTPServerURL", "http_server_url"),
            ("weather.v2/daily", "weather_v2_daily"),
            ("type", "r#type"),
            ("self", "self_"),
            ("3d", "n3d"),
            ("Größe", "größe"),
            ("天気", "天気"),
            ("---", "unnamed"),
            ("_meta", "meta"),
        ] {
            assert_eq!(snake(wire), name);
        }
    }

    #[test]
    fn types_and_variants() {
        for (wire, name) in [
            ("forecast", "Forecast"),
            ("get-forecast", "GetForecast"),
            ("HTTPServer", "HttpServer"),
            ("self", "Self_"),
            ("1d", "N1d"),
            ("1.2", "N1_2"),
            ("<", "Unnamed"),
        ] {
            assert_eq!(camel(wire), name);
        }
    }

    #[test]
    fn one_of_many() {
        let one = |name| singular(name).unwrap_or_default();
        assert_eq!(["Entities", "Days", "Boxes", "Addresses"].map(one), ["Entity", "Day", "Box", "Address"]);
        assert_eq!(["Content", "Status", "Class", "S", "Analysis"].map(one), [""; 5]);
    }

    #[test]
    fn taken_names_are_counted() {
        let mut taken = HashSet::new();
        let names: Vec<_> = ["a", "a", "r#type", "r#type"].iter().map(|name| free(name, "_", &mut taken)).collect();
        assert_eq!(names, ["a", "a_2", "r#type", "type_2"]);
    }
}

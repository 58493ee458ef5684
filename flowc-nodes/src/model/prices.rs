//! What models cost.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Tokens;

/// What a million tokens cost, in the one currency that the application counts in.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Price {
    /// Those that the model reads.
    pub input: f64,
    /// Those that it writes.
    pub output: f64,
    /// Those that it reads and that the provider had kept from before.
    pub cached: f64,
}

impl Price {
    /// The price of a million tokens read, and of a million written. What was kept costs as much as what is read.
    pub const fn new(input: f64, output: f64) -> Self {
        Self { input, output, cached: input }
    }

    /// The price of a million tokens that the provider had kept from before.
    #[must_use]
    pub const fn cached(self, cached: f64) -> Self {
        Self { cached, ..self }
    }

    /// What these tokens cost.
    #[allow(clippy::cast_precision_loss)] // Nobody pays for 2^53 tokens at once.
    pub fn of(&self, tokens: Tokens) -> f64 {
        let cached = tokens.cached.min(tokens.input);
        let (read, cached, written) = ((tokens.input - cached) as f64, cached as f64, tokens.output as f64);
        (read * self.input + cached * self.cached + written * self.output) / 1e6
    }
}

/// A list of prices. It comes empty: prices change faster than programs are built, and every contract has its own.
///
/// ```
/// use flowc_nodes::{Price, Prices, Tokens};
///
/// let built = Prices::new().with("gpt-4o-mini*", Price::new(0.15, 0.60).cached(0.075)).with("*", Price::new(1.0, 2.0));
/// assert_eq!(built.of("gpt-4o-mini-2024-07-18", Tokens::new(1_000_000, 0)), 0.15);
/// assert_eq!(built.of("another", Tokens::new(0, 500_000)), 1.0);
///
/// // The same from any format of serde: a list, or a field `prices` with one, as TOML has it.
/// let read: Prices = serde_json::from_str(
///     r#"[
///         { "model": "gpt-4o-mini*", "input": 0.15, "output": 0.60, "cached": 0.075 },
///         { "model": "*", "input": 1.0, "output": 2.0 }
///     ]"#,
/// )?;
/// assert_eq!(built, read);
/// # Ok::<_, serde_json::Error>(())
/// ```
///
/// Where it is read, what cannot be meant is refused: a price that is negative, and one that is never used since a name before it takes
/// the same models.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prices(Vec<(String, Price)>);

impl Prices {
    /// No prices: everything costs nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The price of a model, or of all whose names are as this one, where `*` stands for any letters. The first that fits holds.
    #[must_use]
    pub fn with(mut self, model: impl Into<String>, price: Price) -> Self {
        self.0.push((model.into(), price));
        self
    }

    /// What these tokens of a model cost; nothing, if no price is known.
    pub fn of(&self, model: &str, tokens: Tokens) -> f64 {
        self.0.iter().find(|(name, _)| fits(name, model)).map_or(0.0, |(_, price)| price.of(tokens))
    }

    fn add(&mut self, Listed { model, input, output, cached }: Listed) -> Result<(), String> {
        if model.is_empty() {
            return Err("a price has no model: its `model` is empty; `*` stands for all".to_owned());
        }
        let price = Price { input, output, cached: cached.unwrap_or(input) };
        for (field, amount) in [("input", input), ("output", output), ("cached", price.cached)] {
            if !amount.is_finite() || amount < 0.0 {
                return Err(format!("the price of `{model}`: `{field}` is {amount}, and not zero or more"));
            }
        }
        if let Some((before, _)) = self.0.iter().find(|(before, _)| fits(before, &model)) {
            return Err(format!(
                "the price of `{model}` is never used, since `{before}` stands before it: change their order"
            ));
        }
        self.0.push((model, price));
        Ok(())
    }
}

/// Whether a name is as the pattern, in which `*` stands for any letters.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// A price as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    model: String,
    input: f64,
    /// What only makes vectors writes nothing.
    #[serde(default)]
    output: f64,
    cached: Option<f64>,
}

impl<'de> Deserialize<'de> for Prices {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(List)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Prices;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of prices, each with `model`, `input` and `output`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Prices, A::Error> {
        let mut prices = Prices::new();
        while let Some(item) = items.next_element()? {
            prices.add(item).map_err(A::Error::custom)?;
        }
        Ok(prices)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Prices, A::Error> {
        let mut found = None;
        while let Some(field) = fields.next_key::<String>()? {
            if field != "prices" || found.is_some() {
                return Err(A::Error::custom(format!("there is a field `{field}`, and only one `prices` is expected")));
            }
            found = Some(fields.next_value()?);
        }
        found.ok_or_else(|| A::Error::missing_field("prices"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_was_kept_has_a_price_of_its_own() {
        let price = Price::new(2.0, 8.0).cached(0.5);
        let cost = price.of(Tokens::new(1_000_000, 500_000).cached(600_000));
        assert!((cost - (0.8 + 0.3 + 4.0)).abs() < 1e-9, "{cost}");
        // A provider that counts more kept than read is not paid back for it.
        assert!((price.of(Tokens::new(10, 0).cached(20)) - 5e-6).abs() < 1e-12);
    }

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, fit) in [
            ("*", "", true),
            ("a*", "a", true),
            ("*/gpt-*", "openai/gpt-5", true),
            ("*/gpt-*", "openai/o3", false),
            ("a*a", "a", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c", false),
            ("*-mini", "gpt-mini-2", false),
            ("a", "ab", false),
        ] {
            assert_eq!(fits(pattern, name), fit, "{pattern} {name}");
        }
    }

    #[test]
    fn a_list_is_read_from_files_and_says_what_is_wrong_with_it() {
        let text = "[[prices]]\nmodel = \"small\"\ninput = 1\noutput = 2.5\n\n[[prices]]\nmodel = \"*\"\ninput = 0.5\n";
        let prices = Prices::new().with("small", Price::new(1.0, 2.5)).with("*", Price::new(0.5, 0.0));
        assert_eq!(toml::from_str::<Prices>(text).unwrap(), prices);
        for (text, said) in [
            (r#"[{"model":"a","input":-1}]"#, "the price of `a`: `input` is -1, and not zero or more"),
            (r#"[{"model":"","input":1}]"#, "its `model` is empty"),
            (r#"[{"model":"a","inptu":1}]"#, "unknown field `inptu`"),
            (r#"[{"model":"a"}]"#, "missing field `input`"),
            (
                r#"[{"model":"a*","input":1},{"model":"a-1","input":2}]"#,
                "the price of `a-1` is never used, since `a*` stands before it: change their order",
            ),
            (r#"{"price":[]}"#, "there is a field `price`, and only one `prices` is expected"),
            ("{}", "missing field `prices`"),
            ("7", "expected a list of prices, each with `model`, `input` and `output`"),
        ] {
            let error = serde_json::from_str::<Prices>(text).unwrap_err().to_string();
            assert!(error.contains(said), "{said}: {error}");
        }
    }

    #[test]
    fn the_first_name_that_fits_holds() {
        let prices = Prices::new().with("a-1", Price::new(1.0, 0.0)).with("a*", Price::new(2.0, 0.0));
        let of = |model| prices.of(model, Tokens::new(1_000_000, 0));
        for (model, price) in [("a-1", 1.0), ("a-2", 2.0), ("a", 2.0), ("b", 0.0)] {
            assert!((of(model) - price).abs() < 1e-9, "{model}: {}", of(model));
        }
    }
}

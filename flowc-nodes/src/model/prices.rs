//! What models cost.

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
/// let prices = Prices::new().with("gpt-4o-mini*", Price::new(0.15, 0.60).cached(0.075)).with("*", Price::new(1.0, 2.0));
/// assert_eq!(prices.of("gpt-4o-mini-2024-07-18", Tokens::new(1_000_000, 0)), 0.15);
/// assert_eq!(prices.of("another", Tokens::new(0, 500_000)), 1.0);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prices(Vec<(String, Price)>);

impl Prices {
    /// No prices: everything costs nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The price of a model, or with a `*` at the end of all whose names begin so. The first that fits holds.
    #[must_use]
    pub fn with(mut self, model: impl Into<String>, price: Price) -> Self {
        self.0.push((model.into(), price));
        self
    }

    /// What these tokens of a model cost; nothing, if no price is known.
    pub fn of(&self, model: &str, tokens: Tokens) -> f64 {
        let fits = |name: &str| match name.strip_suffix('*') {
            Some(beginning) => model.starts_with(beginning),
            None => model == name,
        };
        self.0.iter().find(|(name, _)| fits(name)).map_or(0.0, |(_, price)| price.of(tokens))
    }
}

#[cfg(test)]
mod tests {
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
    fn the_first_name_that_fits_holds() {
        let prices = Prices::new().with("a-1", Price::new(1.0, 0.0)).with("a*", Price::new(2.0, 0.0));
        let of = |model| prices.of(model, Tokens::new(1_000_000, 0));
        for (model, price) in [("a-1", 1.0), ("a-2", 2.0), ("a", 2.0), ("b", 0.0)] {
            assert!((of(model) - price).abs() < 1e-9, "{model}: {}", of(model));
        }
    }
}

//! A snapshot as steps of workflows.
#![deny(warnings, missing_docs, clippy::pedantic)]

use flowc::workflow;
use flowc_mcp::{McpError, McpServers, mcp};

mcp! {
    /// What the weather is.
    #[allow(clippy::doc_markdown)]
    pub mod weather = "../../ui/mcp/weather.json";
    #[only("forecast")]
    #[rename("forecast" = "foretell")]
    mod seer = "../../ui/mcp/weather.json";
    #[skip("alert")]
    mod quiet = "../../ui/mcp/weather.json";
}

workflow! {
    /// Steps like any other.
    pub fn trip(city: String, days: i64) -> String {
        let forecast = weather::forecast(city.clone(), days, None);
        let warmer = seer::foretell(city, days, Some(seer::Unit::Fahrenheit));
        if forecast.degrees > warmer.degrees { forecast.text } else { warmer.text }
    }
}

workflow! {
    /// Results of a tool that has no schema, maps, and errors of their own type.
    fn warn(cities: Vec<String>) -> Vec<String> {
        #[max(4)]
        let forecasts = for city in &cities { weather::forecast(city.clone(), 1, Some(weather::Unit::Celsius)) };
        #[max(4)]
        let said = for forecast in forecasts { say(forecast) };
        said
    }
}

workflow! {
    fn say(forecast: weather::Forecast) -> String {
        match catch(weather::alert(forecast.text.clone())) {
            Ok(result) => result.text(),
            Err(failure) => failure.error().map_or_else(|| forecast.text.clone(), McpError::to_string),
        }
    }
}

workflow! {
    /// Retried by the workflow.
    fn again(city: String) -> f64 {
        #[retry(attempts = 2)]
        let forecast = quiet::forecast(city, 1, None);
        forecast.degrees
    }
}

#[derive(flowc::Resources)]
struct App {
    servers: McpServers,
}

fn main() {
    let forecast = weather::Forecast { degrees: 3.5, text: "rain".to_owned() };
    let json = weather::TOOLS.snapshot().to_string();
    assert!(json.contains("\"degrees\""));
    assert_eq!(weather::TOOLS.names(), ["alert", "forecast"]);
    assert_eq!((seer::TOOLS.names(), seer::TOOLS.server()), (&["forecast"][..], "weather"));
    assert_eq!(weather::Unit::Celsius.to_string(), "celsius");
    let _ = (forecast.clone() == forecast, trip::GRAPH, warn::GRAPH, again::GRAPH);
    let _: fn(McpServers) -> App = |servers| App { servers };
}

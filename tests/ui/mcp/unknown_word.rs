flowc_mcp::mcp! {
    mod weather = "./weather.json";
}

flowc::workflow! {
    fn trip(city: String, days: i64) -> String {
        let forecast = weather::forecast(city, days, Some(weather::Unit::Celcius));
        forecast.text
    }
}

fn main() {}

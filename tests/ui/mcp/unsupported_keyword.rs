flowc_mcp::mcp! {
    mod weather = "./unsupported_keyword.json";
}

flowc::workflow! {
    fn trip(city: String, days: i64) -> String {
        let forecast = weather::forecast(city, days);
        forecast.text
    }
}

fn main() {}

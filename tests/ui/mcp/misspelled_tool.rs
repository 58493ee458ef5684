flowc_mcp::mcp! {
    mod weather = "./weather.json";
}

flowc::workflow! {
    fn trip(city: String, days: i64) -> String {
        let forecast = weather::forcast(city, days, None);
        forecast.text
    }
}

fn main() {}

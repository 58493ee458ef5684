flowc_mcp::mcp! {
    #[skip("forcast")]
    mod weather = "./weather.json";
}

fn main() {}

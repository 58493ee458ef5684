flowc_mcp::mcp! {
    #[only(forecast)]
    mod weather = "./weather.json";
}

fn main() {}

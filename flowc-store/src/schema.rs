diesel::table! {
    graphs (id) {
        id -> BigInt,
        text -> Text,
    }
}

diesel::table! {
    runs (id) {
        id -> Text,
        workflow -> Text,
        graph -> BigInt,
        inputs -> Text,
        correlation_id -> Nullable<Text>,
        state -> Text,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    entries (id) {
        id -> BigInt,
        run -> Text,
        key -> Text,
        step -> Text,
        failed -> Bool,
        value -> Text,
    }
}

diesel::joinable!(runs -> graphs (graph));
diesel::allow_tables_to_appear_in_same_query!(graphs, runs);

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
        start_key -> Nullable<Text>,
        ended -> Nullable<BigInt>,
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
        signal -> Nullable<Text>,
        stored -> Nullable<BigInt>,
    }
}

diesel::table! {
    waits (run, key) {
        run -> Text,
        key -> Text,
        step -> Text,
        signal -> Nullable<Text>,
        until -> Nullable<BigInt>,
    }
}

diesel::table! {
    signals (id) {
        id -> BigInt,
        run -> Text,
        key -> Text,
        name -> Text,
        value -> Text,
        sent -> BigInt,
    }
}

diesel::joinable!(runs -> graphs (graph));
diesel::allow_tables_to_appear_in_same_query!(graphs, runs, entries, waits);

// What several processes need that share the runs: only a server has these.

#[cfg(feature = "postgres")]
diesel::table! {
    owners (id) {
        id -> BigInt,
        name -> Text,
        expires -> BigInt,
    }
}

#[cfg(feature = "postgres")]
diesel::table! {
    claims (run) {
        run -> Text,
        owner -> BigInt,
        cancel -> Bool,
    }
}

#[cfg(feature = "postgres")]
diesel::table! {
    notices (id) {
        id -> BigInt,
        owner -> BigInt,
        run -> Text,
    }
}

#[cfg(feature = "postgres")]
diesel::joinable!(claims -> runs (run));
#[cfg(feature = "postgres")]
diesel::allow_tables_to_appear_in_same_query!(claims, runs);
#[cfg(feature = "postgres")]
diesel::allow_tables_to_appear_in_same_query!(claims, graphs);

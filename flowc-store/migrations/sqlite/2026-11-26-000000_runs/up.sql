CREATE TABLE graphs (
    id INTEGER NOT NULL PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);

CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    workflow TEXT NOT NULL,
    graph INTEGER NOT NULL REFERENCES graphs (id),
    inputs TEXT NOT NULL,
    correlation_id TEXT,
    state TEXT NOT NULL,
    outcome TEXT
);

CREATE INDEX runs_by_state ON runs (state, id);

CREATE TABLE entries (
    id INTEGER NOT NULL PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    step TEXT NOT NULL,
    failed BOOLEAN NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (run, key)
);

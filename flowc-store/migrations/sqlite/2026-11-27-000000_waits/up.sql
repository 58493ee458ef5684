-- Times are milliseconds since 1970.
ALTER TABLE runs ADD COLUMN start_key TEXT;
ALTER TABLE runs ADD COLUMN ended BIGINT;
CREATE UNIQUE INDEX runs_by_start_key ON runs (start_key) WHERE start_key IS NOT NULL;
CREATE INDEX runs_by_end ON runs (ended) WHERE ended IS NOT NULL;

-- Which signal the step took.
ALTER TABLE entries ADD COLUMN signal TEXT;
ALTER TABLE entries ADD COLUMN stored BIGINT;

CREATE TABLE waits (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    step TEXT NOT NULL,
    signal TEXT,
    until BIGINT,
    PRIMARY KEY (run, key)
);

CREATE TABLE signals (
    id INTEGER NOT NULL PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    sent BIGINT NOT NULL,
    UNIQUE (run, key)
);

DROP TABLE signals;
DROP TABLE waits;
DROP INDEX runs_by_end;
DROP INDEX runs_by_start_key;
ALTER TABLE entries DROP COLUMN stored;
ALTER TABLE entries DROP COLUMN signal;
ALTER TABLE runs DROP COLUMN ended;
ALTER TABLE runs DROP COLUMN start_key;

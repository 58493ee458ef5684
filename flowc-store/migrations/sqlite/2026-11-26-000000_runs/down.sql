DROP TABLE entries;
DROP TABLE runs;
DROP TABLE graphs;

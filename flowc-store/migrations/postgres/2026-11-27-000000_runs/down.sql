DROP TABLE notices;
DROP TABLE claims;
DROP TABLE owners;
DROP TABLE signals;
DROP TABLE waits;
DROP TABLE entries;
DROP TABLE runs;
DROP TABLE graphs;

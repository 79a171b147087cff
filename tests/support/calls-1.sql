-- A log as the first version of the program left it.
PRAGMA journal_mode = WAL;
CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    caller TEXT,
    called TEXT NOT NULL,
    line TEXT,
    version INTEGER NOT NULL,
    rule_id TEXT,
    rule_name TEXT,
    outcome TEXT NOT NULL,
    agent TEXT,
    took_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    fallback_used INTEGER NOT NULL,
    late INTEGER NOT NULL,
    unreadable INTEGER NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX calls_by_time ON calls (at_ms);
CREATE INDEX calls_by_caller ON calls (caller, at_ms);
CREATE TABLE refused (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    peer TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    body_bytes INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT;
CREATE INDEX refused_alike ON refused (code, peer, at_ms);
CREATE TABLE beat (count INTEGER NOT NULL) STRICT;
INSERT INTO beat VALUES (0);
INSERT INTO calls VALUES (1, 1785600001000, '+12137771234', '+12137771235', 'Main line', 1, NULL, NULL, 'reject', NULL, 900, 1, 0, 0, 0, '{"request":"{}"}');
INSERT INTO calls VALUES (2, 1785600002000, '+12137771234', '+12137771235', 'Main line', 1, NULL, NULL, 'connect', 'VIP desk', 900, 1, 0, 0, 0, '{"request":"{}"}');
INSERT INTO calls VALUES (3, 1785600003000, '+14155552671', '+12137771235', 'Main line', 1, NULL, NULL, 'keep', NULL, 900, 1, 0, 0, 0, '{"request":"{}"}');
PRAGMA user_version = 1;

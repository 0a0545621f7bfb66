CREATE TABLE IF NOT EXISTS audit (
    site TEXT NOT NULL,
    n BIGINT NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    act TEXT DEFAULT '' NOT NULL,
    thing TEXT DEFAULT '' NOT NULL,
    "before" TEXT DEFAULT '' NOT NULL,
    "after" TEXT DEFAULT '' NOT NULL,
    more TEXT DEFAULT '' NOT NULL,
    prev TEXT DEFAULT '' NOT NULL,
    hash TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, n)
);

CREATE INDEX IF NOT EXISTS audit_act ON audit (site, act, n);

CREATE INDEX IF NOT EXISTS audit_thing ON audit (site, thing, n);

CREATE TABLE IF NOT EXISTS audit_day (
    n BIGINT NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    signature TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (n)
);

CREATE TABLE IF NOT EXISTS audit_head (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    n BIGINT NOT NULL,
    seq BIGINT DEFAULT '0' NOT NULL,
    hash TEXT DEFAULT '' NOT NULL,
    digest TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, station, epoch, n)
);

CREATE INDEX IF NOT EXISTS audit_head_day ON audit_head (n);

CREATE TABLE IF NOT EXISTS backup (
    n BIGINT NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    file TEXT DEFAULT '' NOT NULL,
    sha256 TEXT DEFAULT '' NOT NULL,
    size BIGINT DEFAULT '0' NOT NULL,
    events BIGINT DEFAULT '0' NOT NULL,
    acts BIGINT DEFAULT '0' NOT NULL,
    took_ms TEXT DEFAULT '' NOT NULL,
    near TEXT DEFAULT '' NOT NULL,
    problem TEXT DEFAULT '' NOT NULL,
    removed TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (n)
);

CREATE TABLE IF NOT EXISTS bench_profile (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    sha256 TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, station)
);

CREATE TABLE IF NOT EXISTS claim (
    site TEXT NOT NULL,
    "order" TEXT NOT NULL,
    claim TEXT DEFAULT '' NOT NULL,
    station TEXT DEFAULT '' NOT NULL,
    fence BIGINT DEFAULT '0' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    "by" TEXT DEFAULT '' NOT NULL,
    ahead BIGINT DEFAULT '0' NOT NULL,
    since TEXT DEFAULT '' NOT NULL,
    until TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "order")
);

CREATE INDEX IF NOT EXISTS claim_station ON claim (site, station, state);

CREATE TABLE IF NOT EXISTS claim_asked (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    req_id TEXT NOT NULL,
    answer TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, station, req_id)
);

CREATE INDEX IF NOT EXISTS claim_asked_at ON claim_asked (at);

CREATE TABLE IF NOT EXISTS "conflict" (
    site TEXT NOT NULL,
    session TEXT NOT NULL,
    kind TEXT NOT NULL,
    "order" TEXT DEFAULT '' NOT NULL,
    station TEXT DEFAULT '' NOT NULL,
    stands TEXT DEFAULT '' NOT NULL,
    waybills TEXT DEFAULT '' NOT NULL,
    since TEXT DEFAULT '' NOT NULL,
    settled TEXT,
    how TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    voided TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, session, kind)
);

CREATE INDEX IF NOT EXISTS conflict_open ON "conflict" (site, settled);

CREATE INDEX IF NOT EXISTS conflict_order ON "conflict" (site, "order");

CREATE TABLE IF NOT EXISTS salvage (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT DEFAULT '0' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    file TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, station, epoch, first)
);

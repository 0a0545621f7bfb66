CREATE TABLE IF NOT EXISTS api_token_use (
    site TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    until TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, token_hash)
);

CREATE TABLE IF NOT EXISTS buyer_mark (
    site TEXT NOT NULL,
    mark TEXT NOT NULL,
    "order" TEXT NOT NULL,
    PRIMARY KEY (site, mark, "order")
);

CREATE INDEX IF NOT EXISTS buyer_mark_order ON buyer_mark (site, "order");

CREATE TABLE IF NOT EXISTS order_key (
    site TEXT NOT NULL,
    "order" TEXT NOT NULL,
    sealed TEXT DEFAULT '' NOT NULL,
    erased TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "order")
);

CREATE TABLE IF NOT EXISTS person_gone (
    site TEXT NOT NULL,
    badge TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, badge)
);

CREATE TABLE IF NOT EXISTS person_temporary (
    site TEXT NOT NULL,
    badge TEXT NOT NULL,
    pin_hash TEXT DEFAULT '' NOT NULL,
    until TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, badge)
);

CREATE TABLE IF NOT EXISTS privacy_rule (
    site TEXT NOT NULL,
    buyer_days BIGINT DEFAULT '90' NOT NULL,
    bench_days BIGINT DEFAULT '7' NOT NULL,
    PRIMARY KEY (site)
);

CREATE TABLE IF NOT EXISTS stream_done (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, station, epoch)
);

ALTER TABLE journal ADD COLUMN skew_ms BIGINT DEFAULT '0' NOT NULL;

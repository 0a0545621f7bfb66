CREATE TABLE IF NOT EXISTS api_token_use (
    site TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    until TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, token_hash)
);

CREATE TABLE IF NOT EXISTS buyer_mark (
    site TEXT COLLATE "C" NOT NULL,
    mark TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (site, mark, "order")
);

CREATE INDEX IF NOT EXISTS buyer_mark_order ON buyer_mark (site, "order");

CREATE TABLE IF NOT EXISTS order_key (
    site TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    sealed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    erased TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "order")
);

CREATE TABLE IF NOT EXISTS person_gone (
    site TEXT COLLATE "C" NOT NULL,
    badge TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    role TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    why TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, badge)
);

CREATE TABLE IF NOT EXISTS person_temporary (
    site TEXT COLLATE "C" NOT NULL,
    badge TEXT COLLATE "C" NOT NULL,
    pin_hash TEXT COLLATE "C" DEFAULT '' NOT NULL,
    until TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, badge)
);

CREATE TABLE IF NOT EXISTS privacy_rule (
    site TEXT COLLATE "C" NOT NULL,
    buyer_days BIGINT DEFAULT '90' NOT NULL,
    bench_days BIGINT DEFAULT '7' NOT NULL,
    PRIMARY KEY (site)
);

CREATE TABLE IF NOT EXISTS stream_done (
    site TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    epoch TEXT COLLATE "C" NOT NULL,
    seq BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, station, epoch)
);

ALTER TABLE backup ALTER COLUMN took_ms TYPE TEXT COLLATE "C";

ALTER TABLE journal ADD COLUMN skew_ms BIGINT DEFAULT '0' NOT NULL;

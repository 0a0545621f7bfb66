CREATE TABLE IF NOT EXISTS stream_done (
    site TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    epoch TEXT COLLATE "C" NOT NULL,
    seq BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, station, epoch)
);

INSERT INTO stream_done (site, station, epoch, seq) SELECT site, station, epoch, hw FROM stream;

ALTER TABLE journal ADD COLUMN skew_ms BIGINT DEFAULT '0' NOT NULL;

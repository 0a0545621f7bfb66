CREATE TABLE IF NOT EXISTS stream_done (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, station, epoch)
);

INSERT INTO stream_done (site, station, epoch, seq) SELECT site, station, epoch, hw FROM stream;

ALTER TABLE journal ADD COLUMN skew_ms BIGINT DEFAULT '0' NOT NULL;

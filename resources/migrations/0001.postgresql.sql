CREATE TABLE IF NOT EXISTS api_token (
    token_hash TEXT COLLATE "C" NOT NULL,
    site TEXT COLLATE "C" DEFAULT '' NOT NULL,
    name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    role TEXT COLLATE "C" DEFAULT '' NOT NULL,
    made TEXT COLLATE "C" DEFAULT '' NOT NULL,
    revoked TEXT COLLATE "C",
    PRIMARY KEY (token_hash)
);

CREATE TABLE IF NOT EXISTS blob (
    site TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    media TEXT COLLATE "C" DEFAULT '' NOT NULL,
    content BYTEA NOT NULL,
    stored TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, sha256)
);

CREATE TABLE IF NOT EXISTS carrier_account (
    site TEXT COLLATE "C" NOT NULL,
    carrier TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" DEFAULT '' NOT NULL,
    base_url TEXT COLLATE "C" DEFAULT '' NOT NULL,
    description TEXT COLLATE "C" DEFAULT '' NOT NULL,
    names TEXT COLLATE "C" DEFAULT '' NOT NULL,
    sealed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    changed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, carrier)
);

CREATE TABLE IF NOT EXISTS carrier_act (
    site TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    act TEXT COLLATE "C" DEFAULT '' NOT NULL,
    carrier TEXT COLLATE "C" DEFAULT '' NOT NULL,
    key TEXT COLLATE "C" DEFAULT '' NOT NULL,
    waybill TEXT COLLATE "C" DEFAULT '' NOT NULL,
    came TEXT COLLATE "C" DEFAULT '' NOT NULL,
    why TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, n)
);

CREATE INDEX IF NOT EXISTS carrier_act_carrier ON carrier_act (site, carrier, act, n);

CREATE TABLE IF NOT EXISTS carrier_shut (
    site TEXT COLLATE "C" NOT NULL,
    carrier TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, carrier)
);

CREATE TABLE IF NOT EXISTS cost_charge (
    site TEXT COLLATE "C" NOT NULL,
    carrier TEXT COLLATE "C" NOT NULL,
    invoice TEXT COLLATE "C" NOT NULL,
    waybill TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    date TEXT COLLATE "C" DEFAULT '' NOT NULL,
    total TEXT COLLATE "C" DEFAULT '' NOT NULL,
    currency TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    import TEXT COLLATE "C" DEFAULT '' NOT NULL,
    taken TEXT COLLATE "C" DEFAULT '' NOT NULL,
    kind TEXT COLLATE "C" DEFAULT '' NOT NULL,
    difference TEXT COLLATE "C" DEFAULT '' NOT NULL,
    home TEXT COLLATE "C" DEFAULT '' NOT NULL,
    price TEXT COLLATE "C" DEFAULT '' NOT NULL,
    "order" TEXT COLLATE "C" DEFAULT '' NOT NULL,
    service TEXT COLLATE "C" DEFAULT '' NOT NULL,
    verdict TEXT COLLATE "C" DEFAULT '' NOT NULL,
    "off" BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, carrier, invoice, waybill, n)
);

CREATE INDEX IF NOT EXISTS cost_charge_kind ON cost_charge (site, kind);

CREATE INDEX IF NOT EXISTS cost_charge_waybill ON cost_charge (site, waybill);

CREATE TABLE IF NOT EXISTS cost_import (
    site TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    carrier TEXT COLLATE "C" DEFAULT '' NOT NULL,
    file TEXT COLLATE "C" DEFAULT '' NOT NULL,
    sha256 TEXT COLLATE "C" DEFAULT '' NOT NULL,
    accepted BIGINT DEFAULT '0' NOT NULL,
    changed BIGINT DEFAULT '0' NOT NULL,
    unchanged BIGINT DEFAULT '0' NOT NULL,
    rejected BIGINT DEFAULT '0' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, id)
);

CREATE INDEX IF NOT EXISTS cost_import_file ON cost_import (site, sha256);

CREATE TABLE IF NOT EXISTS cost_label (
    site TEXT COLLATE "C" NOT NULL,
    waybill TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" DEFAULT '' NOT NULL,
    "order" TEXT COLLATE "C" DEFAULT '' NOT NULL,
    carrier TEXT COLLATE "C" DEFAULT '' NOT NULL,
    service TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    voided TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, waybill, key)
);

CREATE TABLE IF NOT EXISTS cost_map (
    site TEXT COLLATE "C" NOT NULL,
    carrier TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, carrier)
);

CREATE TABLE IF NOT EXISTS customs_activation (
    site TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" DEFAULT '' NOT NULL,
    version TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    why TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, n)
);

CREATE TABLE IF NOT EXISTS customs_broker (
    site TEXT COLLATE "C" NOT NULL,
    broker TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, broker)
);

CREATE TABLE IF NOT EXISTS customs_broker_mail (
    site TEXT COLLATE "C" NOT NULL,
    broker TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, broker)
);

CREATE TABLE IF NOT EXISTS customs_check (
    site TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    pack TEXT COLLATE "C" DEFAULT '' NOT NULL,
    digest TEXT COLLATE "C" DEFAULT '' NOT NULL,
    day TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    blocks BIGINT DEFAULT '0' NOT NULL,
    parcels BIGINT DEFAULT '1' NOT NULL,
    amount TEXT COLLATE "C" DEFAULT '' NOT NULL,
    currency TEXT COLLATE "C" DEFAULT '' NOT NULL,
    problem TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "order")
);

CREATE TABLE IF NOT EXISTS customs_consignment (
    site TEXT COLLATE "C" NOT NULL,
    consignment TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    made TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    broker TEXT COLLATE "C" DEFAULT '' NOT NULL,
    handed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    handed_by TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment)
);

CREATE INDEX IF NOT EXISTS customs_consignment_broker ON customs_consignment (site, broker);

CREATE TABLE IF NOT EXISTS customs_declaration (
    site TEXT COLLATE "C" NOT NULL,
    consignment TEXT COLLATE "C" NOT NULL,
    leg TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" DEFAULT '' NOT NULL,
    channel TEXT COLLATE "C" DEFAULT '' NOT NULL,
    reference TEXT COLLATE "C" DEFAULT '' NOT NULL,
    changed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, leg)
);

CREATE TABLE IF NOT EXISTS customs_due (
    site TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    mark BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, "order")
);

CREATE TABLE IF NOT EXISTS customs_edit (
    site TEXT COLLATE "C" NOT NULL,
    t TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    why TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, t, id, n)
);

CREATE TABLE IF NOT EXISTS customs_finding (
    site TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    parcel TEXT COLLATE "C" NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "order", parcel, rule, sku, field)
);

CREATE INDEX IF NOT EXISTS customs_finding_sku ON customs_finding (site, sku);

CREATE TABLE IF NOT EXISTS customs_fix (
    site TEXT COLLATE "C" NOT NULL,
    t TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    was TEXT COLLATE "C" DEFAULT '' NOT NULL,
    put TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, t, id, field)
);

CREATE TABLE IF NOT EXISTS customs_handing (
    site TEXT COLLATE "C" NOT NULL,
    consignment TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    broker TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    notes BIGINT DEFAULT '0' NOT NULL,
    steps BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, consignment, n)
);

CREATE TABLE IF NOT EXISTS customs_invoice (
    site TEXT COLLATE "C" NOT NULL,
    consignment TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, "order")
);

CREATE INDEX IF NOT EXISTS customs_invoice_number ON customs_invoice (site, number);

CREATE TABLE IF NOT EXISTS customs_mail (
    site TEXT COLLATE "C" NOT NULL,
    consignment TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    asked TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    side TEXT COLLATE "C" DEFAULT '' NOT NULL,
    broker TEXT COLLATE "C" DEFAULT '' NOT NULL,
    address TEXT COLLATE "C" DEFAULT '' NOT NULL,
    handed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    message TEXT COLLATE "C" DEFAULT '' NOT NULL,
    state TEXT COLLATE "C" DEFAULT '' NOT NULL,
    tries BIGINT DEFAULT '0' NOT NULL,
    next TEXT COLLATE "C" DEFAULT '' NOT NULL,
    changed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    form TEXT COLLATE "C" DEFAULT '' NOT NULL,
    bytes BIGINT DEFAULT '0' NOT NULL,
    sha256 TEXT COLLATE "C" DEFAULT '' NOT NULL,
    why TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, n)
);

CREATE INDEX IF NOT EXISTS customs_mail_state ON customs_mail (state, next);

CREATE TABLE IF NOT EXISTS customs_member (
    site TEXT COLLATE "C" NOT NULL,
    member TEXT COLLATE "C" NOT NULL,
    broker TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, member)
);

CREATE TABLE IF NOT EXISTS customs_note (
    site TEXT COLLATE "C" NOT NULL,
    consignment TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    side TEXT COLLATE "C" DEFAULT '' NOT NULL,
    kind TEXT COLLATE "C" DEFAULT '' NOT NULL,
    words TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, n)
);

CREATE TABLE IF NOT EXISTS customs_order_sku (
    site TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (site, sku, "order")
);

CREATE TABLE IF NOT EXISTS customs_pack (
    site TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" DEFAULT '' NOT NULL,
    signer TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, sha256)
);

CREATE TABLE IF NOT EXISTS customs_part (
    site TEXT COLLATE "C" NOT NULL,
    consignment TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, "order")
);

CREATE TABLE IF NOT EXISTS customs_step (
    site TEXT COLLATE "C" NOT NULL,
    consignment TEXT COLLATE "C" NOT NULL,
    leg TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    came_from TEXT COLLATE "C" DEFAULT '' NOT NULL,
    state TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    side TEXT COLLATE "C" DEFAULT '' NOT NULL,
    channel TEXT COLLATE "C" DEFAULT '' NOT NULL,
    reference TEXT COLLATE "C" DEFAULT '' NOT NULL,
    words TEXT COLLATE "C" DEFAULT '' NOT NULL,
    file TEXT COLLATE "C" DEFAULT '' NOT NULL,
    file_name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, leg, n)
);

CREATE TABLE IF NOT EXISTS customs_stop (
    site TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (site, day, rule, "order")
);

CREATE TABLE IF NOT EXISTS customs_template (
    site TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    why TEXT COLLATE "C" DEFAULT '' NOT NULL,
    active BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, id, version)
);

CREATE TABLE IF NOT EXISTS customs_template_step (
    site TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    version BIGINT DEFAULT '0' NOT NULL,
    step TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    why TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, id, n)
);

CREATE TABLE IF NOT EXISTS device (
    site TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" DEFAULT '' NOT NULL,
    cause TEXT COLLATE "C" DEFAULT '' NOT NULL,
    since TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, station, device)
);

CREATE TABLE IF NOT EXISTS enrol_token (
    site TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL,
    expires TEXT COLLATE "C" DEFAULT '' NOT NULL,
    used_at TEXT COLLATE "C",
    station TEXT COLLATE "C",
    PRIMARY KEY (site, token_hash)
);

CREATE TABLE IF NOT EXISTS handover (
    site TEXT COLLATE "C" NOT NULL,
    manifest TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" DEFAULT '' NOT NULL,
    code TEXT COLLATE "C" DEFAULT '' NOT NULL,
    state TEXT COLLATE "C" DEFAULT '' NOT NULL,
    opened TEXT COLLATE "C" DEFAULT '' NOT NULL,
    changed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, manifest)
);

CREATE INDEX IF NOT EXISTS handover_changed ON handover (site, changed);

CREATE TABLE IF NOT EXISTS handover_paper (
    site TEXT COLLATE "C" NOT NULL,
    manifest TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    stored TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, manifest, sha256)
);

CREATE TABLE IF NOT EXISTS journal (
    site TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    epoch TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT COLLATE "C" DEFAULT '' NOT NULL,
    kind TEXT COLLATE "C" DEFAULT '' NOT NULL,
    v BIGINT DEFAULT '1' NOT NULL,
    session TEXT COLLATE "C" DEFAULT '' NOT NULL,
    parcel TEXT COLLATE "C",
    "order" TEXT COLLATE "C",
    claim TEXT COLLATE "C",
    fence BIGINT DEFAULT '0' NOT NULL,
    actor TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    mono_ns TEXT COLLATE "C" DEFAULT '' NOT NULL,
    prev TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    extra TEXT COLLATE "C",
    hash TEXT COLLATE "C" DEFAULT '' NOT NULL,
    received TEXT COLLATE "C" DEFAULT '' NOT NULL
) PARTITION BY RANGE (received);

CREATE TABLE IF NOT EXISTS journal_rest PARTITION OF journal DEFAULT;

CREATE UNIQUE INDEX IF NOT EXISTS journal_rest_place ON journal_rest (site, station, epoch, seq);

CREATE INDEX IF NOT EXISTS journal_kind ON journal (site, kind, received);

CREATE INDEX IF NOT EXISTS journal_order ON journal (site, "order");

CREATE INDEX IF NOT EXISTS journal_received ON journal USING brin (received);

CREATE INDEX IF NOT EXISTS journal_session ON journal (site, session, station, epoch, seq);

CREATE TABLE IF NOT EXISTS label (
    site TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" DEFAULT '' NOT NULL,
    carrier TEXT COLLATE "C" DEFAULT '' NOT NULL,
    service TEXT COLLATE "C" DEFAULT '' NOT NULL,
    "order" TEXT COLLATE "C" DEFAULT '' NOT NULL,
    rev BIGINT DEFAULT '0' NOT NULL,
    status TEXT COLLATE "C" DEFAULT '' NOT NULL,
    waybill TEXT COLLATE "C" DEFAULT '' NOT NULL,
    blob TEXT COLLATE "C" DEFAULT '' NOT NULL,
    reason TEXT COLLATE "C" DEFAULT '' NOT NULL,
    request TEXT COLLATE "C" DEFAULT '' NOT NULL,
    asked TEXT COLLATE "C" DEFAULT '' NOT NULL,
    answered TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, key)
);

CREATE INDEX IF NOT EXISTS label_carrier ON label (site, carrier, answered);

CREATE INDEX IF NOT EXISTS label_status ON label (site, status, answered);

CREATE TABLE IF NOT EXISTS label_said (
    site TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" DEFAULT '' NOT NULL,
    words TEXT COLLATE "C" DEFAULT '' NOT NULL,
    waybill TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, key)
);

CREATE TABLE IF NOT EXISTS label_wait (
    site TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" DEFAULT '' NOT NULL,
    next TEXT COLLATE "C" DEFAULT '' NOT NULL,
    tries BIGINT DEFAULT '0' NOT NULL,
    faults BIGINT DEFAULT '0' NOT NULL,
    fault TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, key)
);

CREATE INDEX IF NOT EXISTS label_wait_next ON label_wait (next);

CREATE TABLE IF NOT EXISTS lease (
    site TEXT COLLATE "C" NOT NULL,
    lease TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" DEFAULT '' NOT NULL,
    req_id TEXT COLLATE "C" DEFAULT '' NOT NULL,
    carrier TEXT COLLATE "C" DEFAULT '' NOT NULL,
    service TEXT COLLATE "C" DEFAULT '' NOT NULL,
    prefix TEXT COLLATE "C" DEFAULT '' NOT NULL,
    country TEXT COLLATE "C" DEFAULT '' NOT NULL,
    first BIGINT DEFAULT '0' NOT NULL,
    last BIGINT DEFAULT '0' NOT NULL,
    leased TEXT COLLATE "C" DEFAULT '' NOT NULL,
    expires TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, lease)
);

CREATE UNIQUE INDEX IF NOT EXISTS lease_numbers ON lease (prefix, country, first);

CREATE UNIQUE INDEX IF NOT EXISTS lease_request ON lease (site, station, req_id);

CREATE TABLE IF NOT EXISTS lease_past (
    site TEXT COLLATE "C" NOT NULL,
    lease TEXT COLLATE "C" NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT DEFAULT '0' NOT NULL,
    station TEXT COLLATE "C" DEFAULT '' NOT NULL,
    prefix TEXT COLLATE "C" DEFAULT '' NOT NULL,
    country TEXT COLLATE "C" DEFAULT '' NOT NULL,
    leased TEXT COLLATE "C" DEFAULT '' NOT NULL,
    expires TEXT COLLATE "C" DEFAULT '' NOT NULL,
    freed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, lease, first)
);

CREATE TABLE IF NOT EXISTS meta (
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (key)
);

CREATE TABLE IF NOT EXISTS number (
    prefix TEXT COLLATE "C" NOT NULL,
    country TEXT COLLATE "C" NOT NULL,
    serial BIGINT NOT NULL,
    site TEXT COLLATE "C" DEFAULT '' NOT NULL,
    station TEXT COLLATE "C" DEFAULT '' NOT NULL,
    lease TEXT COLLATE "C" DEFAULT '' NOT NULL,
    state TEXT COLLATE "C" DEFAULT '' NOT NULL,
    key TEXT COLLATE "C" DEFAULT '' NOT NULL,
    used TEXT COLLATE "C" DEFAULT '' NOT NULL,
    until TEXT COLLATE "C" DEFAULT '' NOT NULL,
    times BIGINT DEFAULT '1' NOT NULL,
    PRIMARY KEY (prefix, country, serial)
);

CREATE INDEX IF NOT EXISTS number_until ON number (site, until);

CREATE TABLE IF NOT EXISTS orders (
    site TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" DEFAULT '' NOT NULL,
    channel TEXT COLLATE "C" DEFAULT '' NOT NULL,
    bench TEXT COLLATE "C" DEFAULT '' NOT NULL,
    hold TEXT COLLATE "C" DEFAULT '' NOT NULL,
    hold_by TEXT COLLATE "C" DEFAULT '' NOT NULL,
    held TEXT COLLATE "C" DEFAULT '' NOT NULL,
    handover TEXT COLLATE "C" DEFAULT '' NOT NULL,
    late_amount TEXT COLLATE "C" DEFAULT '' NOT NULL,
    late_currency TEXT COLLATE "C" DEFAULT '' NOT NULL,
    units BIGINT DEFAULT '0' NOT NULL,
    outcome TEXT COLLATE "C" DEFAULT '' NOT NULL,
    session TEXT COLLATE "C" DEFAULT '' NOT NULL,
    finished TEXT COLLATE "C",
    PRIMARY KEY (site, "order")
);

CREATE INDEX IF NOT EXISTS orders_due ON orders (site, outcome, handover);

CREATE TABLE IF NOT EXISTS own_sale (
    key TEXT COLLATE "C" NOT NULL,
    site TEXT COLLATE "C" DEFAULT '' NOT NULL,
    carrier TEXT COLLATE "C" DEFAULT '' NOT NULL,
    service TEXT COLLATE "C" DEFAULT '' NOT NULL,
    waybill TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    voided TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (key)
);

CREATE UNIQUE INDEX IF NOT EXISTS own_sale_number ON own_sale (waybill);

CREATE TABLE IF NOT EXISTS ozon_carriage (
    carrier TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    carriage TEXT COLLATE "C" DEFAULT '' NOT NULL,
    missing TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (carrier, key)
);

CREATE INDEX IF NOT EXISTS ozon_carriage_id ON ozon_carriage (carriage);

CREATE TABLE IF NOT EXISTS ozon_parcel (
    carrier TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    posting TEXT COLLATE "C" DEFAULT '' NOT NULL,
    number TEXT COLLATE "C" DEFAULT '' NOT NULL,
    waybill TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (carrier, key)
);

CREATE INDEX IF NOT EXISTS ozon_parcel_number ON ozon_parcel (number);

CREATE INDEX IF NOT EXISTS ozon_parcel_posting ON ozon_parcel (posting);

CREATE INDEX IF NOT EXISTS ozon_parcel_waybill ON ozon_parcel (waybill);

CREATE TABLE IF NOT EXISTS person (
    site TEXT COLLATE "C" NOT NULL,
    badge TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    role TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pin_hash TEXT COLLATE "C" DEFAULT '' NOT NULL,
    password_hash TEXT COLLATE "C" DEFAULT '' NOT NULL,
    language TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, badge)
);

CREATE INDEX IF NOT EXISTS person_name ON person (name);

CREATE TABLE IF NOT EXISTS pool (
    site TEXT COLLATE "C" NOT NULL,
    carrier TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL,
    country TEXT COLLATE "C" NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT DEFAULT '0' NOT NULL,
    next BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, carrier, service, prefix, country, first)
);

CREATE TABLE IF NOT EXISTS quarantine (
    site TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    epoch TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    problem TEXT COLLATE "C" DEFAULT '' NOT NULL,
    raw TEXT COLLATE "C" DEFAULT '' NOT NULL,
    received TEXT COLLATE "C" DEFAULT '' NOT NULL,
    settled TEXT COLLATE "C",
    PRIMARY KEY (site, station, epoch, seq, hash)
);

CREATE TABLE IF NOT EXISTS requirement (
    site TEXT COLLATE "C" NOT NULL,
    "order" TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" DEFAULT '' NOT NULL,
    reason TEXT COLLATE "C" DEFAULT '' NOT NULL,
    asked TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "order", sku, kind, value)
);

CREATE INDEX IF NOT EXISTS requirement_status ON requirement (site, status, asked);

CREATE TABLE IF NOT EXISTS row (
    site TEXT COLLATE "C" NOT NULL,
    t TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    rev BIGINT DEFAULT '0' NOT NULL,
    op TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    change BIGINT DEFAULT '0' NOT NULL,
    changed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, t, id)
);

CREATE UNIQUE INDEX IF NOT EXISTS row_change ON row (site, change);

CREATE TABLE IF NOT EXISTS session (
    site TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" DEFAULT '' NOT NULL,
    epoch TEXT COLLATE "C" DEFAULT '' NOT NULL,
    seq BIGINT DEFAULT '0' NOT NULL,
    "order" TEXT COLLATE "C" DEFAULT '' NOT NULL,
    state TEXT COLLATE "C" DEFAULT '' NOT NULL,
    resume TEXT COLLATE "C" DEFAULT '' NOT NULL,
    reason TEXT COLLATE "C" DEFAULT '' NOT NULL,
    actor TEXT COLLATE "C" DEFAULT '' NOT NULL,
    opened TEXT COLLATE "C" DEFAULT '' NOT NULL,
    changed TEXT COLLATE "C" DEFAULT '' NOT NULL,
    completed TEXT COLLATE "C",
    units BIGINT DEFAULT '0' NOT NULL,
    parcels BIGINT DEFAULT '0' NOT NULL,
    waybills TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, session)
);

CREATE INDEX IF NOT EXISTS session_order ON session (site, "order");

CREATE INDEX IF NOT EXISTS session_state ON session (site, state);

CREATE TABLE IF NOT EXISTS sign_in_try (
    who TEXT COLLATE "C" NOT NULL,
    failures BIGINT DEFAULT '0' NOT NULL,
    until TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (who)
);

CREATE TABLE IF NOT EXISTS station (
    site TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" DEFAULT '' NOT NULL,
    pubkey TEXT COLLATE "C" DEFAULT '' NOT NULL,
    app TEXT COLLATE "C" DEFAULT '' NOT NULL,
    schema BIGINT DEFAULT '0' NOT NULL,
    enrolled TEXT COLLATE "C" DEFAULT '' NOT NULL,
    revoked TEXT COLLATE "C",
    PRIMARY KEY (site, station)
);

CREATE UNIQUE INDEX IF NOT EXISTS station_id ON station (station);

CREATE TABLE IF NOT EXISTS status (
    site TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    body TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, station)
);

CREATE TABLE IF NOT EXISTS stream (
    site TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    epoch TEXT COLLATE "C" NOT NULL,
    hw BIGINT DEFAULT '0' NOT NULL,
    last_hash TEXT COLLATE "C" DEFAULT '' NOT NULL,
    durable BIGINT DEFAULT '0' NOT NULL,
    head BIGINT DEFAULT '0' NOT NULL,
    seen TEXT COLLATE "C" DEFAULT '' NOT NULL,
    skew_ms BIGINT DEFAULT '0' NOT NULL,
    closed TEXT COLLATE "C",
    forked TEXT COLLATE "C",
    PRIMARY KEY (site, station, epoch)
);

CREATE TABLE IF NOT EXISTS tally (
    site TEXT COLLATE "C" NOT NULL,
    bucket TEXT COLLATE "C" NOT NULL,
    station TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    orders BIGINT DEFAULT '0' NOT NULL,
    parcels BIGINT DEFAULT '0' NOT NULL,
    units BIGINT DEFAULT '0' NOT NULL,
    verified BIGINT DEFAULT '0' NOT NULL,
    rejected BIGINT DEFAULT '0' NOT NULL,
    facts BIGINT DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, bucket, station, actor)
);

CREATE TABLE IF NOT EXISTS tariff (
    site TEXT COLLATE "C" NOT NULL,
    carrier TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    valid_from TEXT COLLATE "C" DEFAULT '' NOT NULL,
    valid_to TEXT COLLATE "C" DEFAULT '' NOT NULL,
    sha256 TEXT COLLATE "C" DEFAULT '' NOT NULL,
    document TEXT COLLATE "C" DEFAULT '' NOT NULL,
    signature TEXT COLLATE "C" DEFAULT '' NOT NULL,
    at TEXT COLLATE "C" DEFAULT '' NOT NULL,
    who TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, carrier, service, version)
);

CREATE TABLE IF NOT EXISTS web_session (
    site TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL,
    badge TEXT COLLATE "C" DEFAULT '' NOT NULL,
    csrf TEXT COLLATE "C" DEFAULT '' NOT NULL,
    made TEXT COLLATE "C" DEFAULT '' NOT NULL,
    seen TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (site, token_hash)
);

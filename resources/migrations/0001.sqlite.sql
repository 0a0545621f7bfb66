CREATE TABLE IF NOT EXISTS api_token (
    token_hash TEXT NOT NULL,
    site TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    made TEXT DEFAULT '' NOT NULL,
    revoked TEXT,
    PRIMARY KEY (token_hash)
);

CREATE TABLE IF NOT EXISTS blob (
    site TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    media TEXT DEFAULT '' NOT NULL,
    content BLOB NOT NULL,
    stored TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, sha256)
);

CREATE TABLE IF NOT EXISTS carrier_account (
    site TEXT NOT NULL,
    carrier TEXT NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    base_url TEXT DEFAULT '' NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    names TEXT DEFAULT '' NOT NULL,
    sealed TEXT DEFAULT '' NOT NULL,
    changed TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, carrier)
);

CREATE TABLE IF NOT EXISTS carrier_act (
    site TEXT NOT NULL,
    n INTEGER NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    act TEXT DEFAULT '' NOT NULL,
    carrier TEXT DEFAULT '' NOT NULL,
    "key" TEXT DEFAULT '' NOT NULL,
    waybill TEXT DEFAULT '' NOT NULL,
    came TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, n)
);

CREATE INDEX IF NOT EXISTS carrier_act_carrier ON carrier_act (site, carrier, act, n);

CREATE TABLE IF NOT EXISTS carrier_shut (
    site TEXT NOT NULL,
    carrier TEXT NOT NULL,
    since TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, carrier)
);

CREATE TABLE IF NOT EXISTS cost_charge (
    site TEXT NOT NULL,
    carrier TEXT NOT NULL,
    invoice TEXT NOT NULL,
    waybill TEXT NOT NULL,
    n INTEGER NOT NULL,
    date TEXT DEFAULT '' NOT NULL,
    total TEXT DEFAULT '' NOT NULL,
    currency TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    import TEXT DEFAULT '' NOT NULL,
    taken TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    difference TEXT DEFAULT '' NOT NULL,
    home TEXT DEFAULT '' NOT NULL,
    price TEXT DEFAULT '' NOT NULL,
    "order" TEXT DEFAULT '' NOT NULL,
    service TEXT DEFAULT '' NOT NULL,
    verdict TEXT DEFAULT '' NOT NULL,
    off INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, carrier, invoice, waybill, n)
);

CREATE INDEX IF NOT EXISTS cost_charge_kind ON cost_charge (site, kind);

CREATE INDEX IF NOT EXISTS cost_charge_waybill ON cost_charge (site, waybill);

CREATE TABLE IF NOT EXISTS cost_import (
    site TEXT NOT NULL,
    id TEXT NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    carrier TEXT DEFAULT '' NOT NULL,
    file TEXT DEFAULT '' NOT NULL,
    sha256 TEXT DEFAULT '' NOT NULL,
    accepted INTEGER DEFAULT '0' NOT NULL,
    changed INTEGER DEFAULT '0' NOT NULL,
    unchanged INTEGER DEFAULT '0' NOT NULL,
    rejected INTEGER DEFAULT '0' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, id)
);

CREATE INDEX IF NOT EXISTS cost_import_file ON cost_import (site, sha256);

CREATE TABLE IF NOT EXISTS cost_label (
    site TEXT NOT NULL,
    waybill TEXT NOT NULL,
    "key" TEXT NOT NULL,
    session TEXT DEFAULT '' NOT NULL,
    "order" TEXT DEFAULT '' NOT NULL,
    carrier TEXT DEFAULT '' NOT NULL,
    service TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    voided TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, waybill, "key")
);

CREATE TABLE IF NOT EXISTS cost_map (
    site TEXT NOT NULL,
    carrier TEXT NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, carrier)
);

CREATE TABLE IF NOT EXISTS customs_activation (
    site TEXT NOT NULL,
    n INTEGER NOT NULL,
    sha256 TEXT DEFAULT '' NOT NULL,
    version TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, n)
);

CREATE TABLE IF NOT EXISTS customs_broker (
    site TEXT NOT NULL,
    broker TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, broker)
);

CREATE TABLE IF NOT EXISTS customs_broker_mail (
    site TEXT NOT NULL,
    broker TEXT NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, broker)
);

CREATE TABLE IF NOT EXISTS customs_check (
    site TEXT NOT NULL,
    "order" TEXT NOT NULL,
    pack TEXT DEFAULT '' NOT NULL,
    digest TEXT DEFAULT '' NOT NULL,
    day TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    blocks INTEGER DEFAULT '0' NOT NULL,
    parcels INTEGER DEFAULT '1' NOT NULL,
    amount TEXT DEFAULT '' NOT NULL,
    currency TEXT DEFAULT '' NOT NULL,
    problem TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "order")
);

CREATE TABLE IF NOT EXISTS customs_consignment (
    site TEXT NOT NULL,
    consignment TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    made TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    broker TEXT DEFAULT '' NOT NULL,
    handed TEXT DEFAULT '' NOT NULL,
    handed_by TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment)
);

CREATE INDEX IF NOT EXISTS customs_consignment_broker ON customs_consignment (site, broker);

CREATE TABLE IF NOT EXISTS customs_declaration (
    site TEXT NOT NULL,
    consignment TEXT NOT NULL,
    leg TEXT NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    channel TEXT DEFAULT '' NOT NULL,
    reference TEXT DEFAULT '' NOT NULL,
    changed TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, leg)
);

CREATE TABLE IF NOT EXISTS customs_due (
    site TEXT NOT NULL,
    "order" TEXT NOT NULL,
    mark INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, "order")
);

CREATE TABLE IF NOT EXISTS customs_edit (
    site TEXT NOT NULL,
    t TEXT NOT NULL,
    id TEXT NOT NULL,
    n INTEGER NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, t, id, n)
);

CREATE TABLE IF NOT EXISTS customs_finding (
    site TEXT NOT NULL,
    "order" TEXT NOT NULL,
    parcel TEXT NOT NULL,
    rule TEXT NOT NULL,
    sku TEXT NOT NULL,
    field TEXT NOT NULL,
    severity TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "order", parcel, rule, sku, field)
);

CREATE INDEX IF NOT EXISTS customs_finding_sku ON customs_finding (site, sku);

CREATE TABLE IF NOT EXISTS customs_fix (
    site TEXT NOT NULL,
    t TEXT NOT NULL,
    id TEXT NOT NULL,
    field TEXT NOT NULL,
    was TEXT DEFAULT '' NOT NULL,
    put TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, t, id, field)
);

CREATE TABLE IF NOT EXISTS customs_handing (
    site TEXT NOT NULL,
    consignment TEXT NOT NULL,
    n INTEGER NOT NULL,
    broker TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    notes INTEGER DEFAULT '0' NOT NULL,
    steps INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, consignment, n)
);

CREATE TABLE IF NOT EXISTS customs_invoice (
    site TEXT NOT NULL,
    consignment TEXT NOT NULL,
    "order" TEXT NOT NULL,
    number TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, "order")
);

CREATE INDEX IF NOT EXISTS customs_invoice_number ON customs_invoice (site, number);

CREATE TABLE IF NOT EXISTS customs_mail (
    site TEXT NOT NULL,
    consignment TEXT NOT NULL,
    n INTEGER NOT NULL,
    asked TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    side TEXT DEFAULT '' NOT NULL,
    broker TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    handed TEXT DEFAULT '' NOT NULL,
    message TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    tries INTEGER DEFAULT '0' NOT NULL,
    next TEXT DEFAULT '' NOT NULL,
    changed TEXT DEFAULT '' NOT NULL,
    form TEXT DEFAULT '' NOT NULL,
    bytes INTEGER DEFAULT '0' NOT NULL,
    sha256 TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, n)
);

CREATE INDEX IF NOT EXISTS customs_mail_state ON customs_mail (state, next);

CREATE TABLE IF NOT EXISTS customs_member (
    site TEXT NOT NULL,
    member TEXT NOT NULL,
    broker TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, member)
);

CREATE TABLE IF NOT EXISTS customs_note (
    site TEXT NOT NULL,
    consignment TEXT NOT NULL,
    n INTEGER NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    side TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, n)
);

CREATE TABLE IF NOT EXISTS customs_order_sku (
    site TEXT NOT NULL,
    sku TEXT NOT NULL,
    "order" TEXT NOT NULL,
    PRIMARY KEY (site, sku, "order")
);

CREATE TABLE IF NOT EXISTS customs_pack (
    site TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    version TEXT DEFAULT '' NOT NULL,
    signer TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, sha256)
);

CREATE TABLE IF NOT EXISTS customs_part (
    site TEXT NOT NULL,
    consignment TEXT NOT NULL,
    "order" TEXT NOT NULL,
    digest TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, "order")
);

CREATE TABLE IF NOT EXISTS customs_step (
    site TEXT NOT NULL,
    consignment TEXT NOT NULL,
    leg TEXT NOT NULL,
    n INTEGER NOT NULL,
    came_from TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    side TEXT DEFAULT '' NOT NULL,
    channel TEXT DEFAULT '' NOT NULL,
    reference TEXT DEFAULT '' NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    file TEXT DEFAULT '' NOT NULL,
    file_name TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, consignment, leg, n)
);

CREATE TABLE IF NOT EXISTS customs_stop (
    site TEXT NOT NULL,
    day TEXT NOT NULL,
    rule TEXT NOT NULL,
    "order" TEXT NOT NULL,
    PRIMARY KEY (site, day, rule, "order")
);

CREATE TABLE IF NOT EXISTS customs_template (
    site TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    active INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, id, version)
);

CREATE TABLE IF NOT EXISTS customs_template_step (
    site TEXT NOT NULL,
    id TEXT NOT NULL,
    n INTEGER NOT NULL,
    version INTEGER DEFAULT '0' NOT NULL,
    step TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, id, n)
);

CREATE TABLE IF NOT EXISTS device (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    device TEXT NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    cause TEXT DEFAULT '' NOT NULL,
    since TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, station, device)
);

CREATE TABLE IF NOT EXISTS enrol_token (
    site TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    expires TEXT DEFAULT '' NOT NULL,
    used_at TEXT,
    station TEXT,
    PRIMARY KEY (site, token_hash)
);

CREATE TABLE IF NOT EXISTS handover (
    site TEXT NOT NULL,
    manifest TEXT NOT NULL,
    station TEXT DEFAULT '' NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    opened TEXT DEFAULT '' NOT NULL,
    changed TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, manifest)
);

CREATE INDEX IF NOT EXISTS handover_changed ON handover (site, changed);

CREATE TABLE IF NOT EXISTS handover_paper (
    site TEXT NOT NULL,
    manifest TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    stored TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, manifest, sha256)
);

CREATE TABLE IF NOT EXISTS journal (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    v INTEGER DEFAULT '1' NOT NULL,
    session TEXT DEFAULT '' NOT NULL,
    parcel TEXT,
    "order" TEXT,
    claim TEXT,
    fence INTEGER DEFAULT '0' NOT NULL,
    actor TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    mono_ns TEXT DEFAULT '' NOT NULL,
    prev TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    hash TEXT DEFAULT '' NOT NULL,
    received TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, station, epoch, seq)
);

CREATE INDEX IF NOT EXISTS journal_kind ON journal (site, kind, received);

CREATE INDEX IF NOT EXISTS journal_order ON journal (site, "order");

CREATE INDEX IF NOT EXISTS journal_session ON journal (site, session, station, epoch, seq);

CREATE TABLE IF NOT EXISTS label (
    site TEXT NOT NULL,
    "key" TEXT NOT NULL,
    station TEXT DEFAULT '' NOT NULL,
    carrier TEXT DEFAULT '' NOT NULL,
    service TEXT DEFAULT '' NOT NULL,
    "order" TEXT DEFAULT '' NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL,
    status TEXT DEFAULT '' NOT NULL,
    waybill TEXT DEFAULT '' NOT NULL,
    blob TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    request TEXT DEFAULT '' NOT NULL,
    asked TEXT DEFAULT '' NOT NULL,
    answered TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "key")
);

CREATE INDEX IF NOT EXISTS label_carrier ON label (site, carrier, answered);

CREATE INDEX IF NOT EXISTS label_status ON label (site, status, answered);

CREATE TABLE IF NOT EXISTS label_said (
    site TEXT NOT NULL,
    "key" TEXT NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    waybill TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "key")
);

CREATE TABLE IF NOT EXISTS label_wait (
    site TEXT NOT NULL,
    "key" TEXT NOT NULL,
    since TEXT DEFAULT '' NOT NULL,
    next TEXT DEFAULT '' NOT NULL,
    tries INTEGER DEFAULT '0' NOT NULL,
    faults INTEGER DEFAULT '0' NOT NULL,
    fault TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "key")
);

CREATE INDEX IF NOT EXISTS label_wait_next ON label_wait (next);

CREATE TABLE IF NOT EXISTS lease (
    site TEXT NOT NULL,
    lease TEXT NOT NULL,
    station TEXT DEFAULT '' NOT NULL,
    req_id TEXT DEFAULT '' NOT NULL,
    carrier TEXT DEFAULT '' NOT NULL,
    service TEXT DEFAULT '' NOT NULL,
    prefix TEXT DEFAULT '' NOT NULL,
    country TEXT DEFAULT '' NOT NULL,
    first INTEGER DEFAULT '0' NOT NULL,
    last INTEGER DEFAULT '0' NOT NULL,
    leased TEXT DEFAULT '' NOT NULL,
    expires TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, lease)
);

CREATE UNIQUE INDEX IF NOT EXISTS lease_numbers ON lease (prefix, country, first);

CREATE UNIQUE INDEX IF NOT EXISTS lease_request ON lease (site, station, req_id);

CREATE TABLE IF NOT EXISTS lease_past (
    site TEXT NOT NULL,
    lease TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER DEFAULT '0' NOT NULL,
    station TEXT DEFAULT '' NOT NULL,
    prefix TEXT DEFAULT '' NOT NULL,
    country TEXT DEFAULT '' NOT NULL,
    leased TEXT DEFAULT '' NOT NULL,
    expires TEXT DEFAULT '' NOT NULL,
    freed TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, lease, first)
);

CREATE TABLE IF NOT EXISTS meta (
    "key" TEXT NOT NULL,
    value TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY ("key")
);

CREATE TABLE IF NOT EXISTS number (
    prefix TEXT NOT NULL,
    country TEXT NOT NULL,
    serial INTEGER NOT NULL,
    site TEXT DEFAULT '' NOT NULL,
    station TEXT DEFAULT '' NOT NULL,
    lease TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    "key" TEXT DEFAULT '' NOT NULL,
    used TEXT DEFAULT '' NOT NULL,
    until TEXT DEFAULT '' NOT NULL,
    times INTEGER DEFAULT '1' NOT NULL,
    PRIMARY KEY (prefix, country, serial)
);

CREATE INDEX IF NOT EXISTS number_until ON number (site, until);

CREATE TABLE IF NOT EXISTS orders (
    site TEXT NOT NULL,
    "order" TEXT NOT NULL,
    status TEXT DEFAULT '' NOT NULL,
    channel TEXT DEFAULT '' NOT NULL,
    bench TEXT DEFAULT '' NOT NULL,
    hold TEXT DEFAULT '' NOT NULL,
    hold_by TEXT DEFAULT '' NOT NULL,
    held TEXT DEFAULT '' NOT NULL,
    handover TEXT DEFAULT '' NOT NULL,
    late_amount TEXT DEFAULT '' NOT NULL,
    late_currency TEXT DEFAULT '' NOT NULL,
    units INTEGER DEFAULT '0' NOT NULL,
    outcome TEXT DEFAULT '' NOT NULL,
    session TEXT DEFAULT '' NOT NULL,
    finished TEXT,
    PRIMARY KEY (site, "order")
);

CREATE INDEX IF NOT EXISTS orders_due ON orders (site, outcome, handover);

CREATE TABLE IF NOT EXISTS own_sale (
    "key" TEXT NOT NULL,
    site TEXT DEFAULT '' NOT NULL,
    carrier TEXT DEFAULT '' NOT NULL,
    service TEXT DEFAULT '' NOT NULL,
    waybill TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    voided TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY ("key")
);

CREATE UNIQUE INDEX IF NOT EXISTS own_sale_number ON own_sale (waybill);

CREATE TABLE IF NOT EXISTS ozon_carriage (
    carrier TEXT NOT NULL,
    "key" TEXT NOT NULL,
    carriage TEXT DEFAULT '' NOT NULL,
    missing TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (carrier, "key")
);

CREATE INDEX IF NOT EXISTS ozon_carriage_id ON ozon_carriage (carriage);

CREATE TABLE IF NOT EXISTS ozon_parcel (
    carrier TEXT NOT NULL,
    "key" TEXT NOT NULL,
    posting TEXT DEFAULT '' NOT NULL,
    number TEXT DEFAULT '' NOT NULL,
    waybill TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (carrier, "key")
);

CREATE INDEX IF NOT EXISTS ozon_parcel_number ON ozon_parcel (number);

CREATE INDEX IF NOT EXISTS ozon_parcel_posting ON ozon_parcel (posting);

CREATE INDEX IF NOT EXISTS ozon_parcel_waybill ON ozon_parcel (waybill);

CREATE TABLE IF NOT EXISTS person (
    site TEXT NOT NULL,
    badge TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    pin_hash TEXT DEFAULT '' NOT NULL,
    password_hash TEXT DEFAULT '' NOT NULL,
    language TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, badge)
);

CREATE INDEX IF NOT EXISTS person_name ON person (name);

CREATE TABLE IF NOT EXISTS pool (
    site TEXT NOT NULL,
    carrier TEXT NOT NULL,
    service TEXT NOT NULL,
    prefix TEXT NOT NULL,
    country TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER DEFAULT '0' NOT NULL,
    next INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, carrier, service, prefix, country, first)
);

CREATE TABLE IF NOT EXISTS quarantine (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    problem TEXT DEFAULT '' NOT NULL,
    raw TEXT DEFAULT '' NOT NULL,
    received TEXT DEFAULT '' NOT NULL,
    settled TEXT,
    PRIMARY KEY (site, station, epoch, seq, hash)
);

CREATE TABLE IF NOT EXISTS requirement (
    site TEXT NOT NULL,
    "order" TEXT NOT NULL,
    sku TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    status TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    asked TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, "order", sku, kind, value)
);

CREATE INDEX IF NOT EXISTS requirement_status ON requirement (site, status, asked);

CREATE TABLE IF NOT EXISTS "row" (
    site TEXT NOT NULL,
    t TEXT NOT NULL,
    id TEXT NOT NULL,
    rev INTEGER DEFAULT '0' NOT NULL,
    op TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    change INTEGER DEFAULT '0' NOT NULL,
    changed TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, t, id)
);

CREATE UNIQUE INDEX IF NOT EXISTS row_change ON "row" (site, change);

CREATE TABLE IF NOT EXISTS session (
    site TEXT NOT NULL,
    session TEXT NOT NULL,
    station TEXT DEFAULT '' NOT NULL,
    epoch TEXT DEFAULT '' NOT NULL,
    seq INTEGER DEFAULT '0' NOT NULL,
    "order" TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    resume TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    actor TEXT DEFAULT '' NOT NULL,
    opened TEXT DEFAULT '' NOT NULL,
    changed TEXT DEFAULT '' NOT NULL,
    completed TEXT,
    units INTEGER DEFAULT '0' NOT NULL,
    parcels INTEGER DEFAULT '0' NOT NULL,
    waybills TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, session)
);

CREATE INDEX IF NOT EXISTS session_order ON session (site, "order");

CREATE INDEX IF NOT EXISTS session_state ON session (site, state);

CREATE TABLE IF NOT EXISTS sign_in_try (
    who TEXT NOT NULL,
    failures INTEGER DEFAULT '0' NOT NULL,
    until TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (who)
);

CREATE TABLE IF NOT EXISTS station (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    pubkey TEXT DEFAULT '' NOT NULL,
    app TEXT DEFAULT '' NOT NULL,
    schema INTEGER DEFAULT '0' NOT NULL,
    enrolled TEXT DEFAULT '' NOT NULL,
    revoked TEXT,
    PRIMARY KEY (site, station)
);

CREATE UNIQUE INDEX IF NOT EXISTS station_id ON station (station);

CREATE TABLE IF NOT EXISTS status (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, station)
);

CREATE TABLE IF NOT EXISTS stream (
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch TEXT NOT NULL,
    hw INTEGER DEFAULT '0' NOT NULL,
    last_hash TEXT DEFAULT '' NOT NULL,
    durable INTEGER DEFAULT '0' NOT NULL,
    head INTEGER DEFAULT '0' NOT NULL,
    seen TEXT DEFAULT '' NOT NULL,
    skew_ms INTEGER DEFAULT '0' NOT NULL,
    closed TEXT,
    forked TEXT,
    PRIMARY KEY (site, station, epoch)
);

CREATE TABLE IF NOT EXISTS tally (
    site TEXT NOT NULL,
    bucket TEXT NOT NULL,
    station TEXT NOT NULL,
    actor TEXT NOT NULL,
    orders INTEGER DEFAULT '0' NOT NULL,
    parcels INTEGER DEFAULT '0' NOT NULL,
    units INTEGER DEFAULT '0' NOT NULL,
    verified INTEGER DEFAULT '0' NOT NULL,
    rejected INTEGER DEFAULT '0' NOT NULL,
    facts INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (site, bucket, station, actor)
);

CREATE TABLE IF NOT EXISTS tariff (
    site TEXT NOT NULL,
    carrier TEXT NOT NULL,
    service TEXT NOT NULL,
    version TEXT NOT NULL,
    valid_from TEXT DEFAULT '' NOT NULL,
    valid_to TEXT DEFAULT '' NOT NULL,
    sha256 TEXT DEFAULT '' NOT NULL,
    document TEXT DEFAULT '' NOT NULL,
    signature TEXT DEFAULT '' NOT NULL,
    at TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, carrier, service, version)
);

CREATE TABLE IF NOT EXISTS web_session (
    site TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    badge TEXT DEFAULT '' NOT NULL,
    csrf TEXT DEFAULT '' NOT NULL,
    made TEXT DEFAULT '' NOT NULL,
    seen TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (site, token_hash)
);

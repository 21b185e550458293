-- The first schema. Expand and contract: a later migration adds, and takes away only what no running node uses any more.
-- tenant_id leads every key, so that the same tables can be distributed by it. No triggers, no sequences.

CREATE TABLE tenants (
    tenant_id uuid PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE outlets (
    tenant_id uuid NOT NULL REFERENCES tenants,
    outlet_id uuid NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- 'stopped': what its hub sent did not follow from what is here; nothing is taken until somebody has looked.
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'stopped')),
    stopped_why text,
    stopped_seq bigint,
    stopped_at timestamptz,
    PRIMARY KEY (tenant_id, outlet_id),
    UNIQUE (tenant_id, number)
);

CREATE TABLE hubs (
    tenant_id uuid NOT NULL,
    hub_id uuid NOT NULL,
    outlet_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    -- What the hub called its outlet when it was claimed.
    claimed_as text NOT NULL DEFAULT '',
    claimed_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz,
    software text NOT NULL DEFAULT '',
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, hub_id),
    FOREIGN KEY (tenant_id, outlet_id) REFERENCES outlets
);

-- A code is all that its bearer has, so that its hash alone is the key: a small table, the same on every node.
CREATE TABLE claim_codes (
    code_hash bytea PRIMARY KEY,
    tenant_id uuid NOT NULL,
    outlet_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    FOREIGN KEY (tenant_id, outlet_id) REFERENCES outlets
);

-- How far each outlet's ledger has come. A row from the outlet's first day on, so that every step is a comparison.
CREATE TABLE cursors (
    tenant_id uuid NOT NULL,
    outlet_id uuid NOT NULL,
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    -- From where the last step was made: what is compared before the next.
    from_seq bigint NOT NULL,
    from_hash bytea NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, outlet_id),
    FOREIGN KEY (tenant_id, outlet_id) REFERENCES outlets
);

-- The records, as the hub's ledger stores them. Days are made ahead by the relay.
CREATE TABLE events (
    tenant_id uuid NOT NULL,
    outlet_id uuid NOT NULL,
    seq bigint NOT NULL,
    epoch bigint NOT NULL,
    -- None where the body cannot be read.
    at timestamptz,
    kind smallint,
    version smallint NOT NULL,
    more boolean NOT NULL,
    hash bytea NOT NULL,
    body bytea NOT NULL,
    received_day date NOT NULL,
    PRIMARY KEY (tenant_id, outlet_id, seq, epoch, received_day)
) PARTITION BY RANGE (received_day);

CREATE TABLE quarantine (
    tenant_id uuid NOT NULL,
    outlet_id uuid NOT NULL,
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    version smallint NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, outlet_id, epoch, seq)
);

CREATE TABLE alerts (
    tenant_id uuid NOT NULL,
    alert_id uuid NOT NULL,
    outlet_id uuid NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    PRIMARY KEY (tenant_id, alert_id)
);
CREATE INDEX alerts_open ON alerts (tenant_id, outlet_id, at) WHERE closed_at IS NULL;

-- Whoever reads sees one tenant, which the session names (SET LOCAL relay.tenant); nobody else's rows are there. Whoever
-- takes in sees all of them, and has the tenant from the credential.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tenants', 'outlets', 'hubs', 'claim_codes', 'cursors', 'events', 'quarantine', 'alerts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY ingest ON %I TO relay_ingest USING (true) WITH CHECK (true)', name);
        EXECUTE format(
            'CREATE POLICY reader ON %I FOR SELECT TO relay_reader '
            'USING (tenant_id = nullif(current_setting(''relay.tenant'', true), '''')::uuid)', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO relay_ingest', name);
    END LOOP;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO relay_ingest, relay_reader', current_schema());
END
$$;

-- Hashes of secrets are nobody's to read.
GRANT SELECT ON tenants, outlets, cursors, events, quarantine, alerts TO relay_reader;
GRANT SELECT (tenant_id, hub_id, outlet_id, claimed_as, claimed_at, last_seen_at, software, revoked_at)
    ON hubs TO relay_reader;
GRANT SELECT (tenant_id, outlet_id, expires_at, used_at) ON claim_codes TO relay_reader;

CREATE FUNCTION public.kadi_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'a row of % is never changed or removed', TG_TABLE_NAME;
END
$$;
CREATE FUNCTION public.kadi_expect(hits bigint, wanted bigint) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF hits <> wanted THEN
    RAISE EXCEPTION 'a row was changed or removed' USING ERRCODE = 'KD001';
  END IF;
  RETURN hits;
END
$$;
CREATE TABLE public.batch_mark (
    batcher bigint NOT NULL,
    turn bigint NOT NULL,
    mark bytea NOT NULL,
    CONSTRAINT batch_mark_mark_check CHECK ((length(mark) = 16)),
    CONSTRAINT batch_mark_turn_check CHECK ((turn >= 1))
);
CREATE TABLE public.charge (
    payment_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    account text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    amount bigint NOT NULL,
    story bigint NOT NULL,
    opened_at bigint NOT NULL,
    reserved_until bigint NOT NULL,
    told bigint NOT NULL,
    settled bigint,
    refund_story bigint DEFAULT 1 NOT NULL,
    script text COLLATE pg_catalog."C",
    CONSTRAINT charge_check CHECK (((script IS NULL) = (story > 0))),
    CONSTRAINT charge_currency_check CHECK ((length(currency) = 3)),
    CONSTRAINT charge_told_check CHECK ((told >= 0))
);
CREATE TABLE public.credential (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    dialect bigint NOT NULL,
    slot text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C",
    print bytea NOT NULL,
    sealed bytea,
    created_at bigint NOT NULL,
    revoked_at bigint,
    CONSTRAINT credential_print_check CHECK ((length(print) = 32))
);
CREATE TABLE public.customer (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    name bytea,
    mobile bytea,
    email bytea,
    external_id bytea,
    mobile_index bytea,
    email_index bytea,
    name_index bytea
);
CREATE TABLE public.delivery (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    link_id bigint NOT NULL,
    event_id bigint NOT NULL,
    dialect bigint NOT NULL,
    form bigint NOT NULL,
    url text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    attempts bigint NOT NULL,
    last_status bigint,
    state bigint NOT NULL,
    state_at bigint,
    last_answer text COLLATE pg_catalog."C",
    CONSTRAINT delivery_attempts_check CHECK ((attempts >= 0))
);
CREATE TABLE public.entry (
    link_id bigint NOT NULL,
    "position" bigint NOT NULL,
    booking_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    payment_id bigint NOT NULL,
    currency text NOT NULL COLLATE pg_catalog."C",
    account bigint NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    booked_at bigint NOT NULL,
    hash bytea NOT NULL,
    child_id bigint,
    CONSTRAINT entry_credit_check CHECK ((credit >= 0)),
    CONSTRAINT entry_currency_check CHECK ((length(currency) = 3)),
    CONSTRAINT entry_debit_check CHECK ((debit >= 0)),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_not_empty CHECK (((debit > 0) OR (credit > 0))),
    CONSTRAINT entry_position_check CHECK (("position" >= 1))
);
CREATE TABLE public.event (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    link_id bigint NOT NULL,
    number bigint NOT NULL,
    kind bigint NOT NULL,
    payment_id bigint,
    happened_at bigint NOT NULL,
    word bigint NOT NULL,
    captured bigint NOT NULL,
    refunded bigint NOT NULL,
    sent_at bigint,
    opened_at bigint,
    refund_id bigint,
    CONSTRAINT event_number_check CHECK ((number >= 1))
);
CREATE TABLE public.id_block (
    id bigint NOT NULL,
    next bigint NOT NULL,
    CONSTRAINT id_block_id_check CHECK ((id = 1)),
    CONSTRAINT id_block_next_check CHECK ((next >= 1))
);
CREATE TABLE public.idempotency (
    merchant_id bigint NOT NULL,
    key_hash bytea NOT NULL,
    fingerprint bytea NOT NULL,
    link_id bigint NOT NULL,
    refund_id bigint,
    CONSTRAINT idempotency_fingerprint_check CHECK ((length(fingerprint) = 32)),
    CONSTRAINT idempotency_key_hash_check CHECK ((length(key_hash) = 32))
);
CREATE TABLE public.job (
    kind bigint NOT NULL,
    subject bigint NOT NULL,
    merchant_id bigint NOT NULL,
    due_at bigint NOT NULL,
    attempts bigint NOT NULL,
    leased_until bigint,
    CONSTRAINT job_attempts_check CHECK ((attempts >= 0))
);
CREATE TABLE public.link (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    origin bigint NOT NULL,
    kind bigint NOT NULL,
    currency text NOT NULL COLLATE pg_catalog."C",
    amount bigint,
    due bigint,
    max_payments bigint,
    one_order bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    customer_id bigint,
    created_at bigint NOT NULL,
    expires_at bigint,
    status bigint NOT NULL,
    ended_at bigint,
    sent_at bigint,
    opened_at bigint,
    captured bigint NOT NULL,
    refunded bigint NOT NULL,
    held bigint NOT NULL,
    reserved bigint NOT NULL,
    captured_count bigint NOT NULL,
    reserved_count bigint NOT NULL,
    event_count bigint NOT NULL,
    chain_count bigint NOT NULL,
    chain_head bytea,
    version bigint NOT NULL,
    sealed_count bigint DEFAULT 0 NOT NULL,
    resent_count bigint DEFAULT 0 NOT NULL,
    split_count bigint DEFAULT 0 NOT NULL,
    in_parts bigint DEFAULT 0 NOT NULL,
    part_first_min bigint,
    part_min bigint,
    plan_count bigint DEFAULT 0 NOT NULL,
    refund_pending bigint DEFAULT 0 NOT NULL,
    has_email bigint DEFAULT 0 NOT NULL,
    obligation_id bigint,
    modes text COLLATE pg_catalog."C",
    wallet_caps text COLLATE pg_catalog."C",
    edit_count bigint DEFAULT 0 NOT NULL,
    attempted bigint DEFAULT 0 NOT NULL,
    only_mobile bigint DEFAULT 0 NOT NULL,
    template_id bigint,
    invoice_template_id bigint,
    CONSTRAINT link_amount_check CHECK ((amount > 0)),
    CONSTRAINT link_attempted_check CHECK ((attempted >= 0)),
    CONSTRAINT link_captured_check CHECK ((captured >= 0)),
    CONSTRAINT link_captured_count_check CHECK ((captured_count >= 0)),
    CONSTRAINT link_chain_count_check CHECK ((chain_count >= 0)),
    CONSTRAINT link_chain_head_check CHECK ((length(chain_head) = 32)),
    CONSTRAINT link_chain_whole CHECK (((chain_count = 0) = (chain_head IS NULL))),
    CONSTRAINT link_check CHECK (((refund_pending >= 0) AND ((refunded + refund_pending) <= captured))),
    CONSTRAINT link_currency_check CHECK ((length(currency) = 3)),
    CONSTRAINT link_due_check CHECK ((due > 0)),
    CONSTRAINT link_edit_count_check CHECK ((edit_count >= 0)),
    CONSTRAINT link_event_count_check CHECK ((event_count >= 0)),
    CONSTRAINT link_has_email_check CHECK ((has_email = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT link_held_check CHECK ((held >= 0)),
    CONSTRAINT link_in_parts_check CHECK ((in_parts = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT link_max_payments_check CHECK ((max_payments > 0)),
    CONSTRAINT link_modes_check CHECK ((length(modes) > 1)),
    CONSTRAINT link_one_order_check CHECK ((one_order = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT link_only_mobile_check CHECK ((only_mobile = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT link_part_first_min_check CHECK ((part_first_min > 0)),
    CONSTRAINT link_part_min_check CHECK ((part_min > 0)),
    CONSTRAINT link_plan_count_check CHECK ((plan_count >= 0)),
    CONSTRAINT link_refunded_check CHECK ((refunded >= 0)),
    CONSTRAINT link_resent_count_check CHECK ((resent_count >= 0)),
    CONSTRAINT link_reserved_check CHECK ((reserved >= 0)),
    CONSTRAINT link_reserved_count_check CHECK ((reserved_count >= 0)),
    CONSTRAINT link_sealed_count_check CHECK ((sealed_count >= 0)),
    CONSTRAINT link_sealed_within_chain CHECK ((sealed_count <= chain_count)),
    CONSTRAINT link_split_count_check CHECK ((split_count >= 0)),
    CONSTRAINT link_wallet_caps_check CHECK ((length(wallet_caps) > 0)),
    CONSTRAINT link_within_due CHECK (((due IS NULL) OR ((captured + reserved) <= due))),
    CONSTRAINT link_within_max_payments CHECK (((max_payments IS NULL) OR ((captured_count + reserved_count) <= max_payments)))
);
CREATE TABLE public.link_edit (
    link_id bigint NOT NULL,
    number bigint NOT NULL,
    after_event bigint NOT NULL,
    changed_at bigint NOT NULL,
    amount bigint,
    max_payments bigint,
    expires_at bigint,
    description text COLLATE pg_catalog."C",
    CONSTRAINT link_edit_after_event_check CHECK ((after_event > 0)),
    CONSTRAINT link_edit_amount_check CHECK ((amount > 0)),
    CONSTRAINT link_edit_max_payments_check CHECK ((max_payments > 0)),
    CONSTRAINT link_edit_number_check CHECK ((number > 0))
);
CREATE TABLE public.link_instalment (
    link_id bigint NOT NULL,
    "position" bigint NOT NULL,
    amount bigint NOT NULL,
    due_at bigint NOT NULL,
    CONSTRAINT link_instalment_amount_check CHECK ((amount > 0))
);
CREATE TABLE public.link_invoice (
    link_id bigint NOT NULL,
    fields bytea NOT NULL
);
CREATE TABLE public.link_line (
    link_id bigint NOT NULL,
    "position" bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    code text COLLATE pg_catalog."C",
    units bigint NOT NULL,
    unit_amount bigint NOT NULL
);
CREATE TABLE public.link_reference (
    dialect bigint NOT NULL,
    kind bigint NOT NULL,
    merchant_id bigint NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C",
    link_id bigint NOT NULL
);
CREATE TABLE public.link_split (
    link_id bigint NOT NULL,
    "position" bigint NOT NULL,
    child_id bigint NOT NULL,
    amount bigint,
    bps bigint,
    bears_fee bigint NOT NULL,
    CONSTRAINT link_split_amount_check CHECK ((amount > 0)),
    CONSTRAINT link_split_bears_fee_check CHECK ((bears_fee = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT link_split_bps_check CHECK (((bps > 0) AND (bps <= 10000))),
    CONSTRAINT link_split_one_share CHECK (((amount IS NULL) <> (bps IS NULL)))
);
CREATE TABLE public.link_tax (
    link_id bigint NOT NULL,
    line bigint NOT NULL,
    "position" bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    amount bigint NOT NULL
);
CREATE TABLE public.link_text (
    link_id bigint NOT NULL,
    kind bigint NOT NULL,
    "position" bigint NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.merchant (
    id bigint NOT NULL,
    slug text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    active bigint NOT NULL,
    environment bigint NOT NULL,
    vpa text COLLATE pg_catalog."C",
    gstin text COLLATE pg_catalog."C",
    state_code text COLLATE pg_catalog."C",
    aggregator text COLLATE pg_catalog."C",
    limit_min bigint NOT NULL,
    limit_max bigint,
    limit_account_max bigint,
    risk_amount_max bigint,
    risk_mobile_hour bigint,
    risk_link_hour bigint,
    version bigint NOT NULL,
    refund_fee_bearer bigint DEFAULT 1 NOT NULL,
    hold_policy bigint,
    receipts bigint DEFAULT 1 NOT NULL,
    address text COLLATE pg_catalog."C",
    CONSTRAINT merchant_active_check CHECK ((active = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT merchant_receipts_check CHECK ((receipts = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);
CREATE TABLE public.merchant_block (
    merchant_id bigint NOT NULL,
    kind bigint NOT NULL,
    "position" bigint NOT NULL,
    print bytea NOT NULL,
    CONSTRAINT merchant_block_print_check CHECK ((length(print) = 32))
);
CREATE TABLE public.merchant_fee (
    merchant_id bigint NOT NULL,
    "position" bigint NOT NULL,
    rail text NOT NULL COLLATE pg_catalog."C",
    mode text NOT NULL COLLATE pg_catalog."C",
    bps bigint NOT NULL,
    flat bigint NOT NULL,
    tax_bps bigint NOT NULL,
    fee_min bigint DEFAULT 0 NOT NULL,
    fee_cap bigint,
    surcharge_bps bigint DEFAULT 0 NOT NULL,
    surcharge_flat bigint DEFAULT 0 NOT NULL,
    CONSTRAINT merchant_fee_bps_check CHECK ((bps >= 0)),
    CONSTRAINT merchant_fee_fee_cap_check CHECK ((fee_cap >= 0)),
    CONSTRAINT merchant_fee_fee_min_check CHECK ((fee_min >= 0)),
    CONSTRAINT merchant_fee_flat_check CHECK ((flat >= 0)),
    CONSTRAINT merchant_fee_surcharge_bps_check CHECK ((surcharge_bps >= 0)),
    CONSTRAINT merchant_fee_surcharge_flat_check CHECK ((surcharge_flat >= 0)),
    CONSTRAINT merchant_fee_tax_bps_check CHECK ((tax_bps >= 0))
);
CREATE TABLE public.merchant_setting (
    merchant_id bigint NOT NULL,
    "position" bigint NOT NULL,
    dialect bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    identifies bigint NOT NULL,
    CONSTRAINT merchant_setting_identifies_check CHECK ((identifies = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);
CREATE TABLE public.merchant_text (
    merchant_id bigint NOT NULL,
    kind bigint NOT NULL,
    "position" bigint NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.message (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    link_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    channel bigint NOT NULL,
    created_at bigint NOT NULL,
    state bigint NOT NULL,
    state_at bigint,
    detail text COLLATE pg_catalog."C",
    resend bigint DEFAULT 0 NOT NULL,
    event_id bigint,
    code_number bigint,
    CONSTRAINT message_check CHECK (((event_id IS NULL) OR (resend = 0))),
    CONSTRAINT message_check1 CHECK (((code_number IS NULL) OR ((code_number > 0) AND (resend = 0) AND (event_id IS NULL)))),
    CONSTRAINT message_resend_check CHECK ((resend >= 0))
);
CREATE TABLE public.obligation (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    amount bigint NOT NULL,
    link_count bigint NOT NULL,
    paid_by bigint,
    version bigint NOT NULL,
    CONSTRAINT obligation_amount_check CHECK ((amount > 0)),
    CONSTRAINT obligation_currency_check CHECK ((length(currency) = 3)),
    CONSTRAINT obligation_link_count_check CHECK ((link_count > 0))
);
CREATE TABLE public.one_time_code (
    link_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    number bigint NOT NULL,
    made_at bigint NOT NULL,
    is_sent bigint NOT NULL,
    tries bigint NOT NULL,
    is_spent bigint NOT NULL,
    lately_since bigint NOT NULL,
    lately_count bigint NOT NULL,
    today_since bigint NOT NULL,
    today_count bigint NOT NULL,
    CONSTRAINT one_time_code_is_sent_check CHECK ((is_sent = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT one_time_code_is_spent_check CHECK ((is_spent = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT one_time_code_lately_count_check CHECK ((lately_count > 0)),
    CONSTRAINT one_time_code_number_check CHECK ((number > 0)),
    CONSTRAINT one_time_code_today_count_check CHECK ((today_count > 0)),
    CONSTRAINT one_time_code_tries_check CHECK (((tries >= 0) AND (tries <= 5)))
);
CREATE TABLE public.pace (
    merchant_id bigint NOT NULL,
    mobile bytea NOT NULL,
    times bytea NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT pace_mobile_check CHECK ((length(mobile) = 32)),
    CONSTRAINT pace_times_check CHECK (((length(times) > 0) AND ((length(times) % 8) = 0)))
);
CREATE TABLE public.payback (
    refund_id bigint NOT NULL,
    payment_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    amount bigint NOT NULL,
    story bigint NOT NULL,
    settled bigint
);
CREATE TABLE public.payment (
    id bigint NOT NULL,
    link_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    rail text NOT NULL COLLATE pg_catalog."C",
    rail_account text NOT NULL COLLATE pg_catalog."C",
    mode text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    applied bigint NOT NULL,
    discount bigint NOT NULL,
    surcharge bigint NOT NULL,
    payer_mobile bytea,
    created_at bigint NOT NULL,
    reserved_until bigint,
    rail_reference text COLLATE pg_catalog."C",
    taken bigint,
    state bigint NOT NULL,
    state_at bigint,
    captured_at bigint,
    fee bigint NOT NULL,
    fee_tax bigint NOT NULL,
    net bigint NOT NULL,
    hold_reason bigint,
    failure text COLLATE pg_catalog."C",
    version bigint NOT NULL,
    refunded bigint DEFAULT 0 NOT NULL,
    refund_pending bigint DEFAULT 0 NOT NULL,
    fee_back bigint DEFAULT 0 NOT NULL,
    fee_tax_back bigint DEFAULT 0 NOT NULL,
    is_foreign bigint DEFAULT 0 NOT NULL,
    hold_decision bigint,
    asked bigint,
    came_in text COLLATE pg_catalog."C",
    beside bigint,
    channel text COLLATE pg_catalog."C",
    drawn text COLLATE pg_catalog."C",
    gave_away text COLLATE pg_catalog."C",
    asked_discount bigint,
    asked_surcharge bigint,
    refund_excess bigint DEFAULT 0 NOT NULL,
    answers bytea,
    attempt_token bytea,
    CONSTRAINT payment_applied_check CHECK ((applied > 0)),
    CONSTRAINT payment_asked_discount_check CHECK ((asked_discount >= 0)),
    CONSTRAINT payment_asked_surcharge_check CHECK ((asked_surcharge >= 0)),
    CONSTRAINT payment_attempt_token_check CHECK ((length(attempt_token) = 16)),
    CONSTRAINT payment_came_in_check CHECK ((length(came_in) = 3)),
    CONSTRAINT payment_channel_check CHECK ((length(channel) > 0)),
    CONSTRAINT payment_check CHECK (((refund_pending >= 0) AND ((refunded + refund_pending) <=
CASE
    WHEN (hold_reason IS NULL) THEN applied
    ELSE taken
END))),
    CONSTRAINT payment_check1 CHECK (((fee_back >= 0) AND (fee_back <= fee))),
    CONSTRAINT payment_check2 CHECK (((fee_tax_back >= 0) AND (fee_tax_back <= fee_tax))),
    CONSTRAINT payment_check3 CHECK (((hold_decision IS NULL) OR (COALESCE(hold_reason, (0)::bigint) > 0))),
    CONSTRAINT payment_check4 CHECK (((asked IS NULL) = (hold_decision IS NULL))),
    CONSTRAINT payment_check5 CHECK (((gave_away IS NULL) OR (rail_reference IS NULL))),
    CONSTRAINT payment_currency_check CHECK ((length(currency) = 3)),
    CONSTRAINT payment_discount_check CHECK ((discount >= 0)),
    CONSTRAINT payment_drawn_check CHECK ((length(drawn) > 0)),
    CONSTRAINT payment_fee_check CHECK ((fee >= 0)),
    CONSTRAINT payment_fee_tax_check CHECK ((fee_tax >= 0)),
    CONSTRAINT payment_is_foreign_check CHECK ((is_foreign = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT payment_refund_excess_check CHECK ((refund_excess >= 0)),
    CONSTRAINT payment_refunded_check CHECK ((refunded >= 0)),
    CONSTRAINT payment_surcharge_check CHECK ((surcharge >= 0)),
    CONSTRAINT payment_taken_check CHECK ((taken >= 0))
);
CREATE TABLE public.refinery_schema_history (
    version integer NOT NULL,
    name character varying(255),
    applied_on character varying(255),
    checksum character varying(255)
);
CREATE TABLE public.refund (
    id bigint NOT NULL,
    payment_id bigint NOT NULL,
    link_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    currency text NOT NULL COLLATE pg_catalog."C",
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    fee_tax bigint NOT NULL,
    net bigint NOT NULL,
    hold_reason bigint,
    of_merchant bigint,
    created_at bigint NOT NULL,
    rail_reference text COLLATE pg_catalog."C",
    state bigint NOT NULL,
    state_at bigint,
    failure text COLLATE pg_catalog."C",
    version bigint NOT NULL,
    is_excess bigint DEFAULT 0 NOT NULL,
    CONSTRAINT refund_amount_check CHECK ((amount > 0)),
    CONSTRAINT refund_currency_check CHECK ((length(currency) = 3)),
    CONSTRAINT refund_fee_check CHECK ((fee >= 0)),
    CONSTRAINT refund_fee_tax_check CHECK ((fee_tax >= 0)),
    CONSTRAINT refund_is_excess_check CHECK ((is_excess = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT refund_net_check CHECK ((net >= 0)),
    CONSTRAINT refund_whole CHECK ((((fee + fee_tax) + net) = amount))
);
CREATE TABLE public.seal (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    number bigint NOT NULL,
    sealed_at bigint NOT NULL,
    key_id bigint NOT NULL,
    tag bytea NOT NULL,
    CONSTRAINT seal_number_check CHECK ((number >= 1)),
    CONSTRAINT seal_tag_check CHECK ((length(tag) = 32))
);
CREATE TABLE public.seal_head (
    seal_id bigint NOT NULL,
    link_id bigint NOT NULL,
    chain_count bigint NOT NULL,
    chain_head bytea NOT NULL,
    CONSTRAINT seal_head_chain_count_check CHECK ((chain_count >= 1)),
    CONSTRAINT seal_head_chain_head_check CHECK ((length(chain_head) = 32))
);
CREATE TABLE public.split_part (
    link_id bigint NOT NULL,
    payment_id bigint NOT NULL,
    "position" bigint NOT NULL,
    child_id bigint NOT NULL,
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    fee_tax bigint NOT NULL,
    amount_back bigint NOT NULL,
    fee_back bigint NOT NULL,
    fee_tax_back bigint NOT NULL,
    CONSTRAINT split_part_check CHECK (((fee_back >= 0) AND (fee_back <= fee))),
    CONSTRAINT split_part_check1 CHECK (((fee_tax_back >= 0) AND (fee_tax_back <= fee_tax))),
    CONSTRAINT split_part_fee_check CHECK ((fee >= 0)),
    CONSTRAINT split_part_fee_tax_check CHECK ((fee_tax >= 0)),
    CONSTRAINT split_part_within CHECK (((amount_back <= amount) AND ((((amount_back - fee_back) - fee_tax_back) >= 0) AND (((amount_back - fee_back) - fee_tax_back) <= ((amount - fee) - fee_tax)))))
);
CREATE TABLE public.split_refund (
    link_id bigint NOT NULL,
    refund_id bigint NOT NULL,
    "position" bigint NOT NULL,
    child_id bigint NOT NULL,
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    fee_tax bigint NOT NULL,
    CONSTRAINT split_refund_fee_check CHECK ((fee >= 0)),
    CONSTRAINT split_refund_fee_tax_check CHECK ((fee_tax >= 0)),
    CONSTRAINT split_refund_whole CHECK (((fee + fee_tax) <= amount))
);
CREATE TABLE public.subscription (
    link_id bigint NOT NULL,
    "position" bigint NOT NULL,
    dialect bigint NOT NULL,
    form bigint NOT NULL,
    url text COLLATE pg_catalog."C",
    events bigint NOT NULL
);
CREATE TABLE public.template (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    kind bigint NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    CONSTRAINT template_version_check CHECK ((version >= 1))
);
CREATE TABLE public.template_choice (
    template_id bigint NOT NULL,
    field bigint NOT NULL,
    "position" bigint NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.template_field (
    template_id bigint NOT NULL,
    "position" bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C",
    field_type bigint NOT NULL,
    required bigint NOT NULL,
    min_length bigint,
    max_length bigint,
    pattern text COLLATE pg_catalog."C",
    default_value text COLLATE pg_catalog."C",
    CONSTRAINT template_field_required_check CHECK ((required = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);
CREATE TABLE public.value (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE ONLY public.batch_mark
    ADD CONSTRAINT batch_mark_pkey PRIMARY KEY (batcher);
ALTER TABLE ONLY public.charge
    ADD CONSTRAINT charge_pkey PRIMARY KEY (payment_id);
ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_dialect_slot_print_key UNIQUE (dialect, slot, print);
ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (link_id, "position");
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.id_block
    ADD CONSTRAINT id_block_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (merchant_id, key_hash);
ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (kind, subject);
ALTER TABLE ONLY public.link_edit
    ADD CONSTRAINT link_edit_pkey PRIMARY KEY (link_id, number);
ALTER TABLE ONLY public.link_instalment
    ADD CONSTRAINT link_instalment_pkey PRIMARY KEY (link_id, "position");
ALTER TABLE ONLY public.link_invoice
    ADD CONSTRAINT link_invoice_pkey PRIMARY KEY (link_id);
ALTER TABLE ONLY public.link_line
    ADD CONSTRAINT link_line_pkey PRIMARY KEY (link_id, "position");
ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.link_reference
    ADD CONSTRAINT link_reference_pkey PRIMARY KEY (dialect, kind, merchant_id, value);
ALTER TABLE ONLY public.link_split
    ADD CONSTRAINT link_split_pkey PRIMARY KEY (link_id, "position");
ALTER TABLE ONLY public.link_tax
    ADD CONSTRAINT link_tax_pkey PRIMARY KEY (link_id, line, "position");
ALTER TABLE ONLY public.link_text
    ADD CONSTRAINT link_text_pkey PRIMARY KEY (link_id, kind, "position");
ALTER TABLE ONLY public.merchant_block
    ADD CONSTRAINT merchant_block_pkey PRIMARY KEY (merchant_id, kind, "position");
ALTER TABLE ONLY public.merchant_fee
    ADD CONSTRAINT merchant_fee_pkey PRIMARY KEY (merchant_id, "position");
ALTER TABLE ONLY public.merchant
    ADD CONSTRAINT merchant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.merchant_setting
    ADD CONSTRAINT merchant_setting_pkey PRIMARY KEY (merchant_id, "position");
ALTER TABLE ONLY public.merchant
    ADD CONSTRAINT merchant_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.merchant_text
    ADD CONSTRAINT merchant_text_pkey PRIMARY KEY (merchant_id, kind, "position");
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.obligation
    ADD CONSTRAINT obligation_merchant_id_name_key UNIQUE (merchant_id, name);
ALTER TABLE ONLY public.obligation
    ADD CONSTRAINT obligation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.one_time_code
    ADD CONSTRAINT one_time_code_pkey PRIMARY KEY (link_id);
ALTER TABLE ONLY public.pace
    ADD CONSTRAINT pace_pkey PRIMARY KEY (merchant_id, mobile);
ALTER TABLE ONLY public.payback
    ADD CONSTRAINT payback_pkey PRIMARY KEY (refund_id);
ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.refinery_schema_history
    ADD CONSTRAINT refinery_schema_history_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.seal_head
    ADD CONSTRAINT seal_head_pkey PRIMARY KEY (seal_id, link_id);
ALTER TABLE ONLY public.seal
    ADD CONSTRAINT seal_merchant_id_number_key UNIQUE (merchant_id, number);
ALTER TABLE ONLY public.seal
    ADD CONSTRAINT seal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.split_part
    ADD CONSTRAINT split_part_pkey PRIMARY KEY (link_id, payment_id, "position");
ALTER TABLE ONLY public.split_refund
    ADD CONSTRAINT split_refund_pkey PRIMARY KEY (link_id, refund_id, "position");
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_pkey PRIMARY KEY (link_id, "position");
ALTER TABLE ONLY public.template_choice
    ADD CONSTRAINT template_choice_pkey PRIMARY KEY (template_id, field, "position");
ALTER TABLE ONLY public.template_field
    ADD CONSTRAINT template_field_pkey PRIMARY KEY (template_id, "position");
ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_merchant_id_kind_number_version_key UNIQUE (merchant_id, kind, number, version);
ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.value
    ADD CONSTRAINT value_pkey PRIMARY KEY (name);
CREATE INDEX credential_by_merchant ON public.credential USING btree (merchant_id);
CREATE INDEX customer_by_email ON public.customer USING btree (email_index) WHERE (email_index IS NOT NULL);
CREATE INDEX customer_by_mobile ON public.customer USING btree (mobile_index) WHERE (mobile_index IS NOT NULL);
CREATE INDEX customer_by_name ON public.customer USING btree (merchant_id, name_index) WHERE (name_index IS NOT NULL);
CREATE INDEX delivery_by_link ON public.delivery USING btree (link_id);
CREATE INDEX entry_by_child ON public.entry USING btree (child_id, link_id, booked_at) WHERE (child_id IS NOT NULL);
CREATE INDEX entry_by_merchant ON public.entry USING btree (merchant_id, booked_at, link_id, "position");
CREATE UNIQUE INDEX event_by_link ON public.event USING btree (link_id, number);
CREATE INDEX event_by_merchant ON public.event USING btree (merchant_id, happened_at, number, id);
CREATE INDEX job_by_due ON public.job USING btree (due_at);
CREATE INDEX link_by_customer ON public.link USING btree (customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX link_by_merchant ON public.link USING btree (merchant_id, created_at, id);
CREATE INDEX link_by_obligation ON public.link USING btree (obligation_id) WHERE (obligation_id IS NOT NULL);
CREATE INDEX link_reference_by_link ON public.link_reference USING btree (link_id);
CREATE INDEX link_text_by_order_id ON public.link_text USING btree (value, link_id) WHERE (kind = 8);
CREATE INDEX link_text_by_request ON public.link_text USING btree (value, link_id) WHERE (kind = 6);
CREATE INDEX link_unsealed ON public.link USING btree (merchant_id) WHERE (chain_count > sealed_count);
CREATE UNIQUE INDEX merchant_setting_identity ON public.merchant_setting USING btree (dialect, name, value) WHERE (identifies = 1);
CREATE INDEX message_by_customer ON public.message USING btree (customer_id);
CREATE UNIQUE INDEX message_by_event ON public.message USING btree (event_id) WHERE (event_id IS NOT NULL);
CREATE INDEX message_by_resend ON public.message USING btree (link_id, resend) WHERE (resend > 0);
CREATE INDEX payment_by_link ON public.payment USING btree (link_id, created_at);
CREATE UNIQUE INDEX payment_by_rail ON public.payment USING btree (merchant_id, rail, rail_account, rail_reference) WHERE (rail_reference IS NOT NULL);
CREATE UNIQUE INDEX payment_by_token ON public.payment USING btree (link_id, attempt_token) WHERE (attempt_token IS NOT NULL);
CREATE INDEX payment_held ON public.payment USING btree (merchant_id, created_at, id) WHERE ((state = 5) AND (hold_decision IS NULL));
CREATE INDEX refund_by_link ON public.refund USING btree (link_id);
CREATE INDEX seal_head_by_link ON public.seal_head USING btree (link_id, chain_count);
CREATE TRIGGER entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.entry FOR EACH STATEMENT EXECUTE FUNCTION public.kadi_append_only();
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION public.kadi_append_only();
CREATE TRIGGER seal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.seal FOR EACH STATEMENT EXECUTE FUNCTION public.kadi_append_only();
CREATE TRIGGER seal_head_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.seal_head FOR EACH STATEMENT EXECUTE FUNCTION public.kadi_append_only();
INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (1, 'first', '2026-01-01T00:00:00Z', '10308823968093533847');
INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (2, 'money', '2026-01-01T00:00:00Z', '11038761216137789419');
INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (3, 'links', '2026-01-01T00:00:00Z', '11604622022351852935');
INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (4, 'invoices', '2026-01-01T00:00:00Z', '10886541372091793286');

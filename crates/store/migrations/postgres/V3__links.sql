-- Order ids: the links to which a merchant gave one (8 is the number of that kind of text).
CREATE INDEX link_text_by_order_id ON link_text (value, link_id) WHERE kind = 8;

SELECT id FROM shipments WHERE due < current_date

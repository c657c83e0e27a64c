"""The shop's queries."""

ORDERS = "select count(*) from orders"

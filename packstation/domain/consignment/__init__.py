"""A consignment of many cartons or pallets to a warehouse."""

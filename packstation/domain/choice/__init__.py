"""Which service a parcel goes by: filters, rules, expected cost, explained (decision 045)."""

"""Whether an order is complete and lawful for customs, before anything is bought or printed."""

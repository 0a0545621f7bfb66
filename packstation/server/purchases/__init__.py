"""Label purchases as the office sees them: accounts, what is in trouble, what people settled."""

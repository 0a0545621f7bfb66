"""The Internet Printing Protocol: messages as bytes (RFC 8010), their meaning (RFC 8011)."""

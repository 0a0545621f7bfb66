"""What is known of buyers: sealed per order, found by blind marks, forgotten by rule."""

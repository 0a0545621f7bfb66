"""A carrier on the loopback that sells, and fails by script: for tests, figures and practice."""

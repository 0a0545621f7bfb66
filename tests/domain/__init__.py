"""Tests of packstation.domain."""

"""Tests of packstation.storage."""

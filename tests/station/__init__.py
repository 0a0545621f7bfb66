"""Tests of packstation.station."""

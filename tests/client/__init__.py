"""Tests of packstation.client."""

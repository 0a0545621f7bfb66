"""Ports, framers and decoders of scales, scanners and printers, and their simulators."""

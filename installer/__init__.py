"""Installers, built and signed from one entry: installer/build.py."""

"""The Debian package: frozen in a clean chroot, so that nothing of the building machine gets in."""

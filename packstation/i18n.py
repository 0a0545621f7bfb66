"""Words by key and language, from the gettext catalogues."""

"""Set-up of a checkout: the environment, system libraries and fonts. Standard library only."""

"""A bench's disk, cut from its power at every write of the station's real database."""

"""What carriers bill beside what was predicted, parcel by parcel; pure."""

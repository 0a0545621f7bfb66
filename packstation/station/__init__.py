"""The bench as an application: routing, session, effects and sync; no Qt, no SQL, no sockets."""

"""Carriers through other people's programs: karrio in a process of its own, EasyPost by HTTP.

``worker``, ``outgoing``, ``contained`` and ``sdk`` run in the worker's process, on whatever
Python karrio is installed for, and need the standard library only. Everything else here runs on
the server and never imports karrio: importing it turns the check of certificates off for the
whole process (decision 048, docs/carriers-live.md).
"""

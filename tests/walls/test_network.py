"""Tests talk to this machine and to nobody else."""

import socket

import pytest


def test_a_connection_to_the_outside_is_refused() -> None:
    with pytest.raises(UserWarning, match=r'with host "192\.0\.2\.1"'):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_connection_to_this_machine_is_made() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()

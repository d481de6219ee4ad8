"""A mail server of our own: keeps what arrives."""

import socket

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings


class Inbox:
    """Keeps what arrives."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def settings_of_mail():
    """Name this machine as somebody's own mail server, as the one who installs it would."""
    with override_settings(MAIL_HOSTS=["127.0.0.1"]):
        yield


@pytest.fixture
def mail(settings_of_mail):
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    yield inbox, port
    server.stop()

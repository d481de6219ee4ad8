"""Which machines outside may be talked to: nobody's own network is probed from a settings page."""

import ipaddress
import socket

from django.conf import settings

from huisheng.errors import BadInputError

MAIL_PORTS = (25, 465, 587, 2525)


def mail_problem(host: str, port: int) -> str:
    """Return why no mail may go to a server, empty where it may, as far as the name tells."""
    if _is_listed(host, port):
        return ""
    if port not in MAIL_PORTS:
        ports = "、".join(str(one) for one in MAIL_PORTS)
        return f"邮件服务器的端口只能是 {ports}；别的端口要由装机的人在 HUISHENG_MAIL_HOSTS 里写明"
    try:
        inside = not ipaddress.ip_address(host).is_global
    except ValueError:
        inside = host.lower().rstrip(".") == "localhost"
    return _inside(host) if inside else ""


def connect_for_mail(host: str, port: int, timeout: float) -> socket.socket:
    """Connect to a mail server, at an address that was looked at: a name may change its mind.

    Raises:
        BadInputError: it lies inside somebody's own network, or the port is not one of mail.
        OSError: it cannot be reached.
    """
    problem = mail_problem(host, port)
    if problem:
        raise BadInputError("邮件服务器", problem, "请换成邮箱服务商的地址")
    found = [place[4][:2] for place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    places = [(str(address), int(at)) for address, at in found]
    if not _is_listed(host, port) and not all(_is_global(address) for address, _ in places):
        raise BadInputError("邮件服务器", _inside(host), "请换成邮箱服务商的地址")
    failure: OSError = ConnectionError(host)
    for place in places:
        try:
            return socket.create_connection(place, timeout)
        except OSError as error:
            failure = error
    raise failure


def _is_global(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_global and not found.is_multicast


def _is_listed(host: str, port: int) -> bool:
    return any(one in (host, f"{host}:{port}") for one in settings.MAIL_HOSTS)


def _inside(host: str) -> str:
    own = "确实是自己的邮件服务器，由装机的人在 HUISHENG_MAIL_HOSTS 里写明"
    return f"{host} 在本机或内网里，不往那里发；{own}"

"""Which IP addresses are on the public internet."""

from ipaddress import IPv6Address, ip_address, ip_network

# Named one by one, so that no version of Python decides about it.
_NOT_PUBLIC = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and where clouds tell secrets
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # protocols, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
]
# All that was ever given out. Outside are loopback, private and link-local addresses,
# multicast, and IPv4 addresses in disguise: mapped, compatible, translated (NAT64).
_GLOBAL_IPV6 = ip_network("2000::/3")


def is_public(address: str) -> bool:
    """Whether a machine with this address can be anybody's but ours.

    IPv4 addresses written as IPv6 ones are not: nobody needs them, and they have
    led past many a check.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found not in _GLOBAL_IPV6:
        return False
    return not any(found in network for network in _NOT_PUBLIC)

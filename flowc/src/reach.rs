//! Who can be reached at an address: one table for all crates that call what others name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who can be reached at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// A server of the public network.
    Everybody,
    /// The own network: 10.0.0.0/8 and the like.
    Private,
    /// This machine.
    Loopback,
    /// Nobody who has business here, such as the services of a cloud that give keys to its machines.
    Never,
}

impl Reach {
    /// The reach of an address; one of IPv4 in the clothes of IPv6 has that of the former.
    pub fn of(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => Self::of_v4(ip),
            IpAddr::V6(ip) => Self::of_v6(ip),
        }
    }

    fn of_v4(ip: Ipv4Addr) -> Self {
        let [a, b, c, d] = ip.octets();
        if ip.is_loopback() {
            Self::Loopback
        } else if matches!([a, b, c, d], [168, 63, 129, 16] | [100, 100, 100, 200]) {
            // The services of Azure and of Alibaba Cloud for their machines, in the midst of what is others' or private.
            Self::Never
        } else if ip.is_private() || (a == 100 && (64..128).contains(&b)) {
            Self::Private
        } else if ip.is_link_local()
            || ip.is_multicast()
            || ip.is_documentation()
            || a == 0
            || a >= 240
            || (a == 198 && (18..20).contains(&b))
            || (a == 192 && b == 0 && c == 0)
        {
            Self::Never
        } else {
            Self::Everybody
        }
    }

    fn of_v6(ip: Ipv6Addr) -> Self {
        match ip.segments() {
            _ if ip.is_loopback() => Self::Loopback,
            // An IPv4 address in other clothes: mapped, translated by a gateway, or tunnelled.
            [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
                Self::of_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
            }
            // That of AWS.
            [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] => Self::Never,
            [first, ..] if first & 0xfe00 == 0xfc00 => Self::Private,
            // Tunnels whose end is not to be seen, and examples, are not everybody's.
            [first, second, ..] if first & 0xe000 == 0x2000 && !(first == 0x2001 && matches!(second, 0 | 0xdb8)) => {
                Self::Everybody
            }
            // Link-local, multicast, and what is not given out.
            _ => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_address_has_its_reach() {
        let rows: [(Reach, &[&str]); 4] = [
            (
                Reach::Everybody,
                &["1.1.1.1", "100.63.0.1", "100.128.0.1", "2606:4700::1", "::ffff:1.1.1.1", "64:ff9b::101:101"],
            ),
            (
                Reach::Private,
                &[
                    "10.0.0.1",
                    "172.16.0.1",
                    "192.168.1.1",
                    "100.64.0.1",
                    "fc00::1",
                    "fd12::1",
                    "::ffff:10.0.0.1",
                    "2002:a00:1::",
                ],
            ),
            (Reach::Loopback, &["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]),
            (
                Reach::Never,
                &[
                    "169.254.169.254",
                    "168.63.129.16",
                    "100.100.100.200",
                    "fd00:ec2::254",
                    "::ffff:168.63.129.16",
                    "0.0.0.0",
                    "224.0.0.1",
                    "255.255.255.255",
                    "198.18.0.1",
                    "192.0.0.1",
                    "::",
                    "fe80::1",
                    "ff02::1",
                    "::ffff:169.254.169.254",
                    "64:ff9b::a9fe:a9fe",
                    "2002:a9fe:a9fe::",
                    "2001:0:1::",
                    "2001:db8::1",
                    "fec0::1",
                    "64:ff9b:1::1",
                    "::7f00:1",
                ],
            ),
        ];
        for (reach, addresses) in rows {
            for address in addresses {
                assert_eq!(Reach::of(address.parse().unwrap()), reach, "{address}");
            }
        }
    }
}

package com.joyoi.management.callback;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Addresses at which no web service of somebody else's is. */
final class InternalAddresses {
  /** Where clouds give out a machine's credentials, besides the link-local 169.254.169.254. */
  private static final Set<InetAddress> METADATA =
      Set.of(literal("100.100.100.200"), literal("fd00:ec2::254"));

  private InternalAddresses() {}

  /** What is wrong with an address, empty for one of another machine. */
  static Optional<String> fault(InetAddress address) {
    var inner = unwrapped(address);
    if (inner.isLoopbackAddress() || inner.isAnyLocalAddress() || isOwn(inner)) {
      return Optional.of("is this machine");
    }
    if (inner.isLinkLocalAddress()) {
      return Optional.of("is link-local");
    }
    if (inner.isMulticastAddress() || isReserved(inner)) {
      return Optional.of("is that of no single machine");
    }
    return METADATA.contains(inner)
        ? Optional.of("gives out credentials of a cloud")
        : Optional.empty();
  }

  /**
   * The IPv4 address that translators make of an IPv6 one (NAT64, 6to4, IPv4-compatible), else the
   * same. The IPv4-mapped ones are IPv4 addresses to Java.
   */
  static InetAddress unwrapped(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    var bytes = address.getAddress();
    if (startsWith(bytes, 0x20, 0x02)) {
      return ipv4(bytes, 2);
    }
    boolean isNat64 = startsWith(bytes, 0, 0x64, 0xff, 0x9b);
    boolean isCompatible = ((Inet6Address) address).isIPv4CompatibleAddress();
    boolean isOneOrNone = address.isLoopbackAddress() || address.isAnyLocalAddress();
    return isNat64 || (isCompatible && !isOneOrNone) ? ipv4(bytes, 12) : address;
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static InetAddress ipv4(byte[] bytes, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** 0.0.0.0/8 and 240.0.0.0/4, which has the broadcast address. */
  private static boolean isReserved(InetAddress address) {
    int first = address.getAddress()[0] & 0xff;
    return address instanceof Inet4Address && (first == 0 || first >= 240);
  }

  private static boolean isOwn(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  private static InetAddress literal(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(text + " is an address", e);
    }
  }
}

package ai.pediscreen.telemetry.server.alert;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Distinguishes public addresses from private ones: of this machine, of its network, or reserved.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA's registries</a>
 */
final class PublicAddresses {

  /** Base and length in bits of what is not public, beside what Java itself knows. */
  private static final List<Block> SPECIAL =
      List.of(
          Block.of("0.0.0.0", 8),
          Block.of("10.0.0.0", 8),
          Block.of("100.64.0.0", 10),
          Block.of("127.0.0.0", 8),
          Block.of("169.254.0.0", 16),
          Block.of("172.16.0.0", 12),
          Block.of("192.0.0.0", 24),
          Block.of("192.0.2.0", 24),
          Block.of("192.88.99.0", 24),
          Block.of("192.168.0.0", 16),
          Block.of("198.18.0.0", 15),
          Block.of("198.51.100.0", 24),
          Block.of("203.0.113.0", 24),
          Block.of("224.0.0.0", 3));

  /** All of IPv6 that is given to anybody, and what of it leads elsewhere. */
  private static final Block GLOBAL = Block.of("2000::", 3);

  private static final List<Block> SPECIAL_V6 =
      List.of(
          Block.of("2001::", 23),
          Block.of("2001:db8::", 32),
          Block.of("2002::", 16),
          Block.of("3fff::", 20));

  private PublicAddresses() {}

  /** Whether it is public. */
  static boolean isPublic(InetAddress address) {
    if (address instanceof Inet6Address) {
      return GLOBAL.contains(address)
          && SPECIAL_V6.stream().noneMatch(block -> block.contains(address));
    }
    return SPECIAL.stream().noneMatch(block -> block.contains(address));
  }

  private record Block(InetAddress base, int bits) {

    static Block of(String base, int bits) {
      try {
        return new Block(InetAddress.getByName(base), bits);
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(base, e);
      }
    }

    boolean contains(InetAddress address) {
      byte[] a = base.getAddress();
      byte[] b = address.getAddress();
      if (a.length != b.length) {
        return false;
      }
      int whole = bits / 8;
      if (!Arrays.equals(a, 0, whole, b, 0, whole)) {
        return false;
      }
      int rest = bits % 8;
      return rest == 0 || ((a[whole] ^ b[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }
  }
}

package ai.pediscreen.telemetry.server.cli.access;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.server.logging.LogText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Keys as a table for a terminal, without what makes them valid. */
public final class KeyTable {

  private KeyTable() {}

  /** A head and a line for each key, in columns as wide as what is in them. */
  public static List<String> lines(List<AccessKey> keys) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("KEY", "SCOPES", "CREATED", "LAST USED", "STATUS", "EVENTS/S", "ORGANISATION"));
    for (AccessKey key : keys) {
      rows.add(
          List.of(
              key.prefix(),
              scopes(key),
              time(key.createdAt()),
              key.lastUsedAt() == null ? "never" : time(key.lastUsedAt()),
              status(key),
              key.eventsPerSecond() == null ? "-" : key.eventsPerSecond().toString(),
              organisation(key)));
    }
    int last = rows.get(0).size() - 1;
    StringBuilder format = new StringBuilder();
    for (int i = 0; i < last; i++) {
      int column = i;
      int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
      format.append("%-").append(width).append("s  ");
    }
    format.append("%s");
    return rows.stream().map(row -> format.toString().formatted(row.toArray())).toList();
  }

  /** Whose it is. */
  static String organisation(AccessKey key) {
    if (key.orgId() == null) {
      return "(none)";
    }
    // A name may hold anything; a terminal should not obey it.
    return LogText.plain(key.orgId());
  }

  /** What it may do. */
  static String scopes(AccessKey key) {
    return key.scopes().stream().map(KeyScope::label).collect(Collectors.joining(","));
  }

  private static String status(AccessKey key) {
    if (key.revokedAt() != null) {
      return "revoked " + time(key.revokedAt());
    }
    if (key.expiresAt() == null) {
      return "valid";
    }
    return (key.isValidAt(Instant.now()) ? "valid until " : "expired ") + time(key.expiresAt());
  }

  /** To the second. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

package ai.pediscreen.telemetry.postgres.usage;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rows of both rollups begin with. The order is the one in which rows are written. */
public record RollupKey(RollupWidth width, String scope, Instant bucket, String modelId)
    implements Comparable<RollupKey> {

  private static final String ALL = "*";

  private static final Comparator<RollupKey> ORDER =
      Comparator.comparing(RollupKey::width)
          .thenComparing(RollupKey::scope)
          .thenComparing(RollupKey::bucket)
          .thenComparing(RollupKey::modelId);

  /** Those whose figures events of an organisation are part of. */
  static List<String> scopes(@Nullable String orgId) {
    return orgId == null ? List.of(ALL) : List.of(ALL, scope(orgId));
  }

  /** The rows of a scope that events of a minute count in, but for those too old to be kept. */
  static List<RollupKey> of(String scope, Instant minute, String modelId, Instant now) {
    List<RollupKey> keys = new ArrayList<>(RollupWidth.values().length);
    for (RollupWidth width : RollupWidth.values()) {
      Instant bucket = width.bucket(minute);
      if (!bucket.isBefore(width.keptSince(now))) {
        keys.add(new RollupKey(width, scope, bucket, modelId));
      }
    }
    return keys;
  }

  public static String scope(OrgScope org) {
    return org.orgId() == null ? ALL : scope(org.orgId());
  }

  /** The scope that a row was written under. */
  public static OrgScope org(String scope) {
    return scope.equals(ALL) ? OrgScope.all() : OrgScope.of(scope.substring(1));
  }

  /** No name of an organisation can be taken for all of them together. */
  private static String scope(String orgId) {
    return "=" + orgId;
  }

  @Override
  public int compareTo(RollupKey other) {
    return ORDER.compare(this, other);
  }
}

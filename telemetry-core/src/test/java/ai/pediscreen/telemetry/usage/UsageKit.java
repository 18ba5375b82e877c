package ai.pediscreen.telemetry.usage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the tests of {@link UsageQueriesContract} stand on. */
public abstract class UsageKit {

  /**
   * Where the adapter's clock stands. Windows end here, or later on the same UTC day, as they do in
   * a server whose clock runs; so an adapter may forget minutes and hours as its clock allows.
   */
  public static final Instant NOW = Instant.parse("2026-03-10T12:00:30.123456Z");

  /** Where the events of a test go; the same, empty at first, throughout a test. */
  protected abstract EventStore store();

  /** Answers from {@link #store}. */
  protected abstract UsageQueries queries();

  /** By what the longest tests are cut down, for an adapter that is slow to answer in tests. */
  protected int shortenedBy() {
    return 1;
  }

  final void append(EventBuilder... events) {
    append(Arrays.stream(events).map(EventBuilder::build).toList());
  }

  final void append(List<TelemetryEvent> events) {
    assertThat(store().append(OrgPermission.all(), events))
        .hasSameSizeAs(events)
        .containsOnly(Receipt.accepted());
  }

  final Overview overview(UsageRange range) {
    return queries().overview(all(range));
  }

  static UsageFilter all(UsageRange range) {
    return filter(range, null, null);
  }

  static UsageFilter filter(UsageRange range, @Nullable String orgId, @Nullable String modelId) {
    return new UsageFilter(new OrgFilter(orgId), modelId, TimeWindow.last(range, NOW));
  }
}

package ai.pediscreen.telemetry.postgres.event;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventArchiveContract;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.usage.UsageKit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresEventArchiveIT extends EventArchiveContract {

  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry TELEMETRY =
      DATABASE.open(InstantSource.fixed(UsageKit.NOW));

  @BeforeEach
  void clear() {
    DATABASE.clear();
  }

  @AfterAll
  static void close() {
    TELEMETRY.close();
  }

  @Test
  void page_endsAfterAMegabyte_butNotBeforeTheFirstEvent() {
    List<TelemetryEvent> events =
        IntStream.range(0, 10)
            .mapToObj(i -> event("e-" + i).with("x", "x".repeat(i == 9 ? 2_000_000 : 300_000)))
            .map(EventBuilder::build)
            .toList();
    TELEMETRY.events().append(OrgPermission.all(), events);
    Instant now = UsageKit.NOW;
    EventSelection all =
        new EventSelection(
            OrgFilter.all(), null, now.minus(Duration.ofDays(2)), now.plus(Duration.ofDays(2)));

    assertThat(archive().page(all, null, 50)).hasSize(4);
    assertThat(archive().page(all, events.get(8), 50)).containsExactly(events.get(9));
  }

  @Test
  void storedEventWithInvisibleCharactersInItsIds_isReadUnchanged() {
    TelemetryEvent old = event("e\u200b1").org("o\u200b2").model("m\u200b3").build();
    TELEMETRY.events().append(OrgPermission.all(), List.of(old));
    EventSelection all =
        new EventSelection(
            OrgFilter.all(),
            null,
            UsageKit.NOW.minus(Duration.ofDays(2)),
            UsageKit.NOW.plus(Duration.ofDays(2)));

    assertThat(archive().page(all, null, 50)).containsExactly(old);
  }

  @Override
  protected EventStore store() {
    return TELEMETRY.events();
  }

  @Override
  protected EventArchive archive() {
    return TELEMETRY.archive();
  }
}

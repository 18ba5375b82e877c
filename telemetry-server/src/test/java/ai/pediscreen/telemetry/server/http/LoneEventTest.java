package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.spi.EventStore;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A sender that nobody sends beside. */
final class LoneEventTest {

  private final Queue<String> threads = new ConcurrentLinkedQueue<>();
  private final EventStore store =
      events -> {
        threads.add(Thread.currentThread().getName());
        return events.stream().map(event -> Receipt.accepted()).toList();
      };

  @Test
  void event_isAppendedByTheThreadThatReadIt() {
    try (InMemoryServer server = InMemoryServer.startOverStore(store)) {
      for (int i = 0; i < 50; i++) {
        String event = HttpContract.event("e-" + i).toString();
        assertThat(
                HttpContract.send(server.uri(), "POST", "/events", BodyPublishers.ofString(event))
                    .status())
            .isEqualTo(202);
      }
    }

    assertThat(threads).hasSize(50);
    // But where the body came after its head.
    assertThat(threads).filteredOn(name -> name.startsWith("http-")).hasSizeGreaterThan(10);
  }
}

package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.server.http.stream.FileAnswers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventFilesTest extends EventFilesContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }

  @Test
  void file_isAborted_whenTheStoreFailsInTheMiddle() {
    AtomicInteger pages = new AtomicInteger();
    EventArchive failing =
        (selection, after, limit) -> {
          if (pages.incrementAndGet() > 50) {
            throw new StoreUnavailableException("gone", new IOException());
          }
          return full(limit);
        };
    try (InMemoryServer broken = InMemoryServer.startOverArchive(failing)) {
      assertThatThrownBy(() -> send(broken.uri(), "GET", "/events.csv", BodyPublishers.noBody()))
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void file_is503_whenTheStoreIsUnavailable() {
    EventArchive away =
        (selection, after, limit) -> {
          throw new StoreUnavailableException("gone", new IOException());
        };
    try (InMemoryServer server = InMemoryServer.startOverArchive(away)) {
      Answer answer = send(server.uri(), "GET", "/events.csv", BodyPublishers.noBody());

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Content-Disposition")).isEmpty();
      assertThat(answer.json().get("error_code").textValue()).isEqualTo("STORE_UNAVAILABLE");
    }
  }

  @Test
  void oneFileTooMany_is503() throws Exception {
    CountDownLatch begun = new CountDownLatch(FileAnswers.MAX_AT_ONCE);
    CountDownLatch end = new CountDownLatch(1);
    EventArchive slow =
        (selection, after, limit) -> {
          begun.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of();
        };
    try (InMemoryServer server = InMemoryServer.startOverArchive(slow)) {
      List<CompletableFuture<Answer>> reading = new ArrayList<>();
      for (int i = 0; i < FileAnswers.MAX_AT_ONCE; i++) {
        reading.add(
            CompletableFuture.supplyAsync(
                () -> send(server.uri(), "GET", "/events.csv", BodyPublishers.noBody()),
                task -> new Thread(task).start()));
      }
      begun.await();

      Answer oneMore = send(server.uri(), "GET", "/events.csv", BodyPublishers.noBody());
      end.countDown();

      assertThat(oneMore.status()).isEqualTo(503);
      assertThat(oneMore.header("Retry-After")).contains("1");
      for (CompletableFuture<Answer> answer : reading) {
        assertThat(answer.join().status()).isEqualTo(200);
      }
      assertThat(send(server.uri(), "GET", "/events.csv", BodyPublishers.noBody()).status())
          .isEqualTo(200);
    }
  }

  private static List<TelemetryEvent> full(int limit) {
    return IntStream.range(0, limit)
        .mapToObj(i -> EventBuilder.event("e-" + i).org("o".repeat(99)).build())
        .toList();
  }
}

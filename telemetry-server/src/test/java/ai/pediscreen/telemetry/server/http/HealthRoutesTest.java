package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class HealthRoutesTest {

  @Test
  @DisplayName("`/readyz` (503 with reasons)")
  void readiness_hasItsReasons() {
    List<String> reasons = new ArrayList<>(List.of("the database is away"));
    try (InMemoryServer server = InMemoryServer.startWith(() -> reasons)) {
      Answer unready = get(server, "/readyz");
      Answer head = HttpContract.send(server.uri(), "HEAD", "/readyz", BodyPublishers.noBody());
      reasons.clear();
      Answer ready = get(server, "/readyz");

      assertThat(unready.status()).isEqualTo(503);
      assertThat(unready.json())
          .isEqualTo(
              HttpContract.json("{'status':'unavailable','reasons':['the database is away']}"));
      assertThat(head.status()).isEqualTo(503);
      assertThat(ready.status()).isEqualTo(200);
      assertThat(ready.json()).isEqualTo(HttpContract.json("{'status':'ready'}"));
    }
  }

  @Test
  void hangingCheck_isAnsweredWithinTwoSeconds_andBlocksNothing() {
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger checks = new AtomicInteger();
    Readiness hanging =
        () -> {
          checks.incrementAndGet();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of();
        };
    try (InMemoryServer server = InMemoryServer.startWith(hanging)) {
      // The first request of a JVM takes half a second.
      assertThat(get(server, "/livez").status()).isEqualTo(200);
      for (int i = 0; i < 2; i++) {
        long start = System.nanoTime();
        Answer answer = get(server, "/readyz");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("reasons").get(0).textValue()).contains("did not answer");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(get(server, "/livez").status()).isEqualTo(200);
      }
      assertThat(checks).hasValue(1);
      released.countDown();
    }
  }

  @Test
  void failingCheck_isAReason() {
    Readiness failing =
        () -> {
          throw new IllegalStateException("password s3cr3t");
        };
    try (InMemoryServer server = InMemoryServer.startWith(failing)) {
      Answer answer = get(server, "/readyz");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).doesNotContain("s3cr3t");
    }
  }

  @Test
  void portInUse_isReported() {
    try (InMemoryServer server = InMemoryServer.start()) {
      int port = server.uri().getPort();

      assertThatThrownBy(() -> InMemoryServer.startAt(port))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("127.0.0.1:" + port);
    }
  }

  private static Answer get(ServerUnderTest server, String path) {
    return HttpContract.send(server.uri(), "GET", path, BodyPublishers.noBody());
  }
}

package ai.pediscreen.telemetry.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.stream.ChangeStream;
import io.javalin.Javalin;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ChangeStreamTest extends ChangeStreamContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }

  @Test
  void store_isPolledAtTheInterval_whileThereAreListeners() throws IOException {
    AtomicInteger questions = new AtomicInteger();
    ChangeStream changes =
        new ChangeStream(org -> questions.incrementAndGet(), Duration.ofSeconds(3));
    Javalin http =
        Javalin.create(
            config ->
                config.routes.get(
                    "/stream",
                    ctx -> {
                      Caller.ANYBODY.assignTo(ctx);
                      changes.listen(ctx);
                    }));
    http.start("127.0.0.1", 0);
    try (InputStream stream =
        URI.create("http://127.0.0.1:" + http.port() + "/stream").toURL().openStream()) {
      // Whoever got the first comment is listening.
      assertThat(new String(stream.readNBytes(3), UTF_8)).isEqualTo(":\n\n");
      for (int i = 0; i < 7; i++) {
        changes.tick();
      }
      assertThat(questions).hasValue(3);
    } finally {
      changes.close();
      http.stop();
    }
  }
}

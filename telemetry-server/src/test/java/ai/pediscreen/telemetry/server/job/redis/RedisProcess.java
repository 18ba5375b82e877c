package ai.pediscreen.telemetry.server.job.redis;

import ai.pediscreen.telemetry.server.Waiting;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.RedisClient;
import redis.embedded.core.ExecutableProvider;

/** A Redis in a process of its own, which the test may kill and start again on the same port. */
public final class RedisProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(20);

  private final Path directory;
  private final String program;
  private final int port;
  private Process process;

  private RedisProcess(Path directory, String program, int port) throws IOException {
    this.directory = directory;
    this.program = program;
    this.port = port;
    this.process = launch();
  }

  /** Starts a Redis that keeps nothing when it ends. */
  public static RedisProcess start(Path directory) throws IOException {
    File program = ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
    RedisProcess redis = new RedisProcess(directory, program.getAbsolutePath(), freePort());
    redis.awaitAnswer();
    return redis;
  }

  /** Where it listens. */
  public RedisUrl url() {
    return RedisUrl.parse("redis://127.0.0.1:" + port);
  }

  /** Another program's way to Redis, to be closed. */
  public RedisClient client() {
    return RedisClient.create("127.0.0.1", port);
  }

  /** {@code kill -9}. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Starts again, empty, on the same port. */
  public void restart() throws IOException {
    process = launch();
    awaitAnswer();
  }

  /** Ends it and starts it again with options; it answers soon after. */
  public void restartWith(String... options) throws IOException {
    kill();
    process = launch(options);
  }

  @Override
  public void close() {
    kill();
  }

  private Process launch(String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of(program, "--port", Integer.toString(port)));
    words.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
    words.addAll(List.of(options));
    return new ProcessBuilder(words)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("redis.log").toFile()))
        .start();
  }

  private void awaitAnswer() {
    Waiting.until(
        "Redis answers",
        START_LIMIT,
        () -> {
          try (RedisClient client = client()) {
            return client.ping().equals("PONG");
          }
        });
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

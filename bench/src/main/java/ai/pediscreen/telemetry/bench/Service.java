package ai.pediscreen.telemetry.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A program that listens on a port of this machine and answers {@code /health}. */
final class Service implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  private final Process process;
  private final Path log;
  private final int port;

  private Service(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * The packaged server, over a database that is there.
   *
   * @param directory its working directory
   * @param jvmFlags such as {@code -Xmx256m}
   * @param moreSettings beside those that say where it is
   */
  static Service server(
      Path jar,
      Path directory,
      String databaseUrl,
      List<String> jvmFlags,
      Map<String, String> moreSettings) {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(jvmFlags);
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    Map<String, String> settings = new HashMap<>(moreSettings);
    settings.put("HOST", "127.0.0.1");
    settings.put("PORT", Integer.toString(port));
    settings.put("DATABASE_URL", databaseUrl);
    return start(command, directory, settings, port);
  }

  /** The Python service that this server replaces. */
  static Service replaced(Path directory, Path folder, String python, String databaseUrl) {
    int port = freePort();
    List<String> command =
        List.of(
            python,
            "-m",
            "uvicorn",
            "app.main:app",
            "--app-dir=" + folder.toAbsolutePath(),
            "--host=127.0.0.1",
            "--port=" + port,
            "--no-access-log");
    Map<String, String> settings =
        Map.of(
            "DEBUG",
            "false",
            "DATABASE_URL",
            databaseUrl.replaceFirst("^postgresql:", "postgresql+asyncpg:"));
    return start(command, directory, settings, port);
  }

  /** {@link BareRoute}. */
  static Service bareRoute(Path directory) {
    int port = freePort();
    List<String> command =
        List.of(
            java(),
            "-cp",
            System.getProperty("java.class.path"),
            BareRoute.class.getName(),
            Integer.toString(port));
    return start(command, directory, Map.of(), port);
  }

  /** Any program, which must listen on the port. */
  static Service start(
      List<String> command, Path directory, Map<String, String> settings, int port) {
    try {
      Path log = Files.createTempFile(directory, "process", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(settings);
      Service started = new Service(builder.start(), log, port);
      started.awaitAnswer();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitAnswer() throws IOException {
    long start = System.nanoTime();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - start > START_LIMIT.toNanos()) {
        String output = Files.readString(log, StandardCharsets.UTF_8);
        close();
        throw new IllegalStateException("it did not start:\n" + output);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private boolean answers() throws IOException {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/health").toURL().openConnection();
      connection.setReadTimeout((int) START_LIMIT.toMillis());
      return connection.getResponseCode() == 200;
    } catch (ConnectException e) {
      return false;
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}

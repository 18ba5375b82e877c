package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/** The packaged jar, run as an operator runs it: {@code java -jar}, in a process of its own. */
public final class ServerProcess implements AutoCloseable {

  static final Path JAR = Path.of("target", "telemetry-server.jar").toAbsolutePath();
  private static final String DATA = "telemetry-data";
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final Process process;
  private final Path log;
  private final int port;

  /** Where the PostgreSQL would run that this server alone uses. */
  private final Optional<Path> data;

  private ServerProcess(Process process, Path log, int port, Optional<Path> data) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.data = data;
  }

  /**
   * Starts the server in a directory, whose {@code telemetry-data} it keeps, and waits until it
   * answers. The first time its data are those of a server that was started once, and stopped.
   */
  public static ServerProcess start(Path directory, int port) {
    return start(directory, Map.of(), port);
  }

  /** The same with more settings. */
  public static ServerProcess start(Path directory, Map<String, String> settings, int port) {
    Path data = directory.resolve(DATA);
    if (!settings.containsKey("DATABASE_URL") && Files.notExists(data)) {
      PreparedServer.copyData(data);
    }
    return start(directory, settings, port, command());
  }

  /** The same without any data, which it has to make. */
  static ServerProcess startFirst(Path directory, Map<String, String> settings, int port) {
    PreparedServer.linkPrograms(directory.resolve(DATA));
    return start(directory, settings, port, command());
  }

  private static ServerProcess start(
      Path directory, Map<String, String> settings, int port, List<String> command) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("PORT", Integer.toString(port));
    Optional<Path> data = Optional.of(directory.resolve(DATA));
    ServerProcess server = launch(directory, environment, port, command, data);
    Waiting.until("the server answers", START_LIMIT, server::answers);
    return server;
  }

  /** Starts the server and does not wait. A PostgreSQL that it starts is the caller's to end. */
  public static ServerProcess launch(
      Path directory, Map<String, String> environment, int port, String... arguments) {
    return launch(directory, environment, port, command(arguments), Optional.empty());
  }

  private static ServerProcess launch(
      Path directory,
      Map<String, String> environment,
      int port,
      List<String> command,
      Optional<Path> data) {
    try {
      Path log = Files.createTempFile(directory, "server", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      return new ServerProcess(builder.start(), log, port, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command line. */
  static List<String> command(String... arguments) {
    return command("-XX:SharedArchiveFile=" + PreparedServer.classes(), List.of(arguments));
  }

  private static List<String> command(String option, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Short-lived processes end before the second compiler has paid for itself.
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", option, "-jar", JAR.toString()));
    command.addAll(arguments);
    return command;
  }

  /** Runs the server in a directory until it has answered, and has its classes kept in a file. */
  static void prepare(Path directory, Path classes) throws InterruptedException {
    List<String> command = command("-XX:ArchiveClassesAtExit=" + classes, List.of());
    try (ServerProcess server = start(directory, Map.of(), freePort(), command)) {
      server.stop(START_LIMIT);
    }
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** Everything it has printed. */
  public String output() {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** {@code kill -s} with the name of a signal. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      Assertions.fail("kill -s " + name + " failed");
    }
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** {@code kill -TERM}, as an init system or Ctrl-C asks; answers how it ended. */
  public int stop(Duration limit) throws InterruptedException {
    process.destroy();
    return exitCode(limit);
  }

  public int exitCode(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      Assertions.fail("still running after " + limit + ":\n" + output());
    }
    return process.exitValue();
  }

  /** Kills it, and ends the PostgreSQL that it started and that would outlive it. */
  @Override
  public void close() {
    kill();
    data.ifPresent(Postmasters::end);
  }

  private boolean answers() {
    if (!process.isAlive()) {
      Assertions.fail("the server ended:\n" + output());
    }
    return Http.get(uri("/health")).statusCode() == 200;
  }
}

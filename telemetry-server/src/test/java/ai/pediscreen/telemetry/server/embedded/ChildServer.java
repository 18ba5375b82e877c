package ai.pediscreen.telemetry.server.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assertions;

/** A server in a JVM of its own, which the test may kill. */
final class ChildServer implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildServer(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  /** Starts it; {@code wrapper} are words to put before {@code java}. */
  static ChildServer start(Path data, Path binaries, String... wrapper) throws IOException {
    List<String> words = new ArrayList<>(List.of(wrapper));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    words.add(System.getProperty("java.class.path"));
    words.addAll(List.of(ChildServer.class.getName(), data.toString(), binaries.toString()));
    return new ChildServer(new ProcessBuilder(words).redirectErrorStream(true).start());
  }

  /** Reads until a line begins with that word and returns the rest of it. */
  String await(String word) throws IOException {
    StringBuilder before = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(word)) {
        return line.substring(word.length()).strip();
      }
      before.append(line).append('\n');
    }
    return Assertions.fail("The child ended without saying " + word + ", but:\n" + before);
  }

  long pid() {
    return process.pid();
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /**
   * Starts, commits a row, says so, and waits to be stopped. When stopped it writes another row
   * before it closes, as a server does that finishes what it accepted.
   */
  public static void main(String[] args) throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]), Path.of(args[1]));
    try (Connection connection = Database.connect(postgres)) {
      Database.execute(connection, "CREATE TABLE IF NOT EXISTS note (body text)");
      Database.execute(connection, "INSERT INTO note VALUES ('from the child')");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(postgres, connection)));
      System.out.println("RUNNING " + postgres.postmasterPid());
      new CountDownLatch(1).await();
    }
  }

  private static void finish(EmbeddedPostgres postgres, Connection open) {
    try (Connection fresh = Database.connect(postgres)) {
      Database.execute(open, "INSERT INTO note VALUES ('last, on an open connection')");
      Database.execute(fresh, "INSERT INTO note VALUES ('last, on a new connection')");
      System.out.println("FINISHED");
    } catch (SQLException e) {
      System.out.println("LOST " + e);
    }
    postgres.close();
    System.out.println("CLOSED");
  }
}

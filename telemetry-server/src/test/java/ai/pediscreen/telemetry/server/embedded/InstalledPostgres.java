package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.host.Command;
import ai.pediscreen.telemetry.server.embedded.host.Host;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL that is installed on this machine, with its client programs, which the embedded one
 * lacks. It keeps its data in a directory of a test and asks for no password.
 */
public final class InstalledPostgres implements AutoCloseable {

  private static final String ADMINISTRATOR = "administrator";
  private static final List<String> NEEDED =
      List.of("initdb", "pg_ctl", "postgres", "psql", "pg_dump", "pg_restore");

  /** Where Debian has each version in a folder of its own. */
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path data;
  private final Account account;
  private final int port;

  private InstalledPostgres(Path programs, Path data, Account account, int port) {
    this.programs = programs;
    this.data = data;
    this.account = account;
    this.port = port;
  }

  /** The folder that has all programs of one version; empty if there is none. */
  public static Optional<Path> programs() throws IOException {
    Stream<Path> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .map(Path::of);
    try (Stream<Path> versions = Files.isDirectory(DEBIAN) ? Files.list(DEBIAN) : Stream.empty()) {
      Stream<Path> newestFirst =
          versions.sorted(Comparator.reverseOrder()).map(version -> version.resolve("bin"));
      return Stream.concat(path, newestFirst)
          .filter(folder -> NEEDED.stream().map(folder::resolve).allMatch(Files::isExecutable))
          .findFirst();
    }
  }

  /** Starts one whose files are made in a directory that is empty. */
  public static InstalledPostgres start(Path programs, Path directory)
      throws IOException, InterruptedException {
    Account account = Account.of(Host.detect(), directory, programs);
    account.handOver(directory);
    InstalledPostgres postgres =
        new InstalledPostgres(programs, directory.resolve("data"), account, freePort());
    postgres.run("initdb", "--username=" + ADMINISTRATOR, "--auth=trust", "--no-sync");
    postgres.run(
        "pg_ctl",
        "start",
        "--log=" + directory.resolve("log"),
        "--options=-p "
            + postgres.port
            + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
            + " -c max_locks_per_transaction=256");
    return postgres;
  }

  /** For its administrator. */
  public String url(String database) {
    return url(ADMINISTRATOR, database);
  }

  public String url(String user, String database) {
    return "postgresql://%s@127.0.0.1:%d/%s".formatted(user, port, database);
  }

  @Override
  public void close() throws IOException {
    try {
      run("pg_ctl", "stop", "--mode=immediate");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of(programs.resolve(program).toString(), "--pgdata=" + data),
                Stream.of(arguments))
            .toList();
    Command.Result result = Command.of(account.command(command)).run();
    if (!result.succeeded()) {
      throw new IllegalStateException(program + ": " + result.output());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

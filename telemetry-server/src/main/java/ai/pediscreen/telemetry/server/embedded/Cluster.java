package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.host.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one PostgreSQL: data, password and log, in a directory that appears whole or not at
 * all.
 *
 * @param home the directory, as a real path
 * @param password of the superuser; generated, so that other users of this machine, who reach the
 *     loopback interface as well, stay outside
 */
public record Cluster(Path home, String password) {
  /** The superuser, whom this package alone connects as. */
  static final String ADMINISTRATOR = "telemetry";

  /**
   * Iterations make each guess of a password dearer. Those of this cluster have 256 random bits and
   * cannot be guessed, while each new connection would pay for the iterations.
   */
  static final int SCRAM_ITERATIONS = 1;

  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
  private static final String MAC = "HmacSHA256";
  private static final String UNFINISHED = ".postgres-unfinished-";

  /** The password of {@link ServerRole}: made of the superuser's, which it does not tell. */
  String serverPassword() {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.US_ASCII), MAC));
      byte[] bytes = mac.doFinal(ServerRole.NAME.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + MAC, e);
    }
  }

  Path data() {
    return home.resolve("data");
  }

  Path log() {
    return home.resolve("log");
  }

  /** What the postmaster prints before it writes its log, and the cause when it doesn't start. */
  Path startLog() {
    return log().resolve("start.log");
  }

  Path postmasterFile() {
    return postmasterFileIn(home);
  }

  static Path postmasterFileIn(Path home) {
    return home.resolve("data").resolve("postmaster.pid");
  }

  public static Path homeIn(Path dataDirectory) {
    return dataDirectory.resolve("postgres");
  }

  /** The cluster in a data directory whose lock is held, made if there is none. */
  static Cluster openOrCreate(Path dataDirectory, PostgresBinaries binaries, Account account)
      throws IOException, InterruptedException {
    removeUnfinished(dataDirectory);
    Path home = homeIn(dataDirectory);
    if (Files.notExists(home)) {
      create(dataDirectory, unfinished -> initialize(unfinished, binaries, account));
    }
    Path password = passwordIn(home);
    if (Files.notExists(home.resolve("data").resolve("PG_VERSION")) || Files.notExists(password)) {
      throw new EmbeddedPostgresException(
          home
              + " lacks data/PG_VERSION or password, so it is not this server's data. Nothing was"
              + " changed. Restore it, or move it away to start empty.");
    }
    return openedIn(home);
  }

  /** The cluster in its directory, which is known to be whole. */
  static Cluster openedIn(Path home) throws IOException {
    return new Cluster(home, Files.readString(passwordIn(home), StandardCharsets.US_ASCII).strip());
  }

  private static Path passwordIn(Path home) {
    return home.resolve("password");
  }

  /** Makes the files of a cluster in a directory that is empty yet. */
  public interface Filling {
    void fill(Path home) throws IOException, InterruptedException;
  }

  /** Makes a cluster in a data directory whose lock is held and that has none. */
  public static void create(Path dataDirectory, Filling filling)
      throws IOException, InterruptedException {
    Path unfinished = Files.createTempDirectory(dataDirectory, UNFINISHED);
    try {
      filling.fill(unfinished);
      Directories.force(unfinished);
      Files.move(unfinished, homeIn(dataDirectory), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      // Renamed by now, if all went well.
      Directories.delete(unfinished);
    }
    Directories.force(dataDirectory);
  }

  private static void initialize(Path home, PostgresBinaries binaries, Account account)
      throws IOException, InterruptedException {
    Cluster cluster = new Cluster(home, newPassword());
    Directories.createPrivate(cluster.log());
    write(passwordIn(home), cluster.password() + "\n");
    account.handOver(home);
    Command.Result initdb =
        Command.of(
                account.command(
                    List.of(
                        binaries.program("initdb"),
                        "--pgdata=" + cluster.data(),
                        "--username=" + ADMINISTRATOR,
                        "--pwfile=" + passwordIn(home),
                        "--auth=scram-sha-256",
                        "--set=scram_iterations=" + SCRAM_ITERATIONS,
                        "--encoding=UTF8",
                        // The same order and the same letters on every system, whatever its libc.
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--text-search-config=simple",
                        // Commits wait while a file of the log is made: 10 ms, of 16 MB 40.
                        "--wal-segsize=4")))
            .run();
    if (!initdb.succeeded()) {
      throw new EmbeddedPostgresException(
          "initdb failed in " + home.resolveSibling("") + ": " + lastLines(initdb.output()));
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            Directories.ownerOnly(file, "rw-------"))) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
  }

  private static String newPassword() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String lastLines(String output) {
    List<String> lines = output.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
  }

  private static void removeUnfinished(Path dataDirectory) throws IOException {
    List<Path> unfinished;
    try (Stream<Path> entries = Files.list(dataDirectory)) {
      unfinished =
          entries.filter(path -> path.getFileName().toString().startsWith(UNFINISHED)).toList();
    }
    for (Path directory : unfinished) {
      try {
        Directories.delete(directory);
      } catch (IOException e) {
        // The initdb of a server killed a moment ago may still be writing; the next start removes
        // it.
        LOG.debug("Cannot remove {} yet", directory, e);
      }
    }
  }

  @Override
  public String toString() {
    return "Cluster[" + home + "]";
  }
}

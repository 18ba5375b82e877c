package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.host.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL that comes with the server and keeps its data in a directory, across restarts.
 *
 * <ul>
 *   <li>Durable: {@code fsync}, {@code synchronous_commit} and {@code full_page_writes} are on.
 *       What was committed survives {@code kill -9} of this process and of PostgreSQL's.
 *   <li>Private: it listens on 127.0.0.1 alone and asks for a generated password, which lies in the
 *       data directory, readable by its owner.
 *   <li>Without more rights than it needs: a server connects as a role that is no superuser, and
 *       root runs it as an account without rights where that can enter the directory.
 *   <li>Supervised: a postmaster that dies is started again on the same port, so a connection pool
 *       stays valid. One that is merely stopped ({@code SIGSTOP}) is left alone.
 *   <li>Alone: a second server on the same directory is refused. A postmaster that a killed server
 *       left behind is stopped cleanly by the next start.
 *   <li>Out of a terminal's reach: Ctrl-C goes to this process only. It registers no shutdown hook;
 *       whoever starts it closes it, after the last statement.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

  /** Recovery after a crash reads at most some hundred megabytes of log. */
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private static final int START_ATTEMPTS = 10;

  private final DirectoryLock lock;
  private final Cluster cluster;
  private final PostmasterSupervisor supervisor;
  private final int port;

  private EmbeddedPostgres(
      DirectoryLock lock, Cluster cluster, PostmasterSupervisor supervisor, int port) {
    this.lock = lock;
    this.cluster = cluster;
    this.supervisor = supervisor;
    this.port = port;
  }

  /**
   * Starts PostgreSQL and returns when it takes connections. The first start in a directory unpacks
   * the programs and creates the files, which takes some seconds more.
   *
   * @param dataDirectory where everything is kept; created if missing, for its owner alone
   * @throws EmbeddedPostgresException when another server uses the directory, this system has no
   *     fitting binaries, or PostgreSQL refuses; the message says which
   */
  public static EmbeddedPostgres start(Path dataDirectory) {
    return start(dataDirectory, dataDirectory);
  }

  /**
   * Starts PostgreSQL with the programs unpacked elsewhere, so that several data directories share
   * them.
   *
   * @param dataDirectory where the data are kept; created if missing, for its owner alone
   * @param binariesDirectory where the programs are unpacked at the first use; nobody else should
   *     be able to write there
   * @throws EmbeddedPostgresException as {@link #start(Path)}
   */
  public static EmbeddedPostgres start(Path dataDirectory, Path binariesDirectory) {
    try {
      return start(dataDirectory, binariesDirectory, Host.detect());
    } catch (ClosedByInterruptException | InterruptedException e) {
      throw stopped(dataDirectory, e);
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "Cannot start the embedded PostgreSQL in " + dataDirectory + ": " + e, e);
    } catch (UncheckedIOException e) {
      // Thrown by a stream of files.
      if (e.getCause() instanceof ClosedByInterruptException) {
        throw stopped(dataDirectory, e);
      }
      throw e;
    }
  }

  private static EmbeddedPostgresException stopped(Path dataDirectory, Exception cause) {
    Thread.currentThread().interrupt();
    return new EmbeddedPostgresException(
        "stopped while the embedded PostgreSQL started in " + dataDirectory, cause);
  }

  static EmbeddedPostgres start(Path dataDirectory, Path binariesDirectory, Host host)
      throws IOException, InterruptedException {
    Path directory = Directories.createWritable(dataDirectory);
    DirectoryLock lock = DirectoryLock.acquire(directory);
    boolean started = false;
    try {
      LOG.info(
          hasDataIn(directory)
              ? "starting PostgreSQL on the data in {} …"
              : "starting PostgreSQL in {} (the first start: unpacking it, which takes longer) …",
          directory);
      PostgresBinaries binaries = PostgresBinaries.unpackedIn(binariesDirectory);
      Path programs = binariesDirectory.toRealPath();
      Account account = Account.of(host, directory, programs);
      account.open(programs);
      Cluster cluster = Cluster.openOrCreate(directory, binaries, account);
      PostmasterLauncher launcher = new PostmasterLauncher(host, account, binaries, cluster);
      EmbeddedPostgres postgres = firstStart(lock, cluster, launcher);
      postgres.supervisor.start();
      started = true;
      return postgres;
    } finally {
      if (!started) {
        lock.close();
      }
    }
  }

  private static EmbeddedPostgres firstStart(
      DirectoryLock lock, Cluster cluster, PostmasterLauncher launcher)
      throws IOException, InterruptedException {
    Duration pause = Duration.ZERO;
    for (int attempt = 1; ; attempt++) {
      Thread.sleep(pause.toMillis());
      pause = PostmasterSupervisor.longer(pause);
      launcher.clearLeftovers();
      Instant since = Instant.now();
      int port = PostmasterLauncher.freePort();
      Postmaster postmaster = launcher.launch(port);
      boolean ready = false;
      try {
        ready = postmaster.awaitReady(cluster, START_LIMIT);
      } finally {
        if (!ready) {
          postmaster.stop(PostmasterSupervisor.FAST_STOP, PostmasterSupervisor.IMMEDIATE_STOP);
        }
      }
      if (ready) {
        ensureServerRole(jdbcUrl(port), cluster, postmaster);
        return new EmbeddedPostgres(
            lock, cluster, new PostmasterSupervisor(cluster, launcher, postmaster, port), port);
      }
      String complaint = launcher.complaint(since);
      if (attempt == START_ATTEMPTS || !isPassing(complaint)) {
        throw new EmbeddedPostgresException(
            "PostgreSQL does not start in "
                + cluster.home()
                + " ("
                + postmaster.end()
                + "):\n"
                + complaint
                + "\nIts log is in "
                + cluster.log());
      }
    }
  }

  private static void ensureServerRole(String jdbcUrl, Cluster cluster, Postmaster postmaster)
      throws IOException, InterruptedException {
    boolean ensured = false;
    try {
      ServerRole.ensure(jdbcUrl, cluster);
      ensured = true;
    } finally {
      if (!ensured) {
        postmaster.stop(PostmasterSupervisor.FAST_STOP, PostmasterSupervisor.IMMEDIATE_STOP);
      }
    }
  }

  /** Whether another attempt can help: the port was taken, or a predecessor is not quite gone. */
  private static boolean isPassing(String complaint) {
    return complaint.contains("could not bind")
        || complaint.contains("could not create any TCP/IP sockets")
        || complaint.contains("is still in use")
        || complaint.contains("\"postmaster.pid\" already exists");
  }

  /** How to reach a PostgreSQL that another process runs; the password is a secret. */
  public record Access(String jdbcUrl, String username, String password) {
    @Override
    public String toString() {
      return jdbcUrl;
    }
  }

  /**
   * How to reach the PostgreSQL that another server runs in a directory, for as long as that server
   * lets it run. Waits for one that is starting.
   *
   * @return empty if no server uses the directory
   * @throws EmbeddedPostgresException if one does, and its PostgreSQL cannot be reached from here
   */
  public static Optional<Access> runningIn(Path dataDirectory) {
    return RunningCluster.in(dataDirectory)
        .map(
            found ->
                new Access(
                    jdbcUrl(found.port()), ServerRole.NAME, found.cluster().serverPassword()));
  }

  /** The same as its superuser. */
  public static Optional<Access> administratorRunningIn(Path dataDirectory) {
    return RunningCluster.in(dataDirectory)
        .map(
            found ->
                new Access(
                    jdbcUrl(found.port()), Cluster.ADMINISTRATOR, found.cluster().password()));
  }

  /** Whether a server has kept anything in a directory. Nothing is started or made. */
  public static boolean hasDataIn(Path dataDirectory) {
    return Files.exists(Cluster.homeIn(dataDirectory));
  }

  private static String jdbcUrl(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** The URL for the JDBC driver, without role and password; stays the same until closed. */
  public String jdbcUrl() {
    return jdbcUrl(port);
  }

  /** The role to connect as; it owns the database and all that is in it, and is no superuser. */
  public String username() {
    return ServerRole.NAME;
  }

  /** The role's password, which is another in each directory. A secret. */
  public String password() {
    return cluster.serverPassword();
  }

  /** How to reach it as its superuser: for what no server needs. */
  public Access administrator() {
    return new Access(jdbcUrl(), Cluster.ADMINISTRATOR, cluster.password());
  }

  /** The directory of PostgreSQL's own log. */
  public Path logDirectory() {
    return cluster.log();
  }

  /** The process id of the postmaster, which changes when it is started again. */
  long postmasterPid() {
    return supervisor.postmasterPid();
  }

  /**
   * Stops PostgreSQL: ends its sessions, writes everything, and gives the directory free. Takes at
   * most about eight seconds; a PostgreSQL that needs longer is stopped by force; the next start
   * then needs a recovery, and nothing is lost. Closing again does nothing.
   */
  @Override
  public synchronized void close() {
    if (supervisor.isClosed()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      supervisor.close();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      try {
        lock.close();
      } catch (IOException e) {
        LOG.warn("Cannot release the lock of {}", cluster.home(), e);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String toString() {
    return "EmbeddedPostgres[" + cluster.home() + ", " + jdbcUrl() + "]";
  }
}

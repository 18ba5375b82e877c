package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.host.Command;
import ai.pediscreen.telemetry.server.embedded.host.Host;
import ai.pediscreen.telemetry.server.embedded.process.PostmasterFile;
import ai.pediscreen.telemetry.server.embedded.process.ServerLog;
import ai.pediscreen.telemetry.server.embedded.process.ServerProcesses;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts postmasters on one cluster, one after the other, each after its predecessor is gone. */
final class PostmasterLauncher {
  private static final Logger LOG = LoggerFactory.getLogger(PostmasterLauncher.class);

  /**
   * Given on the command line, where neither ALTER SYSTEM nor an edited file gets past them, and
   * where a new version's values reach old data. No value holds a blank: pg_ctl splits at those.
   */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          "password_encryption=scram-sha-256",
          "scram_iterations=" + Cluster.SCRAM_ITERATIONS,
          "max_connections=100",
          // A statement over all days locks each partition and its indexes.
          "max_locks_per_transaction=256",
          "shared_buffers=256MB",
          // Ids of events are random, so after each checkpoint nearly every page of their index is
          // written to the log whole. Fewer checkpoints, less log; a crash is still over in
          // seconds.
          "max_wal_size=2GB",
          "checkpoint_timeout=15min",
          // PostgreSQL's own default, whatever the size of a file of the log.
          "min_wal_size=80MB",
          // What waits to be folded lives for a second, and every question reads its whole table.
          "autovacuum_naptime=5s",
          "jit=off",
          "timezone=UTC",
          "lc_messages=C",
          "cluster_name=pediscreen-telemetry",
          // A week of daily files. Terse and without statements: values of events stay out of it.
          "logging_collector=on",
          "log_directory=../log",
          "log_filename=postgresql-%a.log",
          "log_rotation_age=1d",
          "log_rotation_size=0",
          "log_truncate_on_rotation=on",
          "log_timezone=UTC",
          "log_checkpoints=off",
          "log_error_verbosity=terse",
          "log_min_error_statement=panic");

  /** Opens the file with the account's rights: in a directory of its own root must not write. */
  private static final List<String> OUTPUT_TO =
      List.of("sh", "-c", "exec >\"$0\" 2>&1 && exec \"$@\"");

  private static final Duration FAST = Duration.ofSeconds(30);
  private static final Duration IMMEDIATE = Duration.ofSeconds(5);

  /** How long orphans of a dead postmaster may finish what they do. */
  private static final Duration ORPHANS = Duration.ofSeconds(3);

  /*
   * Below the range from which systems take ports for outgoing connections: in there, a pool that
   * keeps knocking while PostgreSQL restarts would sooner or later be given the very port it
   * knocks at, connect to itself and keep PostgreSQL out.
   */
  private static final int LOWEST_PORT = 20_000;
  private static final int HIGHEST_PORT = 31_999;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final Host host;
  private final Account account;
  private final PostgresBinaries binaries;
  private final Cluster cluster;
  private final Signals signals;
  private final ServerProcesses processes;

  PostmasterLauncher(Host host, Account account, PostgresBinaries binaries, Cluster cluster) {
    this.host = host;
    this.account = account;
    this.binaries = binaries;
    this.cluster = cluster;
    this.signals = new Signals(host, binaries);
    this.processes = new ServerProcesses(cluster.data());
  }

  /**
   * Stops a postmaster that another server left, waits for the orphans of a dead one, and removes a
   * {@code postmaster.pid} whose number now belongs to a process of another kind: PostgreSQL would
   * take that one for a postmaster and refuse to start for as long as it lives. Call it with the
   * lock of the data directory held.
   */
  void clearLeftovers() throws IOException, InterruptedException {
    Optional<PostmasterFile> file = PostmasterFile.read(cluster.postmasterFile());
    if (file.isPresent() && processes.isPostmaster(file.get())) {
      LOG.info("Stopping the PostgreSQL (pid {}) of a server that was killed", file.get().pid());
      PostmasterFile found = file.get();
      Postmaster.stranger(found.pid(), () -> processes.isPostmaster(found), signals)
          .stop(FAST, IMMEDIATE);
    }
    awaitOrphans();
    Optional<PostmasterFile> left = PostmasterFile.read(cluster.postmasterFile());
    if (left.isPresent()
        && !processes.isPostmaster(left.get())
        && ProcessHandle.of(left.get().pid()).map(ProcessHandle::isAlive).orElse(false)) {
      LOG.info(
          "Removing a stale {}: process {} is no postmaster of this directory",
          cluster.postmasterFile(),
          left.get().pid());
      Files.deleteIfExists(cluster.postmasterFile());
    }
  }

  /*
   * Backends notice the death of their postmaster within moments unless they are busy with a
   * statement or stopped. As long as one lives, PostgreSQL refuses to start; to end it by force is
   * what a crash would have done, and the log recovers from it.
   */
  private void awaitOrphans() throws IOException, InterruptedException {
    if (processesGone(ORPHANS)) {
      return;
    }
    for (long pid : processes.all()) {
      LOG.info("Ending process {} of a PostgreSQL whose postmaster is dead", pid);
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    processesGone(IMMEDIATE);
  }

  private boolean processesGone(Duration limit) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!processes.all().isEmpty()) {
      if (System.nanoTime() - start >= limit.toNanos()) {
        return false;
      }
      Thread.sleep(20);
    }
    return true;
  }

  /** Starts a postmaster; it need not be ready yet when this returns. */
  Postmaster launch(int port) throws IOException, InterruptedException {
    account.adopt(cluster.home());
    List<String> options = new ArrayList<>(List.of("-p", Integer.toString(port)));
    for (String setting : SETTINGS) {
      options.add("-c");
      options.add(setting);
    }
    return host.sessions() ? launchChild(options) : launchDetached(options);
  }

  /*
   * In a session of its own: Ctrl-C in a terminal signals the whole foreground group, and SIGINT
   * means fast shutdown to PostgreSQL while the server still finishes what it accepted. Neither
   * sh nor setsid nor unshare nor setpriv forks here, so that the child is the postmaster itself.
   */
  private Postmaster launchChild(List<String> options) throws IOException {
    List<String> words = new ArrayList<>(OUTPUT_TO);
    words.add(cluster.startLog().toString());
    words.addAll(List.of("setsid", binaries.program("postgres"), "-D", cluster.data().toString()));
    words.addAll(options);
    Process process =
        Command.of(account.command(words))
            .builder()
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return Postmaster.child(process, signals);
  }

  /** Where there is no setsid: pg_ctl detaches too, but the postmaster is no child then. */
  private Postmaster launchDetached(List<String> options) throws IOException, InterruptedException {
    Files.deleteIfExists(cluster.startLog());
    Command.Result started =
        Command.of(
                account.command(
                    List.of(
                        binaries.program("pg_ctl"),
                        "start",
                        "--wait",
                        "--timeout=600",
                        "--pgdata=" + cluster.data(),
                        "--log=" + cluster.startLog(),
                        "--options=" + String.join(" ", options))))
            .run();
    Optional<PostmasterFile> file = PostmasterFile.read(cluster.postmasterFile());
    if (!started.succeeded() || file.isEmpty()) {
      return Postmaster.stranger(0, () -> false, signals);
    }
    PostmasterFile found = file.get();
    return Postmaster.stranger(found.pid(), () -> processes.isPostmaster(found), signals);
  }

  /** What PostgreSQL said since then about why it cannot start. */
  String complaint(Instant since) throws IOException, InterruptedException {
    // The process that writes the log outlives the postmaster by a moment.
    processesGone(Duration.ofSeconds(1));
    return ServerLog.faultsSince(cluster.log(), since);
  }

  /** A port of loopback that nothing listens on now. */
  static int freePort() throws IOException {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int candidate = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT + 1);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), candidate));
        return candidate;
      } catch (BindException e) {
        LOG.debug("Port {} is taken", candidate, e);
      }
    }
    throw new IOException("No free port in " + LOWEST_PORT + "–" + HIGHEST_PORT);
  }
}

package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.process.PostmasterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A PostgreSQL that another server runs.
 *
 * @param port where it listens
 * @param cluster its files
 */
record RunningCluster(int port, Cluster cluster) {

  /** For the first start of that server in its directory. */
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(50);

  /**
   * The one of a directory. Waits for one that is starting.
   *
   * @return empty if no server uses the directory
   * @throws EmbeddedPostgresException if one does, and its PostgreSQL cannot be reached from here
   */
  static Optional<RunningCluster> in(Path dataDirectory) {
    try {
      if (Files.notExists(dataDirectory)) {
        return Optional.empty();
      }
      Path directory = dataDirectory.toRealPath();
      if (DirectoryLock.isFree(directory)) {
        return Optional.empty();
      }
      Path home = Cluster.homeIn(directory);
      int port = awaitPort(home);
      return Optional.of(new RunningCluster(port, Cluster.openedIn(home)));
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "A server runs on the data directory "
              + dataDirectory
              + ", and its PostgreSQL cannot be reached from here, by this user: "
              + e,
          e);
    }
  }

  private static int awaitPort(Path home) throws IOException {
    Path file = Cluster.postmasterFileIn(home);
    long start = System.nanoTime();
    while (System.nanoTime() - start < START_LIMIT.toNanos()) {
      Optional<PostmasterFile> postmaster = PostmasterFile.read(file);
      if (postmaster.isPresent() && postmaster.get().ready()) {
        return postmaster.get().port();
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new IOException("it is not ready after " + START_LIMIT.toSeconds() + " seconds");
  }
}

package ai.pediscreen.telemetry.server.doctor;

import ai.pediscreen.telemetry.server.embedded.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Space where the embedded database keeps its data. */
public final class DiskCheck {

  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long NEEDED = 100 * MIB;

  private final Path directory;

  /**
   * Checks nothing yet.
   *
   * @param directory need not exist
   */
  public DiskCheck(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /**
   * One finding. A directory in which nothing can be written is a failure, tried with a file that
   * is gone at once. Under 1 GiB free is to be looked at, under 100 MiB a failure.
   */
  public List<Finding> check() {
    String fault = Directories.whyNotWritable(directory);
    if (fault != null) {
      return List.of(new Finding(Finding.Level.FAIL, "Disk", fault, null));
    }
    try {
      return List.of(judge(Files.getFileStore(nearestThatExists()).getUsableSpace()));
    } catch (IOException e) {
      return List.of(
          Finding.warn(
              "Disk",
              "the free space at " + directory + " cannot be read (" + e + ")",
              "see that DATA_DIR can be read"));
    }
  }

  Finding judge(long freeBytes) {
    String found =
        freeBytes < GIB
            ? freeBytes / MIB + " MiB free at " + directory
            : String.format(
                Locale.ROOT, "%.1f GiB free at %s", (double) freeBytes / GIB, directory);
    String advice = "make room, lower RETENTION_DAYS, or set DATA_DIR to a larger disk";
    if (freeBytes < NEEDED) {
      return Finding.fail("Disk", found, advice);
    }
    return freeBytes < GIB ? Finding.warn("Disk", found, advice) : Finding.ok("Disk", found);
  }

  private Path nearestThatExists() {
    Path path = directory;
    while (Files.notExists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }
}

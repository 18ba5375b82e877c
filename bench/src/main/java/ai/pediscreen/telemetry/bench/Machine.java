package ai.pediscreen.telemetry.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Where and when something was measured.
 *
 * @param load of the machine in the last minute, before anything was started
 */
record Machine(
    String processor,
    int processors,
    String system,
    String fileSystem,
    String jdk,
    String postgres,
    String at,
    double load) {

  /**
   * @param directory where the data are
   */
  static Machine describe(Postgres postgres, Path directory, double load) {
    try {
      return new Machine(
          ProcFiles.line("cpuinfo", "model name\t:").orElse(System.getProperty("os.arch")),
          Runtime.getRuntime().availableProcessors(),
          System.getProperty("os.name") + " " + System.getProperty("os.version"),
          Files.getFileStore(directory).type(),
          System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
          postgres.ask("SHOW server_version")
              + ", fsync "
              + postgres.ask("SHOW fsync")
              + ", synchronous_commit "
              + postgres.ask("SHOW synchronous_commit"),
          Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
          load);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The load of the last minute; negative where that is not known. */
  static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** Time that the host gave to other machines, in hundredths of a second; NaN if not known. */
  static double stolenTicks() {
    return ProcFiles.line("stat", "cpu ")
        .map(line -> Double.parseDouble(List.of(line.split(" +")).get(7)))
        .orElse(Double.NaN);
  }

  /** One sentence. */
  String sentence() {
    return "%d processors (%s), %s, data on %s, %s, PostgreSQL %s, %s, load before %s"
        .formatted(
            processors, processor, system, fileSystem, jdk, postgres, at, Figures.number(load, 2));
  }
}

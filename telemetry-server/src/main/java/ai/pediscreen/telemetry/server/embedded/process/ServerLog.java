package ai.pediscreen.telemetry.server.embedded.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads why PostgreSQL could not start from what it wrote. */
public final class ServerLog {
  /** PostgreSQL's default prefix of a line, in UTC as the launcher asks for. */
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Pattern STAMPED = Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\d\\d:");
  private static final int MOST_LINES = 12;

  private ServerLog() {}

  /**
   * The fatal lines that were written into this directory since then; empty when there are none.
   */
  public static String faultsSince(Path directory, Instant since) throws IOException {
    String edge = STAMP.format(since);
    Instant modified = since.minusSeconds(1);
    try (Stream<Path> logs = Files.list(directory)) {
      StringBuilder faults = new StringBuilder();
      for (Path log : logs.sorted().toList()) {
        if (Files.getLastModifiedTime(log).toInstant().isAfter(modified)) {
          faultsIn(log, edge).forEach(line -> faults.append(line).append('\n'));
        }
      }
      return faults.toString().strip();
    }
  }

  private static List<String> faultsIn(Path log, String edge) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
      List<String> lines = reader.lines().filter(line -> isFaultSince(line, edge)).toList();
      return lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
    }
  }

  private static boolean isFaultSince(String line, String edge) {
    if (!STAMPED.matcher(line).find()) {
      // Said before PostgreSQL knew how to write a log, or by the system: a library is missing.
      return !line.isBlank();
    }
    return line.compareTo(edge) >= 0
        && (line.contains(" FATAL: ") || line.contains(" PANIC: ") || line.contains(" ERROR: "));
  }
}

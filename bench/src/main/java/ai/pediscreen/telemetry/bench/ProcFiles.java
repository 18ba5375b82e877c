package ai.pediscreen.telemetry.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Linux says about processes in {@code /proc}; nothing elsewhere. */
final class ProcFiles {

  private static final Path PROC = Path.of("/proc");

  /** Linux gives times in hundredths of a second to every program. */
  private static final double MILLIS_PER_TICK = 10;

  /**
   * A process's line.
   *
   * @param name of the program
   * @param own ticks on the processors
   * @param ended ticks of children that have ended
   */
  private record Stat(String name, long parent, long own, long ended) {}

  private ProcFiles() {}

  /** Time of a process on the processors; NaN where that is not known. */
  static double millis(long pid) {
    Stat stat = stat(PROC.resolve(Long.toString(pid)));
    return stat == null ? Double.NaN : stat.own * MILLIS_PER_TICK;
  }

  /** The same of a process and its children, those that have ended too. */
  static double millisWithChildren(long pid) {
    Stat stat = stat(PROC.resolve(Long.toString(pid)));
    if (stat == null) {
      return Double.NaN;
    }
    try (Stream<Path> entries = Files.list(PROC)) {
      long children =
          entries
              .filter(entry -> Character.isDigit(entry.getFileName().toString().charAt(0)))
              .map(ProcFiles::stat)
              .filter(child -> child != null && child.parent == pid)
              .mapToLong(child -> child == null ? 0 : child.own)
              .sum();
      return (stat.own + stat.ended + children) * MILLIS_PER_TICK;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The parent of a process of PostgreSQL.
   *
   * @return 0 if there is no such process here, as when the database is on another machine
   */
  static long postmasterOf(long backend) {
    Stat stat = stat(PROC.resolve(Long.toString(backend)));
    return stat != null && stat.name.startsWith("postgres") ? stat.parent : 0;
  }

  /** The first line of a file below {@code /proc} that begins so, without its beginning. */
  static Optional<String> line(String file, String beginning) {
    try {
      return Files.readAllLines(PROC.resolve(file)).stream()
          .filter(line -> line.startsWith(beginning))
          .map(line -> line.substring(beginning.length()).strip())
          .findFirst();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Stat stat(Path process) {
    String text;
    try {
      text = Files.readString(process.resolve("stat"));
    } catch (IOException e) {
      // It has ended, or this is no Linux.
      return null;
    }
    int nameEnd = text.lastIndexOf(')');
    List<String> fields = List.of(text.substring(nameEnd + 2).split(" "));
    return new Stat(
        text.substring(text.indexOf('(') + 1, nameEnd),
        Long.parseLong(fields.get(1)),
        Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12)),
        Long.parseLong(fields.get(13)) + Long.parseLong(fields.get(14)));
  }
}

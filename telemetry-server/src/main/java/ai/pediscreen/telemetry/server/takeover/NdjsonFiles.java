package ai.pediscreen.telemetry.server.takeover;

import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.server.http.ingest.EventIntake;
import ai.pediscreen.telemetry.server.http.protocol.GzipMembers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Events of NDJSON files, one after the other, gzip or not. A line that is longer than an event may
 * be is found as far as that, which suffices to refuse it.
 */
public final class NdjsonFiles implements EventSource {

  private static final int BUFFER = 64 * 1024;
  private static final List<String> ENDINGS = List.of(".ndjson", ".ndjson.gz");

  private final Deque<Path> files;
  private final long total;
  private @Nullable Counted counted;
  private @Nullable InputStream lines;
  private String name = "";
  private long line;
  private long doneBefore;

  private NdjsonFiles(Deque<Path> files, long total) {
    this.files = files;
    this.total = total;
  }

  /**
   * A file, or all files of a folder and those below it that end in .ndjson or .ndjson.gz, by name.
   *
   * @throws IOException if there is no such file, or none in the folder
   */
  public static NdjsonFiles at(Path path) throws IOException {
    Deque<Path> files = new ArrayDeque<>();
    long bytes = 0;
    if (Files.isDirectory(path)) {
      try (Stream<Path> found = Files.walk(path)) {
        files.addAll(found.filter(NdjsonFiles::isNdjson).sorted().toList());
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      if (files.isEmpty()) {
        throw new IOException("no file that ends in " + String.join(" or ", ENDINGS));
      }
    } else if (Files.exists(path)) {
      files.add(path);
    } else {
      throw new NoSuchFileException(path.toString(), null, "there is no such file");
    }
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return new NdjsonFiles(files, bytes);
  }

  /** What a stream holds, to its end. */
  public static NdjsonFiles of(InputStream stream) throws IOException {
    NdjsonFiles files = new NdjsonFiles(new ArrayDeque<>(), -1);
    files.open("standard input", stream);
    return files;
  }

  @Override
  public @Nullable Found next() throws IOException {
    while (true) {
      if (lines == null) {
        Path file = files.poll();
        if (file == null) {
          return null;
        }
        open(String.valueOf(file.getFileName()), Files.newInputStream(file));
      }
      byte[] json = nextLine();
      if (json == null) {
        closeFile();
      } else if (!isBlank(json)) {
        return new Line(name + " line " + line, json);
      }
    }
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public long done() {
    return doneBefore + (counted == null ? 0 : counted.bytes);
  }

  @Override
  public void close() throws IOException {
    files.clear();
    closeFile();
  }

  private void open(String file, InputStream stream) throws IOException {
    name = file;
    line = 0;
    counted = new Counted(stream);
    BufferedInputStream buffered = new BufferedInputStream(counted, BUFFER);
    lines =
        GzipMembers.isGzip(buffered)
            ? new BufferedInputStream(new GzipMembers(buffered), BUFFER)
            : buffered;
  }

  private void closeFile() throws IOException {
    if (lines != null) {
      lines.close();
      doneBefore = done();
      counted = null;
      lines = null;
    }
  }

  /** Without its end; null at the end of the file. */
  private byte @Nullable [] nextLine() throws IOException {
    InputStream in = lines;
    if (in == null) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try {
      int read = in.read();
      if (read < 0) {
        return null;
      }
      line++;
      while (read >= 0 && read != '\n') {
        if (bytes.size() <= EventIntake.MAX_EVENT_BYTES) {
          bytes.write(read);
        }
        read = in.read();
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IOException(name + " cannot be read on after line " + line, e);
    }
  }

  private static boolean isBlank(byte[] json) {
    for (byte one : json) {
      if (one != ' ' && one != '\t' && one != '\r') {
        return false;
      }
    }
    return true;
  }

  private static boolean isNdjson(Path path) {
    String file = String.valueOf(path.getFileName());
    return ENDINGS.stream().anyMatch(file::endsWith) && Files.isRegularFile(path);
  }

  private static final class Line implements Found {
    private final String place;
    private final byte[] json;

    Line(String place, byte[] json) {
      this.place = place;
      this.json = json;
    }

    @Override
    public String place() {
      return place;
    }

    @Override
    public @Nullable String eventId() {
      return null;
    }

    @Override
    public ScopedEvent read(EventIntake intake) {
      return intake.event(json);
    }
  }

  /** How many bytes were read of what may be compressed. */
  private static final class Counted extends FilterInputStream {
    private long bytes;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      bytes += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      bytes += Math.max(0, read);
      return read;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}

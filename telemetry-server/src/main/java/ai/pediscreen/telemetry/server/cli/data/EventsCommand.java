package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import ai.pediscreen.telemetry.server.archive.EventFiles;
import ai.pediscreen.telemetry.server.archive.EventFormat;
import ai.pediscreen.telemetry.server.assembly.Shutdown;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.cli.CommandAudit;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code events}: writes the events of some days to a file, or to standard output. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = "Write the events of some days (UTC) as CSV or NDJSON.")
public final class EventsCommand implements Runnable {

  private static final int BUFFER_BYTES = 64 * 1024;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "<day>",
      description = "First day, included.")
  private LocalDate from = LocalDate.EPOCH;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "<day>",
      description = "Last day, included.")
  private LocalDate to = LocalDate.EPOCH;

  @Option(
      names = "--format",
      defaultValue = "csv",
      paramLabel = "csv|ndjson",
      description = "csv has the fields of the contract, ndjson the whole event.")
  private EventFormat format = EventFormat.CSV;

  @Option(names = "--org", paramLabel = "<org>", description = "Of one organisation alone.")
  private @Nullable String orgId;

  @Option(names = "--model", paramLabel = "<model>", description = "Of one model alone.")
  private @Nullable String modelId;

  @Option(
      names = "--out",
      paramLabel = "<file>",
      description = "A new file; standard output without it.")
  private @Nullable Path out;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (from.isAfter(to)) {
      throw CommandLineError.of(spec, "--from must not be after --to");
    }
    if (out != null && Files.exists(out)) {
      throw CommandLineError.of(spec, out + " exists already");
    }
    CommandRunner.runOnce(this::write);
  }

  private void write(ServerConfig config) {
    OrgFilter org = orgId == null ? OrgFilter.all() : OrgFilter.of(orgId);
    try (Store store = Store.openBesideServer(config);
        OutputStream target = target()) {
      AuditSelection entered =
          AuditSelections.ofFile(
              "events." + format.extension(),
              new EventSelection(org, modelId, startOf(from), startOf(to.plusDays(1))));
      CommandAudit.enter(store.telemetry(), AuditAction.FILE_ASKED, org.orgId(), entered, 1);
      long given = 0;
      EventFiles.writeHeader(format, target);
      // On standard output are the events, so nothing is said there.
      Progress progress = out == null ? null : progress();
      for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
        Shutdown.check();
        EventSelection selection =
            new EventSelection(org, modelId, startOf(day), startOf(day.plusDays(1)));
        long events =
            EventFiles.writeEvents(store.telemetry().archive(), selection, format, target);
        given += events;
        if (progress != null) {
          progress.done(day, events, "events");
        }
      }
      CommandAudit.enter(store.telemetry(), AuditAction.FILE_GIVEN, org.orgId(), entered, given);
      if (progress != null) {
        progress.end();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the events cannot be written", e);
    }
  }

  private Progress progress() {
    return Progress.of(Help.Ansi.AUTO.enabled(), System.out, ChronoUnit.DAYS.between(from, to) + 1);
  }

  private OutputStream target() throws IOException {
    return new BufferedOutputStream(
        out == null
            ? new FileOutputStream(FileDescriptor.out)
            : Files.newOutputStream(out, StandardOpenOption.CREATE_NEW),
        BUFFER_BYTES);
  }

  private static Instant startOf(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}

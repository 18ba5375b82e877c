package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.server.assembly.Shutdown;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.cli.CommandAudit;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code aggregate}: computes days, here and now. */
@Command(
    name = "aggregate",
    mixinStandardHelpOptions = true,
    description = "Compute the aggregates of days that are over (UTC).")
public final class AggregateCommand implements Runnable {

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Days days = new Days();

  @Spec private @Nullable CommandSpec spec;

  /** One day or a range. */
  static final class Days {
    @Option(names = "--date", paramLabel = "<day>", description = "The day, such as 2026-02-01.")
    private @Nullable LocalDate date;

    @ArgGroup(exclusive = false)
    private @Nullable Range range;
  }

  /** From one day to another. */
  static final class Range {
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
  }

  @Override
  public void run() {
    LocalDate first = first();
    LocalDate last = last();
    if (first.isAfter(last)) {
      throw CommandLineError.of(spec, "--from must not be after --to");
    }
    CommandRunner.runOnce(config -> compute(config, first, last));
  }

  private void compute(ServerConfig config, LocalDate first, LocalDate last) {
    try (Store store = Store.openBesideServer(config)) {
      LocalDate today = LocalDate.ofInstant(store.telemetry().days().now(), ZoneOffset.UTC);
      if (!last.isBefore(today)) {
        throw CommandLineError.of(spec, last + " is not over yet: in UTC it is " + today);
      }
      CommandAudit.enter(
          store.telemetry(),
          AuditAction.JOB_REQUESTED,
          null,
          AuditSelection.NONE.with("from", first).with("to", last),
          1);
      DailyAggregation aggregation = new DailyAggregation(store.telemetry().days());
      Progress progress =
          Progress.of(
              Help.Ansi.AUTO.enabled(), System.out, ChronoUnit.DAYS.between(first, last) + 1);
      for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
        Shutdown.check();
        progress.done(day, aggregation.compute(day), "aggregates");
      }
      progress.end();
    }
  }

  private LocalDate first() {
    return days.range != null ? days.range.from : given();
  }

  private LocalDate last() {
    return days.range != null ? days.range.to : given();
  }

  private LocalDate given() {
    if (days.date == null) {
      throw CommandLineError.of(spec, "give --date, or --from and --to");
    }
    return days.date;
  }
}

package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.cli.CommandAudit;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.http.baseline.BaselineDocument;
import ai.pediscreen.telemetry.server.http.baseline.BaselineWarnings;
import ai.pediscreen.telemetry.server.logging.LogText;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code baseline}: sets, lists, exports and removes baselines. */
@Command(
    name = "baseline",
    mixinStandardHelpOptions = true,
    description = "Manage baselines: fixed references that a model's days are compared with.")
public final class BaselineCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  /** Which baseline. */
  static final class Which {
    @Option(names = "--name", required = true, paramLabel = "<name>", description = "Its name.")
    private String name = "";

    @Option(names = "--model", required = true, paramLabel = "<model>", description = "The model.")
    private String model = "";

    @Option(
        names = "--feature",
        paramLabel = "<pointer>",
        description = "What is compared, such as /response/confidence. Default: latency_ms.")
    private String feature = DriftRecord.LATENCY;

    @Option(
        names = "--org",
        paramLabel = "<org>",
        description = "The organisation. Default: all together.")
    private @Nullable String org;

    DriftSubject subject() {
      return new DriftSubject(new OrgScope(org), model, feature);
    }
  }

  /** What a baseline is made of: days, or one of the files. */
  static final class Source {
    @Option(names = "--from", paramLabel = "<day>", description = "First day.")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "<day>", description = "Last day.")
    private @Nullable LocalDate to;

    @Option(names = "--values", paramLabel = "<file>", description = "A number or text a line.")
    private @Nullable Path values;

    @Option(
        names = "--exported",
        paramLabel = "<file>",
        description = "What 'baseline export' or GET /baselines/<name> wrote.")
    private @Nullable Path exported;

    boolean ofDays() {
      return values == null && exported == null;
    }
  }

  @Override
  public void run() {
    throw CommandLineError.of(spec, "say what to do with baselines: set, list, export or remove");
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = {
        "Set a baseline, of stored days, of a file of values, or of one that was exported.",
        "Days after it are compared with it when they are next computed."
      })
  void set(@Mixin Which which, @Mixin Source source) {
    requireFeature(which.feature);
    List<String> warnings = new ArrayList<>();
    DriftBaseline baseline =
        CommandRunner.withStore(
            (telemetry, config) -> {
              DriftBaselines baselines = telemetry.baselines();
              DriftBaseline made = made(baselines, which, source);
              baselines.put(made);
              enter(telemetry, AuditAction.BASELINE_SET, which, made.values().values().total());
              DailyAggregateStore days = telemetry.days();
              warnings.addAll(
                  BaselineWarnings.of(
                      made.subject(),
                      config.drift().watched(),
                      days,
                      LocalDate.ofInstant(days.now(), ZoneOffset.UTC)));
              return made;
            });
    System.out.printf(
        "Baseline %s of %s has %d values.%n",
        baseline.name(), LogText.plain(which.model), baseline.values().values().total());
    warnings.forEach(warning -> System.out.printf("Note: %s.%n", warning));
  }

  private void requireFeature(String feature) {
    try {
      BaselineWarnings.requireFeature(feature);
    } catch (IllegalArgumentException e) {
      throw CommandLineError.of(spec, "--feature " + e.getMessage() + ", or latency_ms");
    }
  }

  private void requireDays(LocalDate from, LocalDate to) {
    try {
      DriftBaseline.requireDays(from, to);
    } catch (IllegalArgumentException e) {
      throw CommandLineError.of(spec, "--to " + e.getMessage());
    }
  }

  private DriftBaseline made(DriftBaselines baselines, Which which, Source source) {
    try {
      DriftSubject subject = which.subject();
      LocalDate from = source.from;
      LocalDate to = source.to;
      if (source.ofDays() && from != null && to != null && !from.isAfter(to)) {
        requireDays(from, to);
        return new DriftBaseline(
            which.name, subject, from, to, baselines.stored(subject, from, to));
      }
      if (from == null && to == null && source.values != null && source.exported == null) {
        return new DriftBaseline(
            which.name, subject, null, null, DayValues.ofValues(subject, values(source.values)));
      }
      if (from == null && to == null && source.exported != null && source.values == null) {
        return BaselineDocument.read(which.name, subject, bytes(source.exported));
      }
    } catch (IllegalArgumentException e) {
      throw CommandLineError.of(spec, String.valueOf(e.getMessage()));
    }
    throw CommandLineError.of(
        spec, "give --from and a --to that is not before it, or --values, or --exported");
  }

  private byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw CommandLineError.of(spec, "the file cannot be read: " + file);
    }
  }

  private List<Object> values(Path file) {
    try {
      List<Object> values = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        String value = line.strip();
        if (!value.isEmpty()) {
          values.add(numberOrText(value));
        }
      }
      return values;
    } catch (IOException e) {
      throw CommandLineError.of(
          spec, "the file must be readable UTF-8 text, with a number or text a line: " + file);
    }
  }

  private static Object numberOrText(String value) {
    try {
      return new BigDecimal(value);
    } catch (NumberFormatException e) {
      // Such as 13-24, an age band.
      return value;
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List all baselines.")
  void list() {
    System.out.printf(
        "%-20s  %-24s  %-30s  %-10s  %-10s  %10s  %s%n",
        "NAME", "MODEL", "FEATURE", "FROM", "TO", "VALUES", "ORGANISATION");
    for (DriftBaseline one : withBaselines(DriftBaselines::list)) {
      String org = one.subject().org().orgId();
      System.out.printf(
          "%-20s  %-24s  %-30s  %-10s  %-10s  %10d  %s%n",
          one.name(),
          LogText.plain(one.subject().modelId()),
          LogText.plain(one.subject().feature()),
          one.from() == null ? "" : one.from(),
          one.to() == null ? "" : one.to(),
          one.values().values().total(),
          org == null ? "(all)" : LogText.plain(org));
    }
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Write a baseline with its values to a file, for 'set --exported'.")
  void export(
      @Mixin Which which,
      @Option(names = "--out", required = true, paramLabel = "<file>", description = "A new file.")
          Path out) {
    DriftBaseline baseline =
        withBaselines(
            baselines ->
                baselines.list().stream()
                    .filter(one -> one.name().equals(which.name))
                    .filter(one -> one.subject().equals(which.subject()))
                    .findFirst()
                    .orElseThrow(this::unknown));
    try {
      Files.write(out, BaselineDocument.write(baseline), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw CommandLineError.of(spec, out + " exists already");
    } catch (IOException e) {
      throw CommandLineError.of(spec, "the file cannot be written: " + out);
    }
    System.out.printf(
        "%d values are in %s.%n",
        baseline.values().values().total(), LogText.plain(out.toString()));
  }

  @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove a baseline.")
  void remove(@Mixin Which which) {
    boolean removed =
        CommandRunner.withStore(
            (telemetry, config) -> {
              boolean there = telemetry.baselines().remove(which.name, which.subject());
              if (there) {
                enter(telemetry, AuditAction.BASELINE_REMOVED, which, 1);
              }
              return there;
            });
    if (!removed) {
      throw unknown();
    }
    System.out.printf("Baseline %s is removed.%n", LogText.plain(which.name));
  }

  private static void enter(
      PostgresTelemetry telemetry, AuditAction action, Which which, long count) {
    CommandAudit.enter(
        telemetry,
        action,
        which.org,
        AuditSelections.ofBaseline(which.name, which.subject()),
        count);
  }

  private static <T> T withBaselines(Function<DriftBaselines, T> work) {
    return CommandRunner.withStore((telemetry, config) -> work.apply(telemetry.baselines()));
  }

  private RuntimeException unknown() {
    return CommandLineError.of(spec, "there is no such baseline; 'baseline list' names them all");
  }
}

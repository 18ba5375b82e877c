package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of events, read from its parameters.
 *
 * @param action which figures; written in lower case, as the contract has it
 * @param filter of which events
 * @param limit how many entries of a list; {@link #NO_LIMIT} if the request does not say
 * @param compared whether the figures of the period before are asked for too
 * @param by what a series is split by; null for no split
 */
public record UsageQuery(
    Action action, UsageFilter filter, int limit, boolean compared, SeriesBy.@Nullable Part by) {

  public static final int MAX_LIMIT = 1_000;

  private static final int NO_LIMIT = 0;
  public static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_MODEL_ID_LENGTH = 256;

  /** The figures that {@code /telemetry} has. */
  enum Action {
    OVERVIEW,
    MODELS,
    ERRORS,
    FALLBACKS,
    DRIFT,
    SERIES,
    HISTORY;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Action of(@Nullable String label) {
      if (label == null) {
        return OVERVIEW;
      }
      return Arrays.stream(values())
          .filter(action -> action.label().equals(label))
          .findFirst()
          .orElseThrow(
              () ->
                  Problem.of(
                          400,
                          "UNKNOWN_ACTION",
                          "action must be one of "
                              + Arrays.stream(values())
                                  .map(Action::label)
                                  .collect(Collectors.joining(", ")))
                      .exception());
    }
  }

  /**
   * The question that {@code /telemetry} was asked.
   *
   * @throws ProblemException 400 for a parameter that is not as it must be, 403 for an organisation
   *     that the caller may not ask about
   */
  public static UsageQuery ofTelemetry(QueryParameters parameters, Caller caller, Instant now) {
    Action action = Action.of(parameters.text("action"));
    UsageFilter filter = filter(parameters, caller, window(parameters, now));
    if (action == Action.HISTORY && filter.modelId() == null) {
      throw Problem.badParameter("model_id must be given with action=history").exception();
    }
    return new UsageQuery(action, filter, limit(parameters), compared(parameters), by(parameters));
  }

  /** That of {@code from} and {@code to}, or of a range up to now. */
  private static TimeWindow window(QueryParameters parameters, Instant now) {
    Instant from = parameters.instant("from", 0);
    Instant to = parameters.instant("to", 1);
    if (from == null && to == null) {
      return TimeWindow.last(range(parameters), now);
    }
    if (from == null || parameters.text("range") != null) {
      throw Problem.badParameter("give range, or from with or without to").exception();
    }
    try {
      return TimeWindow.between(from, to == null ? now : to, now);
    } catch (IllegalArgumentException e) {
      throw Problem.badParameter(String.valueOf(e.getMessage())).exception();
    }
  }

  private static SeriesBy.@Nullable Part by(QueryParameters parameters) {
    String by = parameters.text("by");
    if (by == null) {
      return null;
    }
    return Arrays.stream(SeriesBy.Part.values())
        .filter(part -> part.label().equals(by))
        .findFirst()
        .orElseThrow(() -> Problem.badParameter("by must be " + SeriesBy.Part.names()).exception());
  }

  private static boolean compared(QueryParameters parameters) {
    String compare = parameters.text("compare");
    if (compare != null && !compare.equals("previous")) {
      throw Problem.badParameter("compare must be previous").exception();
    }
    return compare != null;
  }

  /**
   * The question that {@code /metrics_dashboard} was asked: an overview of a range, or of a window
   * in minutes.
   *
   * @throws ProblemException 400 for a parameter that is not as it must be, 403 for an organisation
   *     that the caller may not ask about
   */
  public static UsageQuery ofDashboard(QueryParameters parameters, Caller caller, Instant now) {
    int minutes = parameters.number("window", 1, (int) TimeWindow.MAX_MINUTES, 0);
    if (minutes > 0 && parameters.text("range") != null) {
      throw Problem.badParameter("range and window must not be given together").exception();
    }
    TimeWindow window =
        minutes > 0
            ? TimeWindow.lastMinutes(minutes, now)
            : TimeWindow.last(range(parameters), now);
    return new UsageQuery(
        Action.OVERVIEW, filter(parameters, caller, window), MAX_LIMIT, false, null);
  }

  /** The limit, or what holds when the request has none. */
  public int limitOr(int absent) {
    return limit == NO_LIMIT ? absent : limit;
  }

  private static UsageRange range(QueryParameters parameters) {
    String label = parameters.text("range");
    return label == null
        ? UsageRange.WEEK
        : UsageRange.ofLabel(label)
            .orElseThrow(
                () ->
                    Problem.of(400, "UNKNOWN_RANGE", "range must be one of " + UsageRange.labels())
                        .exception());
  }

  private static UsageFilter filter(QueryParameters parameters, Caller caller, TimeWindow window) {
    return new UsageFilter(org(parameters, caller), modelId(parameters), window);
  }

  /** Whose events, by the parameter {@code org_id} and by who asks. */
  public static OrgFilter org(QueryParameters parameters, Caller caller) {
    return caller.question(named(parameters, "org_id", MAX_NAME_LENGTH));
  }

  /** Which model, by the parameter {@code model_id}; null for all. */
  public static @Nullable String modelId(QueryParameters parameters) {
    return named(parameters, "model_id", MAX_MODEL_ID_LENGTH);
  }

  /** Trimmed as in an event; null where nothing is left. */
  public static @Nullable String named(QueryParameters parameters, String name, int maxLength) {
    String value = parameters.text(name, maxLength);
    String id = value == null ? "" : TelemetryEvent.trimmedId(value);
    return id.isEmpty() ? null : id;
  }

  private static int limit(QueryParameters parameters) {
    return parameters.number("limit", 1, MAX_LIMIT, NO_LIMIT);
  }
}

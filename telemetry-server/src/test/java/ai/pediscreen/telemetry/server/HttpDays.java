package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftFigures;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.Tokens;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** What {@code GET /aggregates/daily} says, read back. */
final class HttpDays {

  private HttpDays() {}

  static List<DailyAggregate> aggregates(ServerProcess server, DayFilter filter) {
    String org = filter.org().orgId();
    String path =
        "/aggregates/daily?from=%s&to=%s".formatted(filter.from(), filter.to())
            + (org == null ? "" : "&org_id=" + URLEncoder.encode(org, UTF_8));
    List<DailyAggregate> aggregates = new ArrayList<>();
    for (JsonNode row : Http.json(Http.get(server.uri(path))).withArray("/aggregates")) {
      aggregates.add(aggregate(row));
    }
    return aggregates;
  }

  private static Tokens tokens(JsonNode tokens) {
    return new Tokens(
        tokens.path("input").longValue(),
        tokens.path("cache_read").longValue(),
        tokens.path("cache_write").longValue(),
        tokens.path("output").longValue(),
        tokens.path("reasoning").longValue());
  }

  private static DailyAggregate aggregate(JsonNode row) {
    LocalDate date = LocalDate.parse(row.path("date").textValue());
    OrgScope org = new OrgScope(row.path("org_id").textValue());
    String model = row.path("model_id").textValue();
    long reference = row.path("reference_count").longValue();
    long current = row.path("current_count").longValue();
    DriftRecord drift =
        row.path("psi").isNull()
            ? null
            : new DriftRecord(
                date,
                new DriftSubject(org, model, DriftRecord.LATENCY),
                DriftReference.WEEK,
                // Other figures are not told by this route.
                new DriftFigures(
                    row.path("psi").doubleValue(),
                    reference,
                    current,
                    0,
                    null,
                    null,
                    null,
                    null,
                    0,
                    0,
                    1,
                    ""),
                DriftVerdict.valueOf(row.path("verdict").textValue()));
    return new DailyAggregate(
        date,
        org,
        model,
        row.path("calls").longValue(),
        row.path("avg_latency").decimalValue(),
        row.path("error_rate").decimalValue(),
        row.path("fallback_count").longValue(),
        row.path("p50_latency_ms").longValue(),
        row.path("p95_latency_ms").longValue(),
        row.path("p99_latency_ms").longValue(),
        row.path("cost_estimate_usd").decimalValue(),
        tokens(row.path("tokens")),
        row.path("unpriced_calls").longValue(),
        reference,
        current,
        drift);
  }
}

package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import ai.pediscreen.telemetry.usage.spi.LabelCalls;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A series by part: the ten parts with the most calls, and the rest. Each model or organisation is
 * a query of its own to the same port; adapters and providers have calls alone.
 */
final class SeriesBy {

  /** What a series can be split by. */
  enum Part {
    MODEL,
    ORG,
    ADAPTER,
    PROVIDER;

    /** All of them, in words. */
    static String names() {
      return Arrays.stream(values())
          .map(Part::label)
          .collect(Collectors.joining(", ", "one of ", ""));
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int PARTS = 10;
  private static final int MAX_ORGANISATIONS = 100;

  private final UsageQueries queries;
  private final ModelHistory history;

  SeriesBy(UsageQueries queries, ModelHistory history) {
    this.queries = queries;
    this.history = history;
  }

  ObjectNode series(UsageFilter filter, Part part) {
    return switch (part) {
      case MODEL -> parts(filter, models(filter));
      case ORG -> parts(filter, organisations(filter));
      case ADAPTER -> calls(filter, UsageLabel.Kind.ADAPTER);
      case PROVIDER -> calls(filter, UsageLabel.Kind.PROVIDER);
    };
  }

  private ObjectNode parts(UsageFilter filter, List<Named> largest) {
    List<UsagePoint> left = queries.series(filter);
    ObjectNode json = AnswerJson.object();
    json.put("step_minutes", UsageStep.of(filter.window()).length().toMinutes());
    ArrayNode groups = json.putArray("groups");
    for (Named one : largest.stream().limit(PARTS).toList()) {
      groups
          .addObject()
          .put("name", one.name())
          .set("series", UsageAnswers.series(UsageStep.HOUR, one.points()).get("series"));
      left = without(left, one.points());
    }
    // Percentiles of the rest cannot be computed from those of the parts.
    ArrayNode rest = json.putArray("rest");
    for (UsagePoint point : left) {
      rest.addObject()
          .put("time", AnswerJson.timestamp(point.time()))
          .put("calls", point.calls())
          .put("errors", point.errors())
          .put("fallbacks", point.fallbacks())
          .put("cost", AnswerJson.decimal(point.costUsd()))
          .set("tokens", AnswerJson.tokens(point.tokens()));
    }
    return json;
  }

  /** Those that name none are a part of the rest. */
  private ObjectNode calls(UsageFilter filter, UsageLabel.Kind kind) {
    List<UsagePoint> all = queries.series(filter);
    long[] left = all.stream().mapToLong(UsagePoint::calls).toArray();
    ObjectNode json = AnswerJson.object();
    json.put("step_minutes", UsageStep.of(filter.window()).length().toMinutes());
    ArrayNode groups = json.putArray("groups");
    for (LabelCalls one : history.calls(filter, kind, PARTS)) {
      ArrayNode series = groups.addObject().put("name", one.name()).putArray("series");
      for (int i = 0; i < left.length; i++) {
        long calls = one.calls().get(i);
        series.add(callsAt(all.get(i), calls));
        left[i] -= calls;
      }
    }
    ArrayNode rest = json.putArray("rest");
    for (int i = 0; i < left.length; i++) {
      // Two questions are two states of the store: an event in between must not make it negative.
      rest.add(callsAt(all.get(i), Math.max(0, left[i])));
    }
    return json;
  }

  private static ObjectNode callsAt(UsagePoint point, long calls) {
    return AnswerJson.object().put("time", AnswerJson.timestamp(point.time())).put("calls", calls);
  }

  private List<Named> models(UsageFilter filter) {
    return queries.models(filter, PARTS + 1).stream()
        .map(ModelUsage::modelId)
        .filter(modelId -> modelId != null)
        .limit(PARTS)
        .map(modelId -> named(modelId, new UsageFilter(filter.org(), modelId, filter.window())))
        .toList();
  }

  private List<Named> organisations(UsageFilter filter) {
    return queries.organisations(filter.org(), null, MAX_ORGANISATIONS).stream()
        .map(
            org ->
                named(org, new UsageFilter(OrgFilter.of(org), filter.modelId(), filter.window())))
        .filter(one -> one.calls() > 0)
        .sorted(Comparator.comparing(Named::calls).reversed())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private Named named(@Nullable String name, UsageFilter filter) {
    return new Named(String.valueOf(name), queries.series(filter));
  }

  private static List<UsagePoint> without(List<UsagePoint> all, List<UsagePoint> part) {
    List<UsagePoint> left = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      UsagePoint a = all.get(i);
      UsagePoint b = part.get(i);
      // Two questions are two states of the store: an event in between must not make it negative.
      left.add(
          new UsagePoint(
              a.time(),
              Math.max(0, a.calls() - b.calls()),
              Math.max(0, a.errors() - b.errors()),
              Math.max(0, a.fallbacks() - b.fallbacks()),
              a.costUsd().subtract(b.costUsd()).max(BigDecimal.ZERO),
              a.tokens().minus(b.tokens()),
              0,
              0,
              0));
    }
    return left;
  }

  private record Named(String name, List<UsagePoint> points) {
    long calls() {
      return points.stream().mapToLong(UsagePoint::calls).sum();
    }
  }
}

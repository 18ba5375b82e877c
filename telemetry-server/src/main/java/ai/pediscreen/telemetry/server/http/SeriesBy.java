package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A series told apart by model or by organisation: the ten with the most calls, and what is left.
 * Each part is a question of its own to the same port.
 */
final class SeriesBy {

  /** What a series can be told apart by. */
  enum Part {
    MODEL,
    ORG
  }

  private static final int PARTS = 10;
  private static final int MAX_ORGANISATIONS = 100;

  private final UsageQueries queries;

  SeriesBy(UsageQueries queries) {
    this.queries = queries;
  }

  ObjectNode series(UsageFilter filter, Part part) {
    List<UsagePoint> left = queries.series(filter);
    ObjectNode json = AnswerJson.object();
    json.put("step_minutes", UsageStep.of(filter.window()).length().toMinutes());
    ArrayNode groups = json.putArray("groups");
    List<Named> largest = part == Part.MODEL ? models(filter) : organisations(filter);
    for (Named one : largest.stream().limit(PARTS).toList()) {
      groups
          .addObject()
          .put("name", one.name())
          .set("series", UsageAnswers.series(UsageStep.HOUR, one.points()).get("series"));
      left = without(left, one.points());
    }
    // Percentiles of what is left cannot be told from those of the parts.
    ArrayNode rest = json.putArray("rest");
    for (UsagePoint point : left) {
      rest.addObject()
          .put("time", AnswerJson.timestamp(point.time()))
          .put("calls", point.calls())
          .put("errors", point.errors())
          .put("fallbacks", point.fallbacks())
          .put("cost", AnswerJson.decimal(point.costUsd()));
    }
    return json;
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
            org -> named(org, new UsageFilter(OrgScope.of(org), filter.modelId(), filter.window())))
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

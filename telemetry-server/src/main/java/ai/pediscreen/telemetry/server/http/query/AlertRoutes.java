package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.alert.Alert;
import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertDelivery;
import ai.pediscreen.telemetry.alert.AlertFigures;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.QueryLimit;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /alerts}: what is open, what was, and what has become of each message. */
public final class AlertRoutes {

  private static final int DEFAULT_LIMIT = 100;

  private final AlertStore store;
  private final Set<AlertChannel> channels;
  private final QueryLimit questions;

  public AlertRoutes(AlertStore store, Set<AlertChannel> channels, QueryLimit questions) {
    this.store = store;
    this.channels = Set.copyOf(channels);
    this.questions = questions;
  }

  public void alerts(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    int limit = parameters.number("limit", 1, UsageQuery.MAX_LIMIT, DEFAULT_LIMIT);
    ObjectNode json =
        questions.ask(() -> answer(store.figures(), store.alerts(limit), store.deliveries(limit)));
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }

  private ObjectNode answer(
      AlertFigures figures, List<Alert> alerts, List<AlertDelivery> deliveries) {
    ObjectNode json = AnswerJson.object();
    ArrayNode names = json.putArray("channels");
    channels.stream().map(AlertChannel::label).sorted().forEach(names::add);
    json.put("open", figures.open());
    json.put("waiting", figures.waiting());
    json.put("parked", figures.parked());
    ArrayNode listed = json.putArray("alerts");
    alerts.forEach(one -> listed.add(alert(one)));
    ArrayNode messages = json.putArray("messages");
    deliveries.forEach(one -> messages.add(delivery(one)));
    return json;
  }

  private static ObjectNode alert(Alert alert) {
    ObjectNode json = AnswerJson.object();
    json.put("id", alert.id().toString());
    json.put("state", alert.isOpen() ? "open" : "resolved");
    json.put("kind", alert.subject().kind().label());
    json.put("all_models", alert.subject().together());
    json.put("model_id", alert.subject().modelId());
    json.put("feature", alert.subject().feature());
    json.put("subgroup", alert.subject().subgroup());
    json.put("incident_id", alert.incident());
    json.put("value", alert.value());
    json.put("bound", alert.bound());
    json.put("text", alert.text());
    json.put("opened", AnswerJson.timestamp(alert.opened()));
    json.put("resolved", timestamp(alert.resolved()));
    return json;
  }

  private static ObjectNode delivery(AlertDelivery delivery) {
    ObjectNode json = AnswerJson.object();
    json.put("id", delivery.message().id().toString());
    json.put("alert_id", delivery.message().alert().id().toString());
    json.put("event", delivery.message().event().label());
    json.put("at", AnswerJson.timestamp(delivery.message().at()));
    json.put("channel", delivery.channel().label());
    json.put("state", state(delivery));
    json.put("attempts", delivery.attempts());
    json.put("next_try", delivery.isWaiting() ? AnswerJson.timestamp(delivery.due()) : null);
    json.put("delivered", timestamp(delivery.delivered()));
    json.put("parked", timestamp(delivery.parked()));
    json.put("failure", delivery.failure());
    return json;
  }

  private static String state(AlertDelivery delivery) {
    if (delivery.isWaiting()) {
      return "waiting";
    }
    return delivery.delivered() != null ? "delivered" : "parked";
  }

  private static @Nullable String timestamp(@Nullable Instant instant) {
    return instant == null ? null : AnswerJson.timestamp(instant);
  }
}

package ai.pediscreen.telemetry.server.alert;

import ai.pediscreen.telemetry.alert.Alert;
import ai.pediscreen.telemetry.alert.AlertMessage;
import ai.pediscreen.telemetry.server.logging.LogText;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;

/**
 * Messages in the forms that receivers read. A message is the same bytes at each try, whichever
 * server of one name sends it.
 */
final class AlertText {

  private static final JsonMapper JSON = new JsonMapper();

  private final String origin;

  /**
   * @param origin the name of this service
   */
  AlertText(String origin) {
    this.origin = origin;
  }

  /** The full message. The value of a subgroup comes from events, so it is left out. */
  byte[] json(AlertMessage message) {
    Alert alert = message.alert();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", message.id().toString());
    json.put("event", message.event().label());
    json.put("at", message.at().truncatedTo(ChronoUnit.SECONDS).toString());
    json.put("service", origin);
    json.put("alert_id", alert.id().toString());
    if (message.event() != AlertMessage.Event.TEST) {
      json.put("kind", alert.subject().kind().label());
      json.put("all_models", alert.subject().together());
      json.put("model_id", alert.subject().modelId());
      json.put("feature", alert.subject().feature());
      json.put("subgroup", alert.subject().subgroup() != null);
      json.put("incident_id", alert.incident());
      json.put("value", alert.value());
      json.put("bound", alert.bound());
      json.put("opened", alert.opened().truncatedTo(ChronoUnit.SECONDS).toString());
    }
    json.put("title", message.title());
    json.put("text", alert.text());
    return bytes(json);
  }

  /** What Slack shows as two lines. */
  byte[] slack(AlertMessage message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(
        "text",
        "*[%s] %s*\n%s"
            .formatted(escaped(origin), escaped(message.title()), escaped(message.alert().text())));
    return bytes(json);
  }

  /** One line without anything that ends it. */
  String subject(AlertMessage message) {
    return LogText.plain("[%s] %s".formatted(origin, message.title()));
  }

  /** Some lines. */
  String mail(AlertMessage message) {
    Alert alert = message.alert();
    return """
    %s

    %s

    Since    %s
    Alert    %s
    Message  %s
    """
        .formatted(
            LogText.plain(message.title()),
            LogText.plain(alert.text()),
            alert.opened().truncatedTo(ChronoUnit.SECONDS),
            alert.id(),
            message.id());
  }

  /** So that no name is taken for a link or a mention of everybody. */
  private static String escaped(String text) {
    return LogText.plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static byte[] bytes(ObjectNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree of plain nodes can always be written", e);
    }
  }
}

package ai.pediscreen.telemetry.server.http.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Answers below {@code /functions/v1}, as PediScreen's web page takes them: where its types want a
 * text or a number and there is none, stand {@code "unknown"} and 0, so that no row of a call
 * without a model is blank and no badge of a status empty. Fields that its types allow to be null
 * stay so, and so do the same answers outside of {@code /functions/v1}.
 */
final class PediScreenAnswers {

  private static final List<String> LISTS =
      List.of("/models", "/errors", "/fallbacks", "/ai_telemetry/model_breakdown");
  private static final List<String> TEXTS = List.of("model_id", "provider", "error_code");
  private static final String NO_TEXT = "unknown";
  private static final String STATUS = "status_code";

  private PediScreenAnswers() {}

  /** Fills in the entries of an answer's lists. */
  static ObjectNode filledIn(ObjectNode answer) {
    for (String list : LISTS) {
      for (JsonNode entry : answer.at(list)) {
        fillIn((ObjectNode) entry);
      }
    }
    return answer;
  }

  private static void fillIn(ObjectNode entry) {
    for (String field : TEXTS) {
      if (entry.path(field).isNull()) {
        entry.put(field, NO_TEXT);
      }
    }
    if (entry.path(STATUS).isNull()) {
      entry.put(STATUS, 0);
    }
  }
}

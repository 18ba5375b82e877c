package ai.pediscreen.telemetry.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * A field that may answer otherwise than the replaced service did, and why.
 *
 * @param reason the contract's words
 * @param questions the paths with queries that it concerns
 * @param pointers the fields that it concerns
 * @param rule what the field must be now, given what it was
 */
record AllowedDifference(
    String reason, Pattern questions, Pattern pointers, BiPredicate<JsonNode, JsonNode> rule) {

  /** A field that was not there. */
  static AllowedDifference added(String questions, String pointers) {
    return changed("added field", questions, pointers, (before, after) -> before.isMissingNode());
  }

  /** A field with a value to expect. */
  static AllowedDifference now(String reason, String questions, String pointers, String json) {
    JsonNode expected = Answer.parse(json.replace('\'', '"'));
    return changed(
        reason,
        questions,
        pointers,
        (before, after) -> JsonDifference.between(expected, after).isEmpty());
  }

  static AllowedDifference changed(
      String reason, String questions, String pointers, BiPredicate<JsonNode, JsonNode> rule) {
    return new AllowedDifference(
        reason, Pattern.compile(questions), Pattern.compile(pointers), rule);
  }

  boolean allows(String question, JsonDifference difference) {
    return questions.matcher(question).find()
        && pointers.matcher(difference.pointer()).matches()
        && rule.test(difference.before(), difference.after());
  }
}

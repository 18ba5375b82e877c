package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code openapi.json} promises, held against what the server answers. Stricter than the
 * published file in one thing: a member that it does not list is a fault, though clients must
 * expect new ones.
 */
public final class ApiDescription {

  private static final String RESOURCE = "/ai/pediscreen/telemetry/server/dashboard/openapi.json";
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
  private static final String PROBLEM = "{\"$ref\": \"#/components/schemas/Problem\"}";

  /** What any path may answer that never reached a route. */
  private static final Set<Integer> WITHOUT_ROUTE = Set.of(400, 401, 404, 405, 408, 431, 501, 503);

  private static final ApiDescription SHIPPED = new ApiDescription(shippedDocument());

  private final JsonNode document;
  private final JsonNode strictComponents;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(
          // Not part of JSON Schema, and where the references lead.
          Dialect.builder(Dialects.getDraft202012())
              .keyword(new NonValidationKeyword("components"))
              .build(),
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  ApiDescription(JsonNode document) {
    this.document = document;
    this.strictComponents = closed(document.get("components").deepCopy());
  }

  /** The description that the server serves. */
  static ApiDescription shipped() {
    return SHIPPED;
  }

  /** A copy of the document that the server serves. */
  static ObjectNode shippedDocument() {
    try (InputStream in =
        Objects.requireNonNull(ApiDescription.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return (ObjectNode) Answer.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless the answer is one that the server's description promises. */
  public static void assertDescribes(HttpResponse<?> answer, byte[] body) {
    HttpHeaders asked = answer.request().headers();
    if (asked.firstValue("Access-Control-Request-Method").isPresent()
        && answer.statusCode() == 204) {
      // The browser's own question, which no page sees.
      assertThat(body).isEmpty();
      return;
    }
    assertThat(
            SHIPPED.faults(
                asked.firstValue("X-HTTP-Method-Override").orElse(answer.request().method()),
                answer.request().uri(),
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse(null),
                answer.request().method().equals("HEAD") ? null : body))
        .as("%s %s", answer.request().method(), answer.request().uri())
        .isEmpty();
  }

  /** Method and path template of every operation, such as {@code GET /jobs/{id}}. */
  Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> item : path.getValue().properties()) {
        if (METHODS.contains(item.getKey())) {
          operations.add(item.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    return operations;
  }

  /** What is wrong with the examples, one line each. */
  List<String> faultsOfExamples() {
    List<String> faults = new ArrayList<>();
    collectExamples(document, "", faults);
    return faults;
  }

  /** How many examples there are. */
  int examples() {
    return document.findValues("example").size()
        + document.findValues("examples").stream().mapToInt(JsonNode::size).sum();
  }

  /**
   * What an answer has that is not described, one line each.
   *
   * @param body null if the answer has none, to HEAD
   */
  List<String> faults(
      String method, URI uri, int status, @Nullable String contentType, byte @Nullable [] body) {
    Optional<JsonNode> operation = operation(method, uri.getRawPath());
    if (operation.isEmpty()) {
      return WITHOUT_ROUTE.contains(status)
          ? faults(Answer.parse(PROBLEM), body)
          : List.of(status + " from a path or method that is not described");
    }
    JsonNode response = resolved(operation.get().path("responses").path(String.valueOf(status)));
    if (response.isMissingNode()) {
      return List.of("status " + status + " is not described");
    }
    if (status == 304 || body == null) {
      return List.of();
    }
    String type = contentType == null ? "" : contentType.replaceFirst(";.*", "");
    JsonNode media = response.path("content").path(type);
    if (media.isMissingNode()) {
      return List.of("content type '" + type + "' is not described for status " + status);
    }
    return type.endsWith("/json") || type.endsWith("+json")
        ? faults(media.get("schema"), body)
        : List.of();
  }

  private List<String> faults(JsonNode schema, byte @Nullable [] body) {
    return body == null
        ? List.of()
        : faults(schema, Answer.parse(new String(body, StandardCharsets.UTF_8)));
  }

  private List<String> faults(JsonNode schema, JsonNode value) {
    return schemas
        .computeIfAbsent(schema.toString(), text -> compiled(schema))
        .validate(value)
        .stream()
        .map(Error::toString)
        .toList();
  }

  private Schema compiled(JsonNode schema) {
    ObjectNode root = closed(schema.deepCopy());
    root.set("components", strictComponents);
    return registry.getSchema(root);
  }

  /** HEAD answers as GET does. */
  private Optional<JsonNode> operation(String method, String path) {
    String member = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
    return document.get("paths").properties().stream()
        .filter(entry -> matches(entry.getKey(), path))
        .map(entry -> entry.getValue().path(member))
        .filter(JsonNode::isObject)
        .findFirst();
  }

  private static boolean matches(String template, String path) {
    String[] expected = template.split("/", -1);
    String[] actual = path.split("/", -1);
    if (expected.length != actual.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (!expected[i].startsWith("{") && !expected[i].equals(actual[i])) {
        return false;
      }
    }
    return true;
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isMissingNode() ? node : document.at(reference.textValue().substring(1));
  }

  /** Every object whose members are listed has no others. */
  private static <T extends JsonNode> T closed(T schema) {
    if (schema instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    schema.forEach(ApiDescription::closed);
    return schema;
  }

  private void collectExamples(JsonNode node, String path, List<String> faults) {
    if (node.has("schema")) {
      if (node.has("example")) {
        check(node.get("schema"), node.get("example"), path + "/example", faults);
      }
      for (Map.Entry<String, JsonNode> example : node.path("examples").properties()) {
        check(
            node.get("schema"),
            example.getValue().get("value"),
            path + "/examples/" + example.getKey(),
            faults);
      }
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      collectExamples(member.getValue(), path + "/" + member.getKey(), faults);
    }
  }

  private void check(JsonNode schema, JsonNode example, String path, List<String> faults) {
    faults(schema, example).forEach(fault -> faults.add(path + ": " + fault));
  }
}

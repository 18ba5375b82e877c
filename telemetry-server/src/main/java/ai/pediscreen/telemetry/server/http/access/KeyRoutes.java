package ai.pediscreen.telemetry.server.http.access;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.BodyBytes;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.RequestBodies;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the command {@code keys} does, for a page: {@code GET /keys}, {@code POST /keys}, {@code
 * POST /keys/{prefix}/rotation} and {@code DELETE /keys/{prefix}}. A new key is in the answer that
 * made it and in no other.
 */
public final class KeyRoutes {

  private static final int MAX_REQUEST_BYTES = 4 * 1024;
  private static final int MAX_DAYS = 3_650;
  private static final int MAX_OVERLAP_DAYS = 90;
  private static final int MAX_RATE = 10_000_000;

  private static final List<String> OF_A_KEY =
      List.of("org_id", "scopes", "expires_in_days", "events_per_second");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final KeyStore keys;
  private final RequestBodies bodies;
  private final RequestAudit audit;
  private final InstantSource clock;

  public KeyRoutes(KeyStore keys, RequestBodies bodies, RequestAudit audit, InstantSource clock) {
    this.keys = keys;
    this.bodies = bodies;
    this.audit = audit;
    this.clock = clock;
  }

  /** All of them, oldest first, without what makes them valid. */
  public void list(Context ctx) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("keys");
    keys.list().forEach(key -> list.add(described(key)));
    answer(ctx, 200, json);
  }

  /** Makes one and shows it, this once. */
  public void create(Context ctx) throws EOFException {
    JsonNode wanted = body(ctx, OF_A_KEY);
    KeySecret secret = KeySecret.generate();
    AccessKey key;
    try {
      String orgId = text(wanted.path("org_id"));
      Set<KeyScope> scopes = scopes(wanted);
      Duration validFor = validFor(wanted);
      Integer rate = wholeNumber(wanted, "events_per_second", MAX_RATE);
      key =
          audit.enterWith(
              () -> keys.add(secret, orgId, scopes, validFor, rate),
              made -> act(ctx, AuditAction.KEY_CREATED, Optional.of(made), AuditSelections::ofKey));
    } catch (IllegalArgumentException e) {
      throw invalid("body", String.valueOf(e.getMessage()));
    }
    answer(ctx, 201, described(key).put("key", secret.reveal()));
  }

  /** Makes one in the place of another, which stays valid for a while. */
  public void rotate(Context ctx) throws EOFException {
    Integer days =
        wholeNumber(body(ctx, List.of("overlap_days")), "overlap_days", MAX_OVERLAP_DAYS);
    String old = ctx.pathParam("prefix");
    KeySecret next = KeySecret.generate();
    Duration overlap = Duration.ofDays(days == null ? KeyValidity.OVERLAP_DAYS : days);
    AccessKey key =
        audit
            .enterWith(
                () -> keys.rotate(old, next, overlap),
                made ->
                    act(
                        ctx,
                        AuditAction.KEY_ROTATED,
                        made,
                        k -> AuditSelections.ofRotation(old, k)))
            .orElseThrow(
                () ->
                    Problem.of(404, "NOT_FOUND", "there is no valid key of this prefix")
                        .exception());
    answer(ctx, 201, described(key).put("key", next.reveal()));
  }

  /** Makes one invalid for good. */
  public void revoke(Context ctx) {
    AccessKey key =
        audit
            .enterWith(
                () -> keys.revoke(ctx.pathParam("prefix")),
                gone -> act(ctx, AuditAction.KEY_REVOKED, gone, AuditSelections::ofKey))
            .orElseThrow(
                () -> Problem.of(404, "NOT_FOUND", "there is no key of this prefix").exception());
    answer(ctx, 200, described(key));
  }

  /** Of a key, if there was one. */
  private static Optional<AuditAct> act(
      Context ctx,
      AuditAction action,
      Optional<AccessKey> key,
      Function<AccessKey, AuditSelection> selection) {
    return key.map(one -> RequestAudit.act(ctx, action, one.orgId(), selection.apply(one), 1));
  }

  private ObjectNode described(AccessKey key) {
    ObjectNode json = AnswerJson.object().put("prefix", key.prefix()).put("org_id", key.orgId());
    ArrayNode scopes = json.putArray("scopes");
    key.scopes().forEach(scope -> scopes.add(scope.label()));
    json.put("created_at", AnswerJson.timestamp(key.createdAt()));
    json.put("expires_at", key.expiresAt() == null ? null : AnswerJson.timestamp(key.expiresAt()));
    json.put("revoked_at", key.revokedAt() == null ? null : AnswerJson.timestamp(key.revokedAt()));
    json.put("events_per_second", key.eventsPerSecond());
    json.put(
        "last_used_at", key.lastUsedAt() == null ? null : AnswerJson.timestamp(key.lastUsedAt()));
    return json.put("valid", key.isValidAt(clock.instant()));
  }

  /** With a name that is misspelt a key would be made otherwise than was meant. */
  private JsonNode body(Context ctx, List<String> fields) throws EOFException {
    try (BodyBudget.Lease lease = bodies.lease()) {
      BodyBytes body = bodies.read(ctx, lease);
      if (body.length() > MAX_REQUEST_BYTES) {
        throw Problem.of(413, "BODY_TOO_LARGE", "the body must be at most 4 KiB").exception();
      }
      JsonNode json;
      try {
        json = JSON.readTree(body.array(), 0, body.length());
      } catch (IOException e) {
        throw Problem.invalidJson("the body must be one valid JSON document").exception();
      }
      if (!json.isObject()) {
        throw invalid("body", "must be an object");
      }
      json.fieldNames()
          .forEachRemaining(
              name -> {
                if (!fields.contains(name)) {
                  throw invalid("body", "must have no fields but " + String.join(", ", fields));
                }
              });
      return json;
    }
  }

  private static @Nullable String text(JsonNode orgId) {
    if (orgId.isMissingNode() || orgId.isNull()) {
      return null;
    }
    if (!orgId.isTextual()) {
      throw invalid("org_id", "must be a text");
    }
    return orgId.textValue().isBlank() ? null : orgId.textValue().strip();
  }

  private static Set<KeyScope> scopes(JsonNode wanted) {
    Set<KeyScope> scopes = EnumSet.noneOf(KeyScope.class);
    for (JsonNode label : wanted.path("scopes")) {
      scopes.add(
          KeyScope.ofLabel(label.asText())
              .orElseThrow(() -> invalid("scopes", "must be some of " + KeyScope.labels())));
    }
    if (scopes.isEmpty()) {
      throw invalid("scopes", "must be some of " + KeyScope.labels());
    }
    return scopes;
  }

  private static @Nullable Duration validFor(JsonNode wanted) {
    if (!wanted.has("expires_in_days")) {
      return Duration.ofDays(KeyValidity.USUAL_DAYS);
    }
    Integer days = wholeNumber(wanted, "expires_in_days", MAX_DAYS);
    return days == null ? null : Duration.ofDays(days);
  }

  private static @Nullable Integer wholeNumber(JsonNode wanted, String field, int most) {
    JsonNode number = wanted.path(field);
    if (number.isMissingNode() || number.isNull()) {
      return null;
    }
    if (!number.canConvertToInt()
        || !number.isIntegralNumber()
        || number.intValue() < 1
        || number.intValue() > most) {
      throw invalid(field, "must be a whole number between 1 and " + most);
    }
    return number.intValue();
  }

  private static ProblemException invalid(String field, String rule) {
    return Problem.invalidFields(List.of(new FieldFault(field, rule))).exception();
  }

  private static void answer(Context ctx, int status, JsonNode json) {
    ctx.status(status).contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }
}

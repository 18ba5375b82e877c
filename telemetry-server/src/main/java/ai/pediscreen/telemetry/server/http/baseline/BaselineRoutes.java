package ai.pediscreen.telemetry.server.http.baseline;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.access.RequestAudit;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.BodyBytes;
import ai.pediscreen.telemetry.server.http.protocol.BodyFormat;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.QueryLimit;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.protocol.RequestBodies;
import ai.pediscreen.telemetry.server.http.query.DriftAnswers;
import ai.pediscreen.telemetry.server.http.query.UsageQuery;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.EOFException;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /baselines}, and {@code GET}, {@code PUT} and {@code DELETE /baselines/{name}} with
 * {@code model_id}, {@code feature} (the latency by default) and {@code org_id} (all together by
 * default).
 */
public final class BaselineRoutes {

  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String VALUES = "values";

  static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(JsonNode.class);

  private final DriftBaselines baselines;
  private final DailyAggregateStore days;
  private final DriftSettings watched;
  private final RequestBodies bodies;
  private final QueryLimit questions;
  private final RequestAudit audit;

  public BaselineRoutes(
      DriftBaselines baselines,
      DailyAggregateStore days,
      DriftSettings watched,
      RequestBodies bodies,
      QueryLimit questions,
      RequestAudit audit) {
    this.baselines = baselines;
    this.days = days;
    this.watched = watched;
    this.bodies = bodies;
    this.questions = questions;
    this.audit = audit;
  }

  public void list(Context ctx) {
    answer(ctx, 200, DriftAnswers.baselines(questions.ask(baselines::list)));
  }

  /** One with its values. */
  public void one(Context ctx) {
    String name = name(ctx);
    DriftSubject subject = subject(ctx);
    DriftBaseline baseline =
        questions.ask(baselines::list).stream()
            .filter(one -> one.name().equals(name) && one.subject().equals(subject))
            .findFirst()
            .orElseThrow(BaselineRoutes::unknown);
    answer(ctx, 200, BaselineDocument.json(baseline));
  }

  /**
   * Of stored days: {@code {"from": …, "to": …}}; of values: {@code {"values": […]}}; or what
   * {@link #one} answered.
   */
  public void put(Context ctx) throws EOFException {
    String name = name(ctx);
    DriftSubject subject = subject(ctx);
    try {
      BaselineWarnings.requireFeature(subject.feature());
    } catch (IllegalArgumentException e) {
      throw Problem.badParameter("feature " + e.getMessage() + ", or latency_ms").exception();
    }
    JsonNode body = body(ctx);
    DriftBaseline baseline = baseline(name, subject, body);
    List<String> warnings =
        questions.ask(
            () -> {
              baselines.put(baseline);
              return BaselineWarnings.of(
                  subject, watched, days, LocalDate.ofInstant(days.now(), ZoneOffset.UTC));
            });
    audit.enter(
        ctx,
        AuditAction.BASELINE_SET,
        subject.org().orgId(),
        AuditSelections.ofBaseline(name, subject),
        baseline.values().values().total());
    ObjectNode json = DriftAnswers.baseline(baseline);
    ArrayNode list = json.putArray("warnings");
    warnings.forEach(list::add);
    answer(ctx, 200, json);
  }

  public void delete(Context ctx) {
    String name = name(ctx);
    DriftSubject subject = subject(ctx);
    if (!questions.ask(() -> baselines.remove(name, subject))) {
      throw unknown();
    }
    audit.enter(
        ctx,
        AuditAction.BASELINE_REMOVED,
        subject.org().orgId(),
        AuditSelections.ofBaseline(name, subject),
        1);
    answer(ctx, 200, AnswerJson.object().put("status", "removed"));
  }

  private DriftBaseline baseline(String name, DriftSubject subject, JsonNode body) {
    if (body.has(BaselineDocument.DISTRIBUTION)) {
      try {
        return BaselineDocument.of(name, subject, body);
      } catch (IllegalArgumentException e) {
        throw invalid(BaselineDocument.DISTRIBUTION, String.valueOf(e.getMessage()));
      }
    }
    boolean ofValues = body.has(VALUES);
    Set<String> known = ofValues ? Set.of(VALUES) : Set.of(FROM, TO);
    if (body.properties().stream().anyMatch(field -> !known.contains(field.getKey()))) {
      throw invalid(
          "body", "must have from and to, or values, or a distribution, and no other field");
    }
    return ofValues
        ? ofValues(name, subject, body.path(VALUES))
        : ofDays(name, subject, date(body, FROM), date(body, TO));
  }

  private DriftBaseline ofDays(String name, DriftSubject subject, LocalDate from, LocalDate to) {
    try {
      DriftBaseline.requireDays(from, to);
    } catch (IllegalArgumentException e) {
      throw invalid(TO, String.valueOf(e.getMessage()));
    }
    DayValues values = questions.ask(() -> baselines.stored(subject, from, to));
    return baseline(FROM, name, subject, from, to, values);
  }

  private static DriftBaseline ofValues(String name, DriftSubject subject, JsonNode values) {
    if (!values.isArray()) {
      throw invalid(VALUES, "must be an array of numbers or texts");
    }
    try {
      return baseline(
          VALUES, name, subject, null, null, DayValues.ofValues(subject, decoded(values)));
    } catch (IllegalArgumentException e) {
      throw invalid(VALUES, String.valueOf(e.getMessage()));
    }
  }

  private static DriftBaseline baseline(
      String field,
      String name,
      DriftSubject subject,
      @Nullable LocalDate from,
      @Nullable LocalDate to,
      DayValues values) {
    try {
      return new DriftBaseline(name, subject, from, to, values);
    } catch (IllegalArgumentException e) {
      throw invalid(field, String.valueOf(e.getMessage()));
    }
  }

  private static List<Object> decoded(JsonNode values) {
    List<Object> decoded = new ArrayList<>(values.size());
    for (JsonNode value : values) {
      if (value.isNumber()) {
        decoded.add(value.decimalValue());
      } else {
        decoded.add(value.isBoolean() ? (Object) value.booleanValue() : textOf(value));
      }
    }
    return decoded;
  }

  private static String textOf(JsonNode value) {
    if (!value.isTextual()) {
      throw invalid(VALUES, "must be numbers, texts or booleans");
    }
    return value.textValue();
  }

  private static String name(Context ctx) {
    try {
      return DriftBaseline.requireName(ctx.pathParam("name"));
    } catch (IllegalArgumentException e) {
      throw Problem.badParameter(String.valueOf(e.getMessage())).exception();
    }
  }

  private static DriftSubject subject(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    String modelId = UsageQuery.modelId(parameters);
    if (modelId == null) {
      throw Problem.badParameter("model_id must be given").exception();
    }
    String feature = parameters.text("feature", DriftFeature.MAX_POINTER_LENGTH);
    OrgFilter org = UsageQuery.org(parameters, Caller.of(ctx));
    parameters.requireNothingIgnored();
    return new DriftSubject(org.scope(), modelId, feature == null ? DriftRecord.LATENCY : feature);
  }

  private JsonNode body(Context ctx) throws EOFException {
    try (BodyBudget.Lease lease = bodies.lease()) {
      BodyBytes body = bodies.read(ctx, lease);
      if (BodyFormat.of(ctx.header("Content-Type")) != BodyFormat.JSON) {
        throw Problem.of(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json")
            .exception();
      }
      JsonNode json = JSON.readTree(body.array(), 0, body.length());
      if (!json.isObject()) {
        throw invalid(
            "body", "must be an object with from and to, with values, or with a distribution");
      }
      return json;
    } catch (EOFException e) {
      throw e;
    } catch (IOException | NumberFormatException e) {
      // The parser throws the latter for an exponent of over nine digits.
      throw Problem.invalidJson("the body must be one valid JSON document").exception();
    }
  }

  private static LocalDate date(JsonNode body, String field) {
    JsonNode date = body.path(field);
    LocalDate day = date.isTextual() ? QueryParameters.parseDate(date.textValue()) : null;
    if (day == null) {
      throw invalid(field, "must be " + QueryParameters.DATE_RULE);
    }
    return day;
  }

  private static ProblemException unknown() {
    return Problem.of(404, "NOT_FOUND", "there is no such baseline").exception();
  }

  private static ProblemException invalid(String field, String rule) {
    return Problem.invalidFields(List.of(new FieldFault(field, rule))).exception();
  }

  private static void answer(Context ctx, int status, JsonNode json) {
    ctx.status(status).contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }
}

package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.daily.FeatureValues;
import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.job.Job;
import ai.pediscreen.telemetry.job.JobQueue;
import ai.pediscreen.telemetry.server.archive.CsvRow;
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
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.EOFException;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /aggregates/daily}, {@code GET /drift.csv}, {@code GET /drift/bins}, {@code POST
 * /jobs/daily-aggregates} and {@code GET /jobs/{id}}.
 */
public final class DayRoutes {

  /** What a question without {@code from} shows. */
  private static final int DEFAULT_DAYS = 30;

  private static final int MAX_DAYS = 400;

  /** More than 17 features of 21 groups have references. */
  private static final int MAX_DRIFT_OF_A_MODEL = 10_000;

  /** Some ten megabytes. */
  private static final int MAX_DRIFT_OF_A_FILE = 50_000;

  private static final int MAX_REQUEST_BYTES = 4_096;
  private static final String DATE = "date";
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private final DailyAggregateStore days;
  private final JobQueue jobs;
  private final RequestBodies bodies;
  private final QueryLimit questions;
  private final RequestAudit audit;

  public DayRoutes(
      DailyAggregateStore days,
      JobQueue jobs,
      RequestBodies bodies,
      QueryLimit questions,
      RequestAudit audit) {
    this.days = days;
    this.jobs = jobs;
    this.bodies = bodies;
    this.questions = questions;
    this.audit = audit;
  }

  public void aggregates(Context ctx) {
    DayFilter filter = filter(ctx);
    answer(
        ctx,
        200,
        questions.ask(() -> DayAnswers.aggregates(days.earlier(filter), days.aggregates(filter))));
  }

  /** The drift of some days as a table, newest first. */
  public void driftFile(Context ctx) {
    DayFilter filter = filter(ctx);
    List<DriftRecord> records = questions.ask(() -> days.drift(filter, MAX_DRIFT_OF_A_FILE + 1));
    if (records.size() > MAX_DRIFT_OF_A_FILE) {
      throw Problem.badParameter(
              "these days have more than %d records; ask for fewer, or for one model_id"
                  .formatted(MAX_DRIFT_OF_A_FILE))
          .exception();
    }
    audit.enter(
        ctx,
        AuditAction.FILE_GIVEN,
        filter.org().orgId(),
        AuditSelection.NONE
            .with("file", "drift.csv")
            .with("from", filter.from())
            .with("to", filter.to())
            .withText("model_id", filter.modelId()),
        records.size());
    ctx.contentType(CsvRow.CONTENT_TYPE)
        .header("Content-Disposition", "attachment; filename=\"drift.csv\"")
        .result(DriftFile.csv(records));
  }

  private DayFilter filter(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    LocalDate from = parameters.date("from");
    LocalDate to = parameters.date("to");
    OrgFilter org = UsageQuery.org(parameters, Caller.of(ctx));
    String modelId = UsageQuery.modelId(parameters);
    LocalDate last = to == null ? questions.ask(this::today) : to;
    LocalDate first = from == null ? last.minusDays(DEFAULT_DAYS - 1L) : from;
    if (first.isAfter(last)) {
      throw Problem.badParameter("from must not be after to, which is today by default")
          .exception();
    }
    if (ChronoUnit.DAYS.between(first, last) >= MAX_DAYS) {
      throw Problem.badParameter("from and to must span at most " + MAX_DAYS + " days").exception();
    }
    return new DayFilter(org, modelId, first, last);
  }

  /** What one drift record is made of. */
  public void driftBins(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    OrgFilter org = UsageQuery.org(parameters, Caller.of(ctx));
    LocalDate day = required(DATE, parameters.date(DATE));
    String modelId = required("model_id", UsageQuery.modelId(parameters));
    String feature = parameters.text("feature", DriftFeature.MAX_POINTER_LENGTH);
    DriftSubject subject =
        new DriftSubject(
            org.scope(),
            modelId,
            feature == null ? DriftRecord.LATENCY : feature,
            parameters.text("subgroup", FeatureValues.MAX_TEXT_LENGTH));
    DriftReference reference = reference(parameters);
    ObjectNode bins =
        questions
            .ask(() -> bins(day, subject, reference))
            .orElseThrow(
                () ->
                    Problem.of(404, "NOT_FOUND", "there is no such drift record, or it has expired")
                        .exception());
    answer(ctx, 200, bins);
  }

  private Optional<ObjectNode> bins(LocalDate day, DriftSubject subject, DriftReference reference) {
    return days
        .drift(
            new DayFilter(OrgFilter.of(subject.org()), subject.modelId(), day, day),
            MAX_DRIFT_OF_A_MODEL)
        .stream()
        .filter(one -> one.subject().equals(subject) && one.reference().equals(reference))
        .findFirst()
        .flatMap(
            record ->
                days.comparison(day, subject, reference)
                    .map(one -> DriftAnswers.bins(record, one.psi().bins())));
  }

  private static DriftReference reference(QueryParameters parameters) {
    String name = parameters.text("reference", DriftBaseline.MAX_NAME_LENGTH + 16);
    try {
      return name == null ? DriftReference.WEEK : new DriftReference(name);
    } catch (IllegalArgumentException e) {
      throw Problem.badParameter("reference must be week, weekdays or baseline:<name>").exception();
    }
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw Problem.badParameter(name + " must be given").exception();
    }
    return value;
  }

  public void submit(Context ctx) throws EOFException {
    LocalDate asked = requestedDate(ctx);
    LocalDate today = questions.ask(this::today);
    LocalDate day = asked == null ? today.minusDays(1) : asked;
    if (!day.isBefore(today)) {
      throw badDate("must be a day that is over, in UTC");
    }
    Job job = questions.ask(() -> jobs.submit(day));
    AuditSelection selection = AuditSelection.NONE.with("job", job.id()).with(DATE, day);
    audit.enter(ctx, AuditAction.JOB_REQUESTED, null, selection, 1);
    // The answer says queued, even if a worker has taken it by now.
    answer(ctx, 202, AnswerJson.object().put("job_id", job.id()).put("status", "queued"));
  }

  public void job(Context ctx) {
    Job job =
        questions
            .ask(() -> jobs.find(ctx.pathParam("id")))
            .orElseThrow(
                () ->
                    Problem.of(404, "NOT_FOUND", "there is no such job, or it has expired")
                        .exception());
    answer(ctx, 200, DayAnswers.job(job));
  }

  private @Nullable LocalDate requestedDate(Context ctx) throws EOFException {
    try (BodyBudget.Lease lease = bodies.lease()) {
      BodyBytes body = bodies.read(ctx, lease);
      if (body.length() == 0) {
        return null;
      }
      if (BodyFormat.of(ctx.header("Content-Type")) != BodyFormat.JSON) {
        throw Problem.of(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json")
            .exception();
      }
      if (body.length() > MAX_REQUEST_BYTES) {
        throw Problem.of(413, "BODY_TOO_LARGE", "the body must be at most 4 KiB").exception();
      }
      return date(json(body));
    }
  }

  private static JsonNode json(BodyBytes body) {
    try {
      return JSON.readTree(body.array(), 0, body.length());
    } catch (IOException e) {
      throw Problem.invalidJson("the body must be one valid JSON document").exception();
    }
  }

  private static @Nullable LocalDate date(JsonNode body) {
    if (!body.isObject()) {
      throw invalid("body", "must be an object");
    }
    JsonNode date = body.path(DATE);
    if (date.isMissingNode() || date.isNull()) {
      return null;
    }
    LocalDate day = date.isTextual() ? QueryParameters.parseDate(date.textValue()) : null;
    if (day == null) {
      throw badDate("must be " + QueryParameters.DATE_RULE);
    }
    return day;
  }

  private static ProblemException badDate(String rule) {
    return invalid(DATE, rule);
  }

  private static ProblemException invalid(String field, String rule) {
    return Problem.invalidFields(List.of(new FieldFault(field, rule))).exception();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(days.now(), ZoneOffset.UTC);
  }

  private static void answer(Context ctx, int status, JsonNode json) {
    ctx.status(status).contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }
}

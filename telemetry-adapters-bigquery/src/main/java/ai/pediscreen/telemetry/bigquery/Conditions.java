package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgScope;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a question is about: text for a WHERE clause, and the parameters that it names. Always
 * begins with a half-open interval of the column that partitions the table, so that nothing else is
 * read or paid for.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 */
final class Conditions {

  private final StringBuilder sql = new StringBuilder();
  private final Map<String, QueryParameterValue> parameters = new HashMap<>();

  private Conditions(String column, QueryParameterValue since, QueryParameterValue until) {
    sql.append("%1$s >= @since AND %1$s < @until".formatted(column));
    parameters.put("since", since);
    parameters.put("until", until);
  }

  /** Events from one instant until before another. */
  static Conditions events(Instant since, Instant until) {
    return new Conditions("timestamp", timestamp(since), timestamp(until));
  }

  /** Aggregates of the days from one to another, both included. */
  static Conditions days(LocalDate from, LocalDate to) {
    return new Conditions("date", date(from), date(to.plusDays(1)));
  }

  /** Events of one organisation, or all. */
  Conditions ofOrg(OrgFilter org) {
    return org.orgId() == null ? this : equal("org_id", org.orgId());
  }

  /** Figures of one organisation, or those of all together, which have none. */
  Conditions figuresOfOrg(OrgScope org) {
    return org.orgId() == null ? and("org_id IS NULL") : equal("org_id", org.orgId());
  }

  /** Of one model; of all if null. */
  Conditions ofModel(@Nullable String modelId) {
    return modelId == null ? this : equal("model_id", modelId);
  }

  Conditions and(String condition) {
    sql.append(" AND ").append(condition);
    return this;
  }

  /** Adds a parameter that the query names outside its conditions. */
  Conditions with(String name, QueryParameterValue value) {
    parameters.put(name, value);
    return this;
  }

  String sql() {
    return sql.toString();
  }

  Map<String, QueryParameterValue> parameters() {
    return parameters;
  }

  static QueryParameterValue timestamp(Instant instant) {
    return QueryParameterValue.timestamp(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
  }

  static QueryParameterValue timestamp(LocalDate day) {
    return timestamp(day.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private static QueryParameterValue date(LocalDate day) {
    return QueryParameterValue.of(day.toString(), StandardSQLTypeName.DATE);
  }

  private Conditions equal(String column, String value) {
    return and(column + " = @" + column).with(column, QueryParameterValue.string(value));
  }
}

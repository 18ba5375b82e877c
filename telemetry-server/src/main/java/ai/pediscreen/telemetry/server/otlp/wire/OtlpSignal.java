package ai.pediscreen.telemetry.server.otlp.wire;

import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Locale;

/**
 * What a request of OTLP is about. Its three kinds are built alike: groups by resource, in them
 * groups by scope, in them records.
 */
public enum OtlpSignal {
  TRACES("resourceSpans", "scopeSpans", "spans", "span", Span.getDefaultInstance()),
  LOGS("resourceLogs", "scopeLogs", "logRecords", "log record", LogRecord.getDefaultInstance()),
  METRICS("resourceMetrics", "scopeMetrics", "metrics", "metric", Metric.getDefaultInstance());

  /** In a request its groups, which each have a resource as field 1. */
  static final int GROUPS_FIELD = 1;

  static final int RESOURCE_FIELD = 1;

  /** In a group its scopes, and in a scope its records. */
  static final int SCOPES_FIELD = 2;

  static final int RECORDS_FIELD = 2;

  private final String groupsName;
  private final String scopesName;
  private final String recordsName;
  private final String noun;

  @SuppressWarnings("ImmutableEnumChecker") // messages do not change
  private final Message empty;

  OtlpSignal(String groupsName, String scopesName, String recordsName, String noun, Message empty) {
    this.groupsName = groupsName;
    this.scopesName = scopesName;
    this.recordsName = recordsName;
    this.noun = noun;
    this.empty = empty;
  }

  /** The name in paths and labels. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** One of its records, in words. */
  public String noun() {
    return noun;
  }

  public String groupsName() {
    return groupsName;
  }

  public String scopesName() {
    return scopesName;
  }

  public String recordsName() {
    return recordsName;
  }

  Message.Builder newRecord() {
    return empty.newBuilderForType();
  }
}
